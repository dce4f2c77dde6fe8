// The outbound queue: messages from posting to the moment nobody asks for them any more. Posted work stays until its completion
// is polled; a READ response until it is acknowledged.
//
// A message gets its PSNs when its first packet's turn comes. READ responses go before posted work, and a READ waits while as
// many are unanswered as the peer answers at once: were it otherwise, two ends could each wait for the other's responses.
// A message's id is the number of its slot, so an id that comes back finds its message without a search; a slot is used again
// only when every packet of its message has been acknowledged, hence taken by the peer. All messages are
// linked in the order of posting.
// Bounds: `works` posted messages, `responses` READ responses; at most 32767 together.
#pragma once

#include <cstdint>
#include <memory>

#include "base/check.hh"
#include "base/id.hh"
#include "transport/uet/psn.hh"
#include "transport/uet/work.hh"

namespace weft::uet {

enum class OutboundKind : std::uint8_t { write, read, send, tagged_send, response, close };

struct OutboundMessage {
  Sequence first = 0;         // meaningful once it has begun
  std::uint32_t packets = 0;  // 0: the slot is free
  std::uint32_t acknowledged = 0;
  std::uint64_t address = 0;  // local: source, or a READ's destination
  std::uint32_t length = 0;
  BufferId region{};
  std::uint32_t received = 0;  // READ: bytes of the response
  OutboundKind kind = OutboundKind::write;
  Status status = Status::success;
  bool done = false;      // its completion stands in the list of the finished
  bool released = false;  // nobody asks for it any more
  std::uint16_t resource_index = 0;
  std::uint16_t next = 0, previous = 0, next_unsent = 0;  // slots
  std::uint32_t initiator = 0;
  std::uint64_t remote_address = 0;
  std::uint64_t key = 0;  // a response: the READ's message id
  std::uint64_t header_data = 0;
  std::uint64_t id = 0;

  [[nodiscard]] Sequence end() const { return first + packets; }
  [[nodiscard]] bool acknowledged_whole() const { return acknowledged == packets; }
  [[nodiscard]] bool is_work() const { return kind <= OutboundKind::tagged_send; }
};

class OutboundQueue {
 public:
  static constexpr std::uint16_t none = 0xffff;

  void reset(std::uint32_t works, std::uint32_t responses) {
    CHECK(works + responses <= 32767, "works", works, "responses", responses);
    slots_ = static_cast<std::uint16_t>(works + responses + 1);  // one for CLOSE
    if (slots_ > allocated_) {
      messages_ = std::make_unique<OutboundMessage[]>(slots_);
      finished_ = std::make_unique<std::uint16_t[]>(slots_);
      allocated_ = slots_;
    }
    for (std::uint16_t i = 0; i < slots_; ++i) messages_[i].next = static_cast<std::uint16_t>(i + 1);
    messages_[slots_ - 1U].next = none;
    free_ = 0;
    first_ = last_ = none;
    forget_unsent();
    works_left_ = static_cast<std::uint16_t>(works);
    responses_left_ = static_cast<std::uint16_t>(responses);
    unfinished_ = polled_ = finished_count_ = 0;
  }
  [[nodiscard]] bool room_for_work() const { return works_left_ > 0; }
  [[nodiscard]] bool room_for_response() const { return responses_left_ > 0; }
  [[nodiscard]] bool room_for_close() const { return free_ != none; }
  [[nodiscard]] std::uint16_t first() const { return first_; }
  [[nodiscard]] std::uint16_t last() const { return last_; }
  OutboundMessage& at(std::uint16_t slot) { return messages_[slot]; }
  [[nodiscard]] const OutboundMessage& at(std::uint16_t slot) const { return messages_[slot]; }
  [[nodiscard]] std::uint16_t slot_of(const OutboundMessage& m) const { return static_cast<std::uint16_t>(&m - messages_.get()); }
  // Asks the memory for the message in that slot, if any.
  [[gnu::always_inline]] inline void fetch(std::uint16_t slot) const {
    if (slot == none) return;
    const OutboundMessage* message = messages_.get() + slot;
    __builtin_prefetch(message, 1);
    __builtin_prefetch(&message->id);
  }
  // Precondition: there is room for its kind.
  void push(const OutboundMessage& message) {
    const std::uint16_t slot = free_;
    OutboundMessage& m = at(slot);
    free_ = m.next;
    m = message;
    m.next = none;
    m.previous = last_;
    (last_ == none ? first_ : at(last_).next) = slot;
    last_ = slot;
    if (m.is_work()) {
      --works_left_;
      ++unfinished_;
    }
    if (m.kind == OutboundKind::response) --responses_left_;
    push_unsent(slot);
  }
  // The message whose turn it is, out of the line of the unsent; none when there is none that may be sent.
  std::uint16_t take_unsent(bool reads_too) {
    Line& line = responses_.first != none ? responses_ : works_;
    const std::uint16_t slot = line.first;
    if (slot == none || (!reads_too && at(slot).kind == OutboundKind::read)) return none;
    line.first = at(slot).next_unsent;
    if (line.first == none) line.last = none;
    return slot;
  }
  [[nodiscard]] bool any_unsent() const { return responses_.first != none || works_.first != none; }
  void push_unsent(std::uint16_t slot) {
    OutboundMessage& m = at(slot);
    Line& line = m.kind == OutboundKind::response ? responses_ : works_;
    m.next_unsent = none;
    (line.last == none ? line.first : at(line.last).next_unsent) = slot;
    line.last = slot;
  }
  void forget_unsent() { responses_ = works_ = {}; }
  // The posted READ that waits for its data under this id; nullptr when there is none.
  OutboundMessage* read(std::uint16_t message_id) {
    OutboundMessage* m = unfinished(message_id);
    return m != nullptr && m->kind == OutboundKind::read ? m : nullptr;
  }
  // The posted message with this id that is not finished; nullptr when there is none.
  OutboundMessage* unfinished(std::uint16_t message_id) {
    if (message_id >= slots_) return nullptr;
    OutboundMessage& m = at(message_id);
    return m.is_work() && !m.done && m.packets != 0 ? &m : nullptr;
  }
  void finish(OutboundMessage& m, Status status) {
    m.done = true;
    m.status = status;
    if (m.is_work()) {
      --unfinished_;
      std::uint32_t at_end = polled_ + finished_count_++;
      if (at_end >= slots_) at_end -= slots_;
      finished_[at_end] = slot_of(m);
      return;
    }
    m.released = true;
    settle(m);
  }
  [[nodiscard]] bool all_finished() const { return unfinished_ == 0; }
  bool poll(Completion& out) {
    if (finished_count_ == 0) return false;
    OutboundMessage& m = at(finished_[polled_]);
    --finished_count_;
    if (++polled_ == slots_) polled_ = 0;
    out = Completion{};
    out.id = m.id;
    out.kind = static_cast<WorkKind>(m.kind);
    out.status = m.status;
    if (m.status == Status::success) out.bytes = Bytes{m.length};
    m.released = true;
    settle(m);
    return true;
  }
  // To be called when the last packet of `m` is acknowledged: its slot may be free again.
  void settle(OutboundMessage& m) {
    if (!m.released || !m.acknowledged_whole() || m.packets == 0) return;
    (m.previous == none ? first_ : at(m.previous).next) = m.next;
    (m.next == none ? last_ : at(m.next).previous) = m.previous;
    if (m.is_work()) ++works_left_;
    if (m.kind == OutboundKind::response) ++responses_left_;
    m.packets = m.acknowledged = 0;
    m.next = free_;
    free_ = slot_of(m);
  }

 private:
  struct Line {
    std::uint16_t first = none, last = none;
  };
  std::unique_ptr<OutboundMessage[]> messages_;
  std::unique_ptr<std::uint16_t[]> finished_;  // slots in the order of completion
  std::uint32_t polled_ = 0, finished_count_ = 0;
  std::uint32_t unfinished_ = 0;
  std::uint16_t slots_ = 0, allocated_ = 0;
  std::uint16_t free_ = none, first_ = none, last_ = none;
  Line responses_, works_;  // unsent
  std::uint16_t works_left_ = 0, responses_left_ = 0;
};

}  // namespace weft::uet
