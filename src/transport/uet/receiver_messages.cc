// The receiver's semantic half (SES): what a packet is for, where its bytes go, and when a message is whole.
#include <algorithm>

#include "transport/uet/receiver.hh"

namespace weft::uet {

using wire::NackCode;
using wire::SesOpcode;
using wire::UetHeader;

Receiver::Verdict Receiver::accept(UetSegment& in, Sequence s, PdcContext& context, Sender& sender) noexcept {
  const wire::PdsNext next = in.header.next;
  if (next == wire::PdsNext::response_data) [[unlikely]]
    return accept_response(in, context, sender);
  if (next != wire::PdsNext::request_standard) [[unlikely]]
    return std::nullopt;
  if (in.header.opcode == SesOpcode::read) [[unlikely]]
    return accept_read(in, s, context, sender);
  return accept_message(in, s, context);
}

Receiver::Verdict Receiver::accept_message(UetSegment& in, Sequence s, PdcContext& context) noexcept {
  const UetHeader& header = in.header;
  const wire::UetRequest& request = header.request();
  if (messages_.count() == 0 || header.opcode == SesOpcode::noop) return std::nullopt;
  const std::uint32_t size = in.payload.length;
  const std::uint32_t offset = (header.ses_flags & UetHeader::som) != 0 ? 0 : request.message_offset;
  if (size > mtu_ || offset > request.request_length || size > request.request_length - offset) return std::nullopt;
  if (size == 0 && request.request_length != 0) return std::nullopt;
  InboundMessage* const place = messages_.find(header.message_id, s == expected_);
  if (place == nullptr) [[unlikely]]
    return NackCode::no_ses_message;
  InboundMessage& message = *place;
  if (!message.open) {
    const Verdict verdict = open(header, s, message);
    if (verdict != NackCode::none) return verdict;
  }
  if (message.length != request.request_length || message.opcode != header.opcode) [[unlikely]]
    return std::nullopt;
  message.received += size;
  if (message.refused) [[unlikely]] {
    ++context.counters.dropped_refused;
  } else {
    in.placement.address = message.base + offset;  // member by member: a temporary would be read before it is written whole
    in.placement.region = message.region;
    in.placement.keep = size > 0;
    delivered_bytes_ += size;
    if (offset == 0 && message.receive != ReceiveBuffers::none) receives_.set_header_data(message.receive, request.header_data);
  }
  if (message.received >= message.length) finish(message);
  return NackCode::none;
}

Receiver::Verdict Receiver::open(const UetHeader& header, Sequence s, InboundMessage& message) noexcept {
  const wire::UetRequest& request = header.request();
  message = {};
  message.id = header.message_id;
  message.opcode = header.opcode;
  message.length = request.request_length;
  message.base = request.buffer_offset;
  Verdict verdict = NackCode::none;
  bool allowed = false;
  if (header.opcode == SesOpcode::write) {
    const auto key = static_cast<std::uint32_t>(request.match_bits);
    const auto region = message.length == 0 ? BufferId{0} : memory_->find(key, message.base, message.length, Access::remote_write);
    allowed = region.has_value();
    message.region = region.value_or(BufferId{});
  } else if (header.opcode == SesOpcode::send || header.opcode == SesOpcode::tagged_send || header.opcode == SesOpcode::datagram_send) {
    return open_send(header, s, message);
  }
  if (!allowed) {
    verdict = refuse(message.id, s);
    message.refused = true;
  }
  message.open = verdict == NackCode::none;
  return verdict;
}

Receiver::Verdict Receiver::open_send(const UetHeader& header, Sequence s, InboundMessage& message) noexcept {
  message.receive = receives_.claim(header.opcode == SesOpcode::tagged_send, header.request().match_bits);
  if (message.receive == ReceiveBuffers::none) return NackCode::no_resource;
  const ReceiveRequest& receive = receives_.at(message.receive);
  message.base = receive.address;
  message.region = receive.region;
  Verdict verdict = NackCode::none;
  if (receive.length.v < message.length) {
    receives_.give_back(message.receive);
    message.receive = ReceiveBuffers::none;
    message.refused = true;
    verdict = refuse(message.id, s);
  }
  message.open = verdict == NackCode::none;
  return verdict;
}

// The initiator must hear of it, whatever gets lost: kept until it is cleared. RUDI tells it with each packet.
Receiver::Verdict Receiver::refuse(std::uint16_t message_id, Sequence s) noexcept {
  if (!keeps_refusals_) return NackCode::none;
  if (stored_.full(s == expected_)) return NackCode::no_guaranteed_delivery;
  stored_.push({s, message_id});
  return NackCode::none;
}

void Receiver::finish(InboundMessage& message) noexcept {
  message.open = false;
  if (message.refused) return;
  ++delivered_messages_;
  if (message.receive != ReceiveBuffers::none) receives_.complete(message.receive, message.length);
}

Receiver::Verdict Receiver::accept_read(const UetSegment& in, Sequence s, PdcContext& context, Sender& sender) noexcept {
  constexpr std::uint32_t longest_message = 1U << 31;
  const UetHeader& header = in.header;
  const wire::UetRequest& request = header.request();
  if (in.payload.length != 0 || request.request_length > longest_message) return std::nullopt;
  BufferId region{};
  if (request.request_length > 0) {
    const auto key = static_cast<std::uint32_t>(request.match_bits);
    const auto found = memory_->find(key, request.buffer_offset, request.request_length, Access::remote_read);
    if (!found) {
      ++context.counters.dropped_refused;
      return refuse(header.message_id, s);
    }
    region = *found;
  }
  const bool answered = sender.respond(header.message_id, region, request.buffer_offset, request.request_length);
  return answered ? NackCode::none : NackCode::no_resource;
}

// A packet of a READ's response. One that nobody waits for any more is acknowledged all the same, so that its sender can go on.
Receiver::Verdict Receiver::accept_response(UetSegment& in, PdcContext& context, Sender& sender) noexcept {
  const wire::UetRequest& request = in.header.request();
  const std::uint32_t size = in.payload.length;
  if (size > mtu_) return std::nullopt;
  OutboundMessage* read = sender.waiting_read(static_cast<std::uint16_t>(request.match_bits));
  if (read == nullptr) {
    ++context.counters.dropped_bad_response;
    return NackCode::none;
  }
  const bool fits = request.request_length == read->length && request.message_offset <= read->length &&
                    size <= read->length - request.message_offset && (size > 0 || read->length == 0);
  if (!fits) return std::nullopt;
  in.placement = {read->address + request.message_offset, read->region, size > 0};
  sender.take_response(*read, size);
  return NackCode::none;
}

// Idempotent: executed as often as it comes. What has come before is not counted again. A refused packet has come like any other:
// else everything behind it would be out of the window for ever.
void Receiver::rudi(UetSegment& in, PdcContext& context) noexcept {
  const UetHeader& header = in.header;
  const wire::UetRequest& request = header.request();
  in.placement = {};
  if (in.ecn_ce) ++context.counters.ecn_marked_received;
  const Sequence s = unwrap(header.psn, expected_);
  if (in.trim != Trim::none) {
    ++context.counters.trims_received;
    ++context.counters.dropped_trimmed;
    return negative(in, in.trim == Trim::trimmed_last_hop ? NackCode::trimmed_last_hop : NackCode::trimmed, context);
  }
  const std::uint32_t size = in.payload.length;
  const std::uint32_t offset = (header.ses_flags & UetHeader::som) != 0 ? 0 : request.message_offset;
  const bool sound = header.next == wire::PdsNext::request_standard && header.opcode == SesOpcode::write && size <= mtu_ &&
                     offset <= request.request_length && size <= request.request_length - offset;
  if (!sound) {
    ++context.counters.dropped_bad_request;
    return;
  }
  const auto key = static_cast<std::uint32_t>(request.match_bits);
  const auto region = size == 0 ? BufferId{0} : memory_->find(key, request.buffer_offset + offset, size, Access::remote_write);
  if (came_before(s) || s - expected_ >= range_) {
    ++context.counters.dropped_duplicate;
  } else {
    const Verdict verdict = accept_message(in, s, context);
    in.placement = {};
    if (!verdict) {
      ++context.counters.dropped_bad_request;
      return;
    }
    if (*verdict != NackCode::none) {
      ++context.counters.dropped_no_resource;
      return negative(in, *verdict, context);
    }
    take(s);
    ++context.counters.data_received;
  }
  Answer answer = answer_to(in, Answer::Kind::rudi);
  if (region)
    in.placement = {request.buffer_offset + offset, *region, size > 0};
  else
    answer.result = wire::SesReturn::dropped;
  push(answer, context);
}

void Receiver::datagram(UetSegment& in, PdcContext& context) noexcept {
  const UetHeader& header = in.header;
  in.placement = {};
  if (in.ecn_ce) ++context.counters.ecn_marked_received;
  if (in.trim != Trim::none) {
    ++context.counters.trims_received;
    ++context.counters.dropped_trimmed;
    return;
  }
  const bool sound = header.next == wire::PdsNext::request_standard && header.opcode == SesOpcode::datagram_send &&
                     in.payload.length == header.request().request_length && in.payload.length <= mtu_;
  if (!sound) {
    ++context.counters.dropped_bad_request;
    return;
  }
  const std::uint32_t slot = receives_.claim(false, 0);
  if (slot == ReceiveBuffers::none) {
    ++context.counters.dropped_no_receive;
    return;
  }
  const ReceiveRequest& receive = receives_.at(slot);
  if (receive.length.v < in.payload.length) {
    receives_.give_back(slot);
    ++context.counters.dropped_no_receive;
    return;
  }
  in.placement = {receive.address, receive.region, in.payload.length > 0};
  receives_.set_header_data(slot, header.request().header_data);
  receives_.complete(slot, in.payload.length);
  delivered_bytes_ += in.payload.length;
  ++delivered_messages_;
  ++context.counters.data_received;
}

}  // namespace weft::uet
