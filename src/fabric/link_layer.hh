// LinkLayer: what a port has when a link-layer protocol runs on its link: the state of link-level retry in both directions, the
// frames kept for a replay, and the ordered sets that wait to cut into the wire.
//
// An ordered set is one 66b block of 8 bytes. It goes at once when the wire is free, else it cuts into the frame that is being
// sent, at least 256 bytes behind its first bit; ordered sets stand at least `spacing` apart. What was cut ends 8 bytes later for
// whatever comes behind it; its own last bit is not moved (project profile). PFC does not hold ordered sets back.
// Source: link/llr_transmitter.hh, link/llr_receiver.hh; fabric.md 2.9.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/units.hh"
#include "fabric/class_table.hh"
#include "fabric/replay_queue.hh"
#include "link/cbfc_receiver.hh"
#include "link/cbfc_sender.hh"
#include "link/llr_receiver.hh"
#include "link/llr_transmitter.hh"
#include "wire/control_ordered_set.hh"

namespace weft {

struct LinkCounters {
  std::uint64_t replays = 0, replayed_frames = 0;  // by NACK or timer; frames sent again
  std::uint64_t nacks = 0;                         // received
  std::uint64_t timeouts = 0;                      // replays by the timer
  std::uint64_t discards = 0;                      // frames received that were damaged or out of order
  std::uint64_t sets = 0, sets_lost = 0;           // ordered sets sent; of them, lost on the link
  std::uint64_t flushes = 0, flushed_frames = 0;   // frames given up without an acknowledgement
  std::uint64_t drops_init = 0;                    // frames dropped because LLR was not running
  std::uint64_t credit_updates = 0;                // CC_Update frames sent
  std::uint64_t credits_healed = 0;                // of lost packets, by CC_Updates received
  Duration credit_blocked{};                       // of any class, for want of credits
};

class LinkLayer {
 public:
  bool llr_out = false, llr_in = false;  // LLR protects what this port sends, what it receives
  LlrFrameAction init_action = LlrFrameAction::best_effort, flush_action = LlrFrameAction::best_effort;
  LlrTransmitter tx;
  LlrReceiver rx;
  ReplayQueue kept;
  bool init_due = false, echo_due = false;
  Bytes full_frame{};
  std::uint32_t peer_node = 0, peer_port = 0;
  Duration spacing{};                                           // between ordered sets
  Duration offset{};                                            // of a frame that must have left
  Time frame_start{};                                           // of the frame sent last
  Time set_sent = Time{-Time::never().ps};                      // the last ordered set
  Time set_armed = Time::never(), timer_armed = Time::never();  // the events that stand
  LinkCounters counters;

  bool cbfc = false;  // credits in both directions
  CreditCost cost;
  std::uint8_t channels = 0;        // bit s: slot s is a VC
  std::uint8_t credit_blocked = 0;  // bit s: has no credits for a full frame
  std::uint8_t repeats = 0;         // bit s: its last CF_Update is to be sent again, unless a newer one comes
  std::uint8_t repeat_due = 0;      // bit s: now
  bool credit_update_due = false;   // a CC_Update waits for the wire
  std::array<CbfcSender, most_slots> credits;
  std::array<CbfcReceiver, most_slots> freed;
  std::array<Time, most_slots> blocked_since{};
  Duration credit_spacing{}, credit_most_spacing{}, credit_timer{};
  Time credits_told = Time{-Time::never().ps};  // the last CF_Update
  Time repeat_armed = Time::never(), credit_timer_armed = Time::never();

  // Slots of which a CF_Update is due.
  [[nodiscard]] std::uint8_t news() const {
    std::uint8_t mask = repeat_due;
    for (std::uint8_t s = 0; s < most_slots; ++s) mask |= static_cast<std::uint8_t>((freed[s].has_news() ? 1U : 0U) << s);
    return mask;
  }
  [[nodiscard]] bool llr_set_due() const { return init_due || echo_due || (llr_in && rx.answer() != LlrAnswer::none); }
  [[nodiscard]] bool has_set() const { return llr_set_due() || (cbfc && news() != 0); }
  // The ordered set to send now; has_set().
  [[nodiscard]] wire::ControlOrderedSet take_set(Time now) {
    wire::ControlOrderedSet set;
    if (!llr_set_due()) return take_credits(now);
    if (init_due) {
      init_due = false;
      set.type = wire::ControlSet::init;
    } else if (echo_due) {
      echo_due = false;
      set.type = wire::ControlSet::init_echo;
    } else {
      set.type = rx.answer() == LlrAnswer::nack ? wire::ControlSet::nack : wire::ControlSet::ack;
      set.number = rx.last_good();
      rx.told();
    }
    return set;
  }
  // When an ordered set may go, no sooner than now; `free_at`: of the wire.
  [[nodiscard]] Time earliest(Time now, Time free_at) const {
    const Time apart = std::max({now, set_sent + spacing, llr_set_due() ? now : credits_told + credit_spacing});
    if (free_at <= apart) return apart;
    return std::max(apart, std::min(free_at, frame_start + offset));
  }
  [[nodiscard]] wire::ControlOrderedSet take_credits(Time now) {
    const auto slot = static_cast<std::uint8_t>(std::countr_zero(news()));
    const auto bit = static_cast<std::uint8_t>(1U << slot);
    repeats = static_cast<std::uint8_t>((repeat_due & bit) != 0 ? repeats & ~bit : repeats | bit);
    repeat_due = static_cast<std::uint8_t>(repeat_due & ~bit);
    freed[slot].told();
    credits_told = now;
    wire::ControlOrderedSet set;
    set.type = wire::ControlSet::credits_freed;
    set.channel = slot;
    set.number = freed[slot].freed();
    return set;
  }
  // What LLR does to frames that are not under its protection.
  [[nodiscard]] LlrFrameAction unprotected() const {
    if (!llr_out || tx.protects()) return LlrFrameAction::best_effort;
    return tx.state() == LlrTxState::flush ? flush_action : init_action;
  }
  // No new frame may be sent.
  [[nodiscard]] bool closed() const {
    if (!llr_out) return false;
    return tx.protects() ? !tx.has_room(full_frame) : unprotected() == LlrFrameAction::block;
  }
};

}  // namespace weft
