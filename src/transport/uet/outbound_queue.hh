// The outbound queue: messages in the order in which their PSNs were assigned, from posting to the moment nobody asks for them
// any more. Posted work stays until its completion is polled; a READ response until it is acknowledged.
//
// A message's id is the low 16 bits of its place in the queue, so an id that comes back finds its message without a search.
// Bounds: `works` posted messages, `responses` READ responses; at most 32768 together.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "base/check.hh"
#include "base/id.hh"
#include "transport/uet/psn.hh"
#include "transport/uet/work.hh"

namespace weft::uet {

enum class OutboundKind : std::uint8_t { write, read, send, tagged_send, response, close };

struct OutboundMessage {
  Sequence first = 0;
  Sequence end = 0;           // one past the last packet
  std::uint64_t address = 0;  // local: source, or a READ's destination
  std::uint32_t length = 0;
  BufferId region{};
  std::uint32_t acknowledged = 0;  // packets
  std::uint32_t received = 0;      // READ: bytes of the response
  OutboundKind kind = OutboundKind::write;
  Status status = Status::success;
  bool done = false;      // its completion stands in the list of the finished
  bool released = false;  // its slot may be used again
  std::uint16_t resource_index = 0;
  std::uint16_t message_id = 0;  // given by the queue
  std::uint32_t initiator = 0;
  std::uint64_t remote_address = 0;
  std::uint64_t key = 0;  // a response: the READ's message id
  std::uint64_t header_data = 0;
  std::uint64_t id = 0;

  [[nodiscard]] bool acknowledged_whole() const { return acknowledged == end - first; }
  [[nodiscard]] bool is_work() const { return kind <= OutboundKind::tagged_send; }
};

class OutboundQueue {
 public:
  void reset(std::uint32_t works, std::uint32_t responses) {
    const std::uint32_t wanted = works + responses;
    CHECK(wanted <= 32768, "works", works, "responses", responses);
    const std::uint32_t slots = std::bit_ceil(wanted + 1);  // one for CLOSE
    if (slots > allocated_) {
      messages_ = std::make_unique<OutboundMessage[]>(slots);
      finished_ = std::make_unique<std::uint32_t[]>(slots);
      allocated_ = slots;
    }
    mask_ = slots - 1;
    most_works_ = works;
    most_responses_ = responses;
    works_ = responses_ = head_ = tail_ = polled_ = finished_end_ = 0;
  }
  [[nodiscard]] bool room_for_work() const { return works_ < most_works_ && tail_ - head_ <= mask_; }
  [[nodiscard]] bool room_for_response() const { return responses_ < most_responses_ && tail_ - head_ <= mask_; }
  [[nodiscard]] bool room() const { return tail_ - head_ <= mask_; }
  [[nodiscard]] std::uint32_t head() const { return head_; }
  [[nodiscard]] std::uint32_t tail() const { return tail_; }
  OutboundMessage& at(std::uint32_t index) { return messages_[index & mask_]; }
  [[nodiscard]] const OutboundMessage& at(std::uint32_t index) const { return messages_[index & mask_]; }
  void push(const OutboundMessage& message) {
    at(tail_) = message;
    at(tail_).message_id = static_cast<std::uint16_t>(tail_);
    ++tail_;
    if (message.is_work()) ++works_;
    if (message.kind == OutboundKind::response) ++responses_;
  }
  // The posted READ with this message id; nullptr when there is none.
  OutboundMessage* read(std::uint16_t message_id) {
    const std::uint32_t index = head_ + static_cast<std::uint16_t>(message_id - static_cast<std::uint16_t>(head_));
    if (index - head_ >= tail_ - head_) return nullptr;
    OutboundMessage& m = at(index);
    return m.kind == OutboundKind::read && !m.done ? &m : nullptr;
  }
  // The posted message with this id, whatever its kind; nullptr when there is none that is not finished.
  OutboundMessage* unfinished(std::uint16_t message_id) {
    const std::uint32_t index = head_ + static_cast<std::uint16_t>(message_id - static_cast<std::uint16_t>(head_));
    if (index - head_ >= tail_ - head_) return nullptr;
    OutboundMessage& m = at(index);
    return m.is_work() && !m.done ? &m : nullptr;
  }
  void finish(OutboundMessage& m, Status status) {
    m.done = true;
    m.status = status;
    if (m.is_work()) {
      finished_[finished_end_++ & mask_] = static_cast<std::uint32_t>(&m - messages_.get());
      return;
    }
    if (m.kind == OutboundKind::response) --responses_;
    release(m);
  }
  [[nodiscard]] bool all_finished() const { return works_ == finished_end_ - polled_; }
  bool poll(Completion& out) {
    if (polled_ == finished_end_) return false;
    OutboundMessage& m = messages_[finished_[polled_++ & mask_]];
    out = Completion{};
    out.id = m.id;
    out.kind = static_cast<WorkKind>(m.kind);
    out.status = m.status;
    if (m.status == Status::success) out.bytes = Bytes{m.length};
    --works_;
    release(m);
    return true;
  }
  // Slots of messages that nobody asks for any more are free again. To be called when a released one is acknowledged.
  void advance_head() {
    while (head_ != tail_ && at(head_).released && at(head_).acknowledged_whole()) ++head_;
  }

 private:
  void release(OutboundMessage& m) {
    m.released = true;
    advance_head();
  }

  std::unique_ptr<OutboundMessage[]> messages_;
  std::unique_ptr<std::uint32_t[]> finished_;
  std::uint32_t mask_ = 0, allocated_ = 0;
  std::uint32_t head_ = 0, tail_ = 0;              // wrap at 2^32: the number of slots is a power of two
  std::uint32_t polled_ = 0, finished_end_ = 0;
  std::uint32_t works_ = 0, responses_ = 0, most_works_ = 0, most_responses_ = 0;
};

}  // namespace weft::uet
