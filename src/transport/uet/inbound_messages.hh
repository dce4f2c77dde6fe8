// Inbound messages: those of which something has come and not yet all. A message opens with whichever of its packets comes
// first, for each of them names the whole (standard SES header: length, offset, where to).
//
// A message's place is its id modulo the size, a power of two. Where another one stands in it, the message is refused for the
// moment (NACK NO_SES_MSG), unless its packet is the expected one: for that there is one place more. Without it two messages
// could wait for each other, one for the place and one for the PSN range that the first holds up. As a message's PSNs follow
// one another, the extra place is free again when the expected PSN has passed the message.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "base/check.hh"
#include "base/id.hh"
#include "transport/uet/receive_buffers.hh"
#include "wire/uet.hh"

namespace weft::uet {

struct InboundMessage {
  std::uint64_t base = 0;  // where byte 0 goes
  BufferId region{};
  std::uint32_t length = 0;
  std::uint32_t received = 0;
  std::uint32_t receive = ReceiveBuffers::none;
  std::uint16_t id = 0;
  wire::SesOpcode opcode = wire::SesOpcode::noop;
  bool open = false;
  bool refused = false;  // its payload is not kept
};

class InboundMessages {
 public:
  void reset(std::uint32_t count) {
    CHECK(count == 0 || std::has_single_bit(count), "messages", count);
    CHECK(count <= 32768, "messages", count);
    if (count + 1 > allocated_) {
      messages_ = std::make_unique<InboundMessage[]>(count + 1);
      allocated_ = count + 1;
    }
    count_ = count;
    for (std::uint32_t i = 0; i <= count_; ++i) messages_[i] = {};
  }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  // The open message with this id, or else a free place for it; nullptr when there is none. Precondition: count() > 0.
  InboundMessage* find(std::uint16_t id, bool expected) {
    InboundMessage& place = messages_[id & (count_ - 1)];
    if (place.open && place.id == id) [[likely]]
      return &place;
    InboundMessage& extra = messages_[count_];
    if (extra.open && extra.id == id) return &extra;
    if (!place.open) return &place;
    return expected && !extra.open ? &extra : nullptr;
  }
  // i from 0 to count(), the extra place included.
  [[nodiscard]] const InboundMessage& at(std::uint32_t i) const { return messages_[i]; }
  InboundMessage& at(std::uint32_t i) { return messages_[i]; }

 private:
  std::unique_ptr<InboundMessage[]> messages_;
  std::uint32_t count_ = 0, allocated_ = 0;
};

}  // namespace weft::uet
