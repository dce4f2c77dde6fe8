// EgressPort: one direction of a link as its sender sees it: the wire, the queues of its classes, what is paused, and what is
// still in the sender's buffer because its last bit has not left.
//
// Sizes are bytes on the wire. The first 64 bytes are all that an unloaded port touches.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/random.hh"
#include "base/units.hh"
#include "base/wire_clock.hh"
#include "core/record.hh"
#include "core/ring.hh"
#include "fabric/class_table.hh"
#include "fabric/ecn_marker.hh"
#include "fabric/link_layer.hh"
#include "fabric/queue_sizes.hh"
#include "link/bit_errors.hh"
#include "link/loss.hh"

namespace weft {

struct ClassQueue {
  [[no_unique_address]] Ring ring;
  std::uint32_t bytes = 0, most_bytes = 0;
  std::uint32_t limit = QueueSizes::no_limit;  // of a lossy class: what waits and what is being sent
};
static_assert(sizeof(ClassQueue) == 32);

struct DownInterval {
  Time down{}, up{};
};

struct PortCounters {
  std::uint64_t drops_buffer = 0, drops_loss = 0, drops_down = 0;
  std::uint64_t trims = 0;  // packets cut because this port had no room for them
  std::uint64_t ecn_marks = 0, pauses_sent = 0, pause_refreshes = 0, pauses_received = 0;
  std::uint64_t lost_bytes = 0;
  std::uint64_t corrupted = 0;        // frames hit by bit errors
  std::uint64_t drops_corrupted = 0;  // of them, lost for good
  Duration paused{};
};

enum class Damage : std::uint8_t { none, loss, bits };    // what a link did to a frame
enum class PortLoss : std::uint8_t { down, loss, bits };  // why a frame is gone

// Deficit round robin: what each slot may still send in its turn.
struct Deficits {
  std::array<std::uint32_t, most_slots> bytes{};
  std::uint8_t last = 0;  // the slot served last
};

[[nodiscard]] constexpr std::array<Time, most_slots> no_times() {
  std::array<Time, most_slots> times{};
  for (Time& t : times) t = Time::never();
  return times;
}

// What the common case never reads.
struct PortDetail {
  Duration link_delay{};  // without the receiver's latency
  Duration response{};    // pfc_response
  Duration quantum{};     // 512 bit times
  Random random{};
  LossProcess loss;
  BitErrors bit_errors;
  Random loss_random{};
  Bytes gap{};                     // of a frame's bytes on the wire, those that no bit error hurts
  std::vector<DownInterval> down;  // sorted; frames that overlap one are lost
  std::size_t next_down = 0;
  struct DownLoss {
    std::uint64_t frames = 0;
    Time last{};  // when the last of them was sent
  };
  std::vector<DownLoss> down_losses;      // by interval of `down`
  std::vector<std::uint32_t> hurt_flows;  // that lost packets to it; as many as were reserved
  PortCounters counters;
  std::array<Time, most_slots> pause_until{};                 // meaningful while the slot's bit is in paused_mask
  std::array<Time, most_slots> pause_end_armed = no_times();  // the earliest event that stands for it
  std::array<Time, most_slots> paused_since{};
  std::array<std::uint16_t, most_slots> pause_quanta{};  // of PFC frames waiting to leave; see pause_pending
  std::uint8_t pause_pending = 0;                        // bit s: a PFC frame for slot s waits
  std::uint8_t pfc_paused = 0;                           // bit s: paused by PFC; with a link layer, paused_mask may say more
  std::unique_ptr<LinkLayer> layer;                      // null: none
  Deficits deficits;

  // Draws what becomes of a frame, of an ordered set, on a link that is lossy.
  [[nodiscard]] Damage damage(std::uint32_t wire_bytes);
  [[nodiscard]] bool damages_set();
  // A frame sent at `start` is lost because the link is down.
  void lost_to_down(const Record& record, Time start);
};

struct alignas(64) EgressPort {
  static constexpr std::uint8_t up = 1, lossy = 2, scheduled = 4, tapped = 8, traced = 16, control_pending = 32, to_host = 64,
                                layered = 128;

  Time free_at{};     // the last bit of the frame in service leaves then
  Duration flight{};  // delay plus the receiver's latency
  WireClock clock;
  std::uint64_t hash = 0;           // over every departure
  std::uint32_t link = 0;           // directed
  std::uint32_t serving_bytes = 0;  // still charged to the buffer; 0: nothing is
  std::uint8_t queued_mask = 0;     // bit s: slot s has something to send
  std::uint8_t paused_mask = 0;
  std::uint8_t flags = up;
  std::uint8_t serving_slot = 0;
  std::uint16_t peer_owner = 0;  // thread of the receiving node
  std::uint16_t serving_in_port = 0;

  std::uint64_t packets = 0, bytes = 0;
  EcnMarker marker;  // asked for every packet that may be marked

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool backlogged() const { return has(control_pending) || (has(up) && (queued_mask & ~paused_mask) != 0); }
  [[nodiscard]] bool busy() const { return serving_bytes != 0 || queued_mask != 0 || has(control_pending); }
};

// True when a frame on the wire during [start, end] meets an interval in which the link is down. Called in order of start.
bool meets_down(PortDetail& detail, Time start, Time end);

// The slot to serve next among `eligible` (a non-empty mask of slots whose head frames have `head_bytes`).
[[nodiscard]] std::uint8_t choose_slot(const ClassTable& classes, std::uint8_t eligible, Deficits& deficits,
                                       const std::array<std::uint32_t, most_slots>& head_bytes);

}  // namespace weft
