// Parameters of link-level retry (LLR), and what of its defaults follows from a link.
//
// Replay buffer: R * (2 * delay + PHY/FEC + ACK spacing) / 8, plus two full frames: the one whose acknowledgement is awaited and
// the one that is being sent count from their first bit. The fixed latencies of both receivers stand for PHY and FEC.
// Replay timer: twice the time in which every acknowledgement comes. Frames in the buffer: as many of 64 bytes as it takes.
// Units: bytes on the wire, picoseconds. Source: fabric.md 2.9 (LLR profile); timer and frames: project profile.
#pragma once

#include <cstdint>
#include <optional>

#include "base/units.hh"

namespace weft {

// What becomes of frames while LLR is not running: sent unprotected, kept back, or dropped.
enum class LlrFrameAction : std::uint8_t { best_effort, block, discard };

struct LlrParameters {
  bool enabled = false;                             // on links of the network that do not say otherwise
  std::optional<Bytes> outstanding_bytes;           // OUTSTANDING_BYTES_MAX
  std::optional<std::uint32_t> outstanding_frames;  // OUTSTANDING_FRAMES_MAX
  std::optional<Duration> replay_timer;             // REPLAY_TIMER_MAX
  std::uint32_t replay_count = 1;                   // REPLAY_COUNT_MAX: by the timer, without an answer in between
  LlrFrameAction init_action = LlrFrameAction::best_effort, flush_action = LlrFrameAction::best_effort;
  bool re_init_on_flush = false;
  Bytes spacing{2048};  // CTLOS_TARGET_SPACING
  bool operator==(const LlrParameters&) const = default;
};

inline constexpr std::uint32_t llr_most_frames = 1U << 19;  // half of the sequence space
inline constexpr Bytes control_set_bytes{8};                // one 66b block
inline constexpr Bytes control_set_offset{256};             // of a frame that must have left before a set cuts into it
inline constexpr Bytes smallest_frame_on_wire{84};

// A link as LLR sees it.
struct LlrLink {
  Rate rate{};
  Duration flight{}, flight_back{};  // delays and the receivers' latencies
  Bytes full_frame{};
};

// From the first bit of a frame until its acknowledgement has come, at most.
[[nodiscard]] Duration llr_loop(const LlrLink& link, Bytes spacing);

// One transmitter's own.
struct LlrLimits {
  Bytes bytes{};
  std::uint32_t frames = 0;
  Duration timer{};
  std::uint32_t replays = 1;
  bool re_init_on_flush = false;
};
[[nodiscard]] LlrLimits llr_limits(const LlrParameters& parameters, const LlrLink& link);

}  // namespace weft
