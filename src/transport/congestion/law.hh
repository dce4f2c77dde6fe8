// CongestionLaw: the seam between a transport and its congestion control. A law answers one question, how fast may this
// connection send now, from what it is told: packets sent and congestion notifications. To add one: one file, one line in
// AnyCongestion and one in make_congestion().
//
//   paced()            false: rate() is the line rate for ever, and the transport need not ask again
//   on_cnp(now)        a congestion notification packet arrived
//   on_sent(now, n)    n bytes went onto the wire
//   rate(now)          bits per second from now on; timers due up to `now` are caught up here, so an idle law has no deadline
#pragma once

#include <concepts>

#include "base/units.hh"
#include "engine/digest.hh"

namespace weft::congestion {

template <class L>
concept CongestionLaw = requires(L law, const L constant, Time now, Bytes size, Digest& digest) {
  { constant.paced() }
  noexcept->std::same_as<bool>;
  { law.on_cnp(now) }
  noexcept;
  { law.on_sent(now, size) }
  noexcept;
  { law.rate(now) }
  noexcept->std::same_as<Rate>;
  { constant.digest(digest) }
  noexcept;
};

}  // namespace weft::congestion
