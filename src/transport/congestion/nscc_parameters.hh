// NsccParameters: what NSCC connections of one line rate have in common, worked out once; a connection keeps a reference.
//
// With BDP = line * base RTT, a = BDP / (100 Gb/s * 12 us) and Tq the target queueing delay (3/4 base RTT with trimming, else
// the base RTT):
//   proportional  4 MSS a b / Tq with b = Tq / 12 us, so 4 MSS a / 12 us   bytes of increment per acked byte and picosecond
//   fair          5 MSS a      bytes of increment per acked byte (an increment is divided by the window when it is applied)
//   fast          a / 4        bytes of window per acked byte
//   eta           0.15 MSS a   bytes a period, at least 1
//   window        one packet to 1.5 BDP, at most 2^32 - 1 bytes (project profile); it starts at the largest
//   quick adapt   delay above 4 Tq, less than the largest window / 2^gate achieved, gate 3
//   adjust        each base RTT, or after 8 packets
// Units: bytes, picoseconds; gains are fractions of 2^32. MSS is the payload of a full packet; `packet` is the same packet as
// the window counts it, headers and all.
// Source: UE 1.0 section on NSCC, with the constants of uet-htsim, the UEC group's public simulator.
#pragma once

#include <cstdint>

#include "base/units.hh"

namespace weft::congestion {

struct NsccSettings {
  Rate line{100'000'000'000};
  Duration base_rtt{12'000'000};  // of an empty network: a full packet one way, an ACK the other
  Bytes packet{4160};
  Bytes payload{4096};
  bool trimming = true;
  bool receiver_credit = false;  // RCCC runs too: a trim at the last hop is the receiver's business
  Duration target{0};            // Tq; 0 = by the rule above
  std::uint32_t gate = 3;
  Bytes first_window{0};  // 0 = the largest
};

struct NsccParameters {
  Rate line;
  Duration base_rtt;  // as configured; a connection keeps the least it has seen
  Duration target;    // Tq
  Duration quick_adapt_delay;
  Duration fast_below;
  std::int64_t proportional;  // gains: 2^-32
  std::int64_t fair;
  std::int64_t fast;
  Bytes eta;
  Bytes packet;  // the least window too
  Bytes adjust_bytes;
  Bytes first_window;
  std::uint32_t gate;
  bool receiver_credit;

  // 1.5 * line * rtt in bytes.
  [[nodiscard]] std::uint32_t largest_window(Duration rtt) const noexcept;
};

NsccParameters make_nscc_parameters(const NsccSettings& settings);

}  // namespace weft::congestion
