// Receiver: the half of a packet delivery context that takes packets, places their bytes, and answers.
//
// The expected PSN is the lowest that has not come. RUD keeps any packet of [expected, expected + range), ROD only the expected one;
// a packet that came before is answered again and never executed twice. What is answered at once, and what later:
//  - ACK at once: the first packet, a CE mark, an ACK request, a duplicate, a refused message; when an ACK request was followed
//    by a gap, once more as soon as nothing is out of order. Else when ack_bytes have come since the last ACK.
//  - NACK at once: a trimmed packet (an ACK if it had come before), a PSN beyond the range, a packet for which a resource is
//    missing, and in ROD the first packet beyond a gap.
// An ACK names the packet that caused it, takes that packet's path back, and carries its CE mark.
// RUDI: each packet is executed and answered as it comes, even twice, and every packet that was answered has its place in the
// window, which only tells our user what has arrived; one that no message can be told of comes again (NACK). UUD: no answers.
// Sources: UE 1.0 PDS and SES (reference/fabric.md 2.2 to 2.4); when ACKs are sent: the UEC group's public simulator.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/memory.hh"
#include "transport/congestion/rccc.hh"
#include "transport/uet/answer_queue.hh"
#include "transport/uet/context.hh"
#include "transport/uet/inbound_messages.hh"
#include "transport/uet/receive_buffers.hh"
#include "transport/uet/sender.hh"
#include "transport/uet/sequence_bits.hh"
#include "transport/uet/stored_responses.hh"

namespace weft::uet {

class Receiver {
 public:
  explicit Receiver(Memory& memory) : memory_(&memory) {}
  void reset(const PdcConfig& config, Sequence start);
  // The peer's PSNs start at `start`; whatever had begun to arrive is forgotten.
  void restart(Sequence start, const congestion::RcccParameters* rccc) noexcept;

  bool post_receive(const ReceiveRequest& request) noexcept { return receives_.post(request); }
  bool poll(Completion& out) noexcept { return receives_.poll(out); }

  void request(UetSegment& in, PdcContext& context, Sender& sender) noexcept;
  void rudi(UetSegment& in, PdcContext& context) noexcept;
  void datagram(UetSegment& in, PdcContext& context) noexcept;
  // CLOSE: takes its PSN like a packet's.
  void close(const UetSegment& in, PdcContext& context) noexcept;
  // One more time, for whoever has not heard it.
  void acknowledge_again(const UetSegment& in, PdcContext& context) noexcept { duplicate(in, context); }
  void probe(const UetSegment& in, PdcContext& context) noexcept;
  void credit_requested(std::uint32_t target) noexcept;
  void clear_to(Sequence psn) noexcept { stored_.clear_to(psn); }
  // A NACK for a packet of somebody who is not, or not yet, our peer.
  void reject(const UetSegment& in, wire::NackCode code, std::uint32_t payload, PdcContext& context) noexcept;
  // The context is closed: no credit is wanted or owed until it opens again.
  void end_life(const congestion::RcccParameters* rccc) noexcept;
  void fail() noexcept;

  [[nodiscard]] bool answer_ready() const noexcept { return !answers_.empty(); }
  bool answer(UetSegment& out, PdcContext& context) noexcept;

  [[nodiscard]] congestion::CreditWish credit_wish() const noexcept { return credit_ ? credit_->wish() : congestion::CreditWish::none; }
  // Returns what was granted anew.
  Bytes grant() noexcept;
  bool credit_due = false;  // a CP CREDIT is to be sent
  [[nodiscard]] std::uint32_t credit_counter() const noexcept { return credit_counter_; }

  [[nodiscard]] Sequence expected() const noexcept { return expected_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::uint64_t delivered_bytes() const noexcept { return delivered_bytes_; }
  [[nodiscard]] std::uint64_t delivered_messages() const noexcept { return delivered_messages_; }
  void digest(Digest& d) const noexcept;
  [[gnu::always_inline]] inline void fetch() const noexcept {
    __builtin_prefetch(kept_.address(expected_), 1);
    __builtin_prefetch(answers_.address(), 1);
    __builtin_prefetch(&messages_.at(0), 1);
  }

 private:
  [[nodiscard]] bool came_before(Sequence s) const noexcept { return s < expected_ || (s - expected_ < kept_.span() && kept_.test(s)); }
  void duplicate(const UetSegment& in, PdcContext& context) noexcept;
  void trimmed(const UetSegment& in, Sequence s, PdcContext& context) noexcept;
  void beyond_gap(const UetSegment& in, PdcContext& context) noexcept;
  void take(Sequence s) noexcept;
  void acknowledge(const UetSegment& in, PdcContext& context) noexcept;
  void negative(const UetSegment& in, wire::NackCode code, PdcContext& context) noexcept;
  [[nodiscard]] static Answer answer_to(const UetSegment& in, Answer::Kind kind) noexcept;
  void push(const Answer& answer, PdcContext& context) noexcept;
  void compose_acknowledgement(const Answer& answer, wire::UetHeader& header) noexcept;
  void tell_stored(Sequence answered, wire::UetHeader& header) const noexcept;
  [[nodiscard]] std::uint64_t arrived(Sequence from) const noexcept;

  // SES. What came of a packet: taken, or the reason why it must come again; nothing: it makes no sense and is dropped.
  using Verdict = std::optional<wire::NackCode>;
  Verdict accept(UetSegment& in, Sequence s, PdcContext& context, Sender& sender) noexcept;
  Verdict accept_message(UetSegment& in, Sequence s, PdcContext& context) noexcept;
  Verdict accept_read(const UetSegment& in, Sequence s, PdcContext& context, Sender& sender) noexcept;
  Verdict accept_response(UetSegment& in, PdcContext& context, Sender& sender) noexcept;
  Verdict open(const wire::UetHeader& header, Sequence s, InboundMessage& message) noexcept;
  Verdict open_send(const wire::UetHeader& header, Sequence s, InboundMessage& message) noexcept;
  Verdict refuse(std::uint16_t message_id, Sequence s) noexcept;
  void finish(InboundMessage& message) noexcept;

  // What every outlook asks, then what every packet touches.
  bool ordered_ = false;
  bool keeps_refusals_ = false;  // guaranteed delivery: RUD, ROD
  bool ack_wanted_ = false;      // an ACK request came while something was out of order
  bool gap_told_ = false;        // ROD: one NACK a gap
  bool closed_ = false;
  bool closing_ = false;  // CLOSE came ahead of others
  std::optional<congestion::RcccReceiver> credit_;
  AnswerQueue answers_;
  Sequence expected_ = 0;
  SequenceBits kept_;
  std::uint32_t range_ = 0;
  std::uint32_t overhead_ = 0;
  std::int64_t received_bytes_ = 0;   // with overhead
  std::uint32_t unacknowledged_ = 0;  // bytes since the last ACK
  std::uint32_t ack_bytes_ = 0;
  std::uint64_t delivered_bytes_ = 0;
  std::uint64_t delivered_messages_ = 0;  // WRITEs and SENDs
  InboundMessages messages_;
  StoredResponses stored_;
  Memory* memory_;
  std::uint32_t mtu_ = 0;
  std::uint32_t credit_counter_ = 0;
  Sequence close_at_ = 0;
  ReceiveBuffers receives_;
};

}  // namespace weft::uet
