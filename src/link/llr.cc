#include "link/llr.hh"

#include <algorithm>

#include "base/wire_clock.hh"

namespace weft {

Duration llr_loop(const LlrLink& link, Bytes spacing) {
  const WireClock clock(link.rate);
  const Bytes sent{2 * link.full_frame.v + spacing.v + control_set_offset.v + control_set_bytes.v};
  return link.flight + link.flight_back + clock.estimate(sent);
}

LlrLimits llr_limits(const LlrParameters& parameters, const LlrLink& link) {
  const Duration loop = llr_loop(link, parameters.spacing);
  LlrLimits limits;
  const auto in_loop = static_cast<std::int64_t>(static_cast<__int128>(loop.v) * link.rate.v / 8 / ps_per_second) + 1;
  limits.bytes = parameters.outstanding_bytes.value_or(Bytes{in_loop + 2 * link.full_frame.v});
  const std::int64_t smallest = limits.bytes.v / smallest_frame_on_wire.v + 1;
  limits.frames = parameters.outstanding_frames.value_or(static_cast<std::uint32_t>(std::min<std::int64_t>(smallest, llr_most_frames)));
  limits.timer = parameters.replay_timer.value_or(loop * 2);
  limits.replays = parameters.replay_count;
  limits.re_init_on_flush = parameters.re_init_on_flush;
  return limits;
}

}  // namespace weft
