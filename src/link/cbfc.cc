#include "link/cbfc.hh"

#include <algorithm>

#include "base/wire_clock.hh"

namespace weft {

std::uint32_t cbfc_credits(const CbfcParameters& parameters, const CbfcLink& link, const CreditCost& cost) {
  std::int64_t bytes = 0;
  if (parameters.credits) {
    bytes = parameters.credits->v;
  } else {
    const Duration loop = link.flight + link.flight_back + WireClock(link.rate).estimate(parameters.spacing);
    const auto product = static_cast<std::int64_t>(static_cast<__int128>(loop.v) * link.rate.v / 8 / ps_per_second);
    const std::uint32_t full = cost.of(static_cast<std::uint32_t>(link.full_frame.v));
    // In whole frames: a credit that a frame only begins is spent.
    bytes = (product / link.full_frame.v + 5) * full * parameters.credit_size.v;
  }
  return static_cast<std::uint32_t>(std::min<std::int64_t>(most_credits / 2, bytes / parameters.credit_size.v));
}

Bytes cbfc_room(const CbfcParameters& parameters, std::uint32_t credits, Bytes gap) {
  const std::int64_t uncounted = std::max<std::int64_t>(0, (gap - parameters.overhead).v);
  return {credits * (parameters.credit_size.v + uncounted)};
}

}  // namespace weft
