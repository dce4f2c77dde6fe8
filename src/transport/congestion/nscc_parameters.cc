#include "transport/congestion/nscc_parameters.hh"

#include <algorithm>
#include <limits>

#include "base/check.hh"

namespace weft::congestion {

namespace {

constexpr std::int64_t reference_bdp = 150'000;  // 100 Gb/s * 12 us
constexpr Duration reference_rtt{12'000'000};

// Truncated, as the reference does.
Bytes bandwidth_delay(Rate line, Duration rtt) {
  return Bytes{static_cast<std::int64_t>(static_cast<__int128>(line.v) * rtt.v / (8 * static_cast<__int128>(ps_per_second)))};
}

std::int64_t gain(__int128 numerator, __int128 denominator) { return static_cast<std::int64_t>((numerator << 32) / denominator); }

}  // namespace

std::uint32_t NsccParameters::largest_window(Duration rtt) const noexcept {
  const std::int64_t bytes = bandwidth_delay(line, rtt).v * 3 / 2;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(bytes, packet.v, std::numeric_limits<std::uint32_t>::max()));
}

NsccParameters make_nscc_parameters(const NsccSettings& s) {
  CHECK(s.line.v > 0 && s.base_rtt.v > 0, "line", s.line.v, "base_rtt", s.base_rtt.v);
  CHECK(s.payload.v > 0 && s.packet >= s.payload && s.packet.v <= 65'536, "payload", s.payload.v, "packet", s.packet.v);
  CHECK(s.gate < 32 && s.target.v >= 0, "gate", s.gate, "target", s.target.v);
  const std::int64_t bdp = bandwidth_delay(s.line, s.base_rtt).v;
  const __int128 mss_bdp = static_cast<__int128>(s.payload.v) * bdp;
  NsccParameters p{};
  p.line = s.line;
  p.base_rtt = s.base_rtt;
  p.target = s.target;
  if (p.target.v == 0) p.target = s.trimming ? s.base_rtt * 3 / 4 : s.base_rtt;
  p.quick_adapt_delay = p.target * 4;
  p.fast_below = Duration{1'000'000};
  p.proportional = gain(4 * mss_bdp, static_cast<__int128>(reference_bdp) * reference_rtt.v);
  p.fair = gain(5 * mss_bdp, reference_bdp);
  p.fast = gain(bdp, 4 * reference_bdp);
  p.eta = Bytes{std::max<std::int64_t>(1, static_cast<std::int64_t>(15 * mss_bdp / (100 * reference_bdp)))};
  p.packet = s.packet;
  p.adjust_bytes = s.packet * 8;
  p.gate = s.gate;
  p.receiver_credit = s.receiver_credit;
  const Bytes largest{p.largest_window(s.base_rtt)};
  p.first_window = s.first_window.v == 0 ? largest : std::clamp(s.first_window, s.packet, largest);
  return p;
}

}  // namespace weft::congestion
