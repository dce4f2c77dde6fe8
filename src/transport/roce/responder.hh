// Responder: the half of a reliable connection that takes requests, places their bytes, and answers.
//
// expected = ePSN. A request with psn == ePSN is checked and executed; behind it a duplicate is answered again and never
// executed twice; beyond it there is a gap: one NAK, then silence until the gap closes. A SEND or immediate without a posted
// receive yields an RNR NAK. An error NAK ends the connection; it is repeated for whoever asks again.
// With `recovery: selective` a WRITE packet beyond ePSN is kept (responder_selective.cc).
// Answers wait for their turn: atomic ACKs and READ responses in PSN order, ACK and NAK only behind them.
// Source: IBTA 1.4 section 9.7.4 and 9.7.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/digest.hh"
#include "engine/engine.hh"
#include "engine/memory.hh"
#include "transport/roce/counters.hh"
#include "transport/roce/opcode_traits.hh"
#include "transport/roce/queue_pair_config.hh"
#include "transport/roce/receive_queue.hh"
#include "transport/roce/requester.hh"
#include "transport/roce/responder_resources.hh"
#include "transport/roce/selective_receiver.hh"
#include "transport/roce/syndrome.hh"

namespace weft::roce {

class Responder {
 public:
  explicit Responder(Memory& memory) : memory_(&memory) {}
  void reset(const QueuePairConfig& config);

  bool post_receive(const ReceiveRequest& request) noexcept { return !failed_ && receives_.post(request); }
  bool poll(Completion& out) noexcept { return receives_.poll(out); }

  void request(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept;
  // The in-order full-size middle packet of a WRITE, which is nearly all there is; false: request() must see it.
  bool write_middle(RoceSegment& segment, QueuePairCounters& counters) noexcept {
    if (segment.header.psn != to_psn(expected_) || message_ != Operation::write || segment.payload.length != mtu_ || message_left_ <= mtu_)
      return false;
    segment.placement = {address_, region_, true};
    address_ += mtu_;
    message_left_ -= mtu_;
    ++expected_;
    gap_told_ = false;
    answer_due_ = answer_due_ == Answer::nak ? Answer::none : answer_due_;
    if (segment.header.ack_request) answer_due_ = Answer::acknowledge;
    delivered_bytes_ += mtu_;
    ++counters.data_received;
    return true;
  }

  [[nodiscard]] bool answer_ready() const noexcept {
    return resources_.pending() ? resources_.atomic_pending() : answer_due_ != Answer::none;
  }
  bool answer(RoceSegment& out, QueuePairCounters& counters) noexcept;
  [[nodiscard]] bool response_ready() const noexcept { return resources_.read_pending(); }
  // Precondition: response_ready(). Returns the payload's size.
  std::uint32_t response(RoceSegment& out, QueuePairCounters& counters) noexcept;
  // The requester's half has failed: no more is taken or answered.
  void fail() noexcept;

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::uint64_t delivered_bytes() const noexcept { return delivered_bytes_; }
  [[nodiscard]] std::uint64_t delivered_messages() const noexcept { return delivered_messages_; }
  [[nodiscard]] Sequence expected() const noexcept { return expected_; }
  void digest(Digest& d) const noexcept;

 private:
  enum class Answer : std::uint8_t { none, acknowledge, selective, nak };

  void execute(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept;
  void execute_message(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept;
  bool begin_write(const RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept;
  bool begin_send(QueuePairCounters& counters) noexcept;
  void finish_message(const wire::RoceHeader& header, const OpcodeTraits& kind) noexcept;
  void execute_read(const wire::RoceHeader& header, QueuePairCounters& counters) noexcept;
  void execute_atomic(const wire::RoceHeader& header, QueuePairCounters& counters) noexcept;
  void duplicate(const wire::RoceHeader& header, const OpcodeTraits& kind, Sequence at, QueuePairCounters& counters) noexcept;
  bool keep_ahead(RoceSegment& segment, const OpcodeTraits& kind, Sequence at, QueuePairCounters& counters) noexcept;
  void take_kept(Sequence trigger) noexcept;
  void tell_selective(Sequence trigger) noexcept {
    trigger_ = trigger;
    if (answer_due_ != Answer::nak) answer_due_ = Answer::selective;
  }
  void refuse(Nak code, QueuePairCounters& counters) noexcept;
  void not_ready(QueuePairCounters& counters) noexcept;
  void stop() noexcept;
  void tell(std::uint8_t syndrome) noexcept {
    answer_due_ = Answer::nak;
    nak_syndrome_ = syndrome;
  }

  // What every packet and every outlook touches; resources_ stands last, beside what an outlook asks of the requester.
  Sequence expected_ = 0;
  std::uint64_t address_ = 0;
  std::unique_ptr<SelectiveReceiver> selective_;  // none with go-back-N
  std::uint64_t delivered_bytes_ = 0;
  std::uint64_t delivered_messages_ = 0;  // WRITEs and SENDs
  BufferId region_{};
  std::uint32_t message_left_ = 0;  // WRITE: bytes still to come; SEND: room left in the receive
  std::uint32_t mtu_ = 0;
  std::uint32_t msn_ = 0;
  std::uint32_t dest_qp_ = 0;
  Operation message_ = Operation::none;  // the message that the next packet continues
  Answer answer_due_ = Answer::none;
  bool gap_told_ = false;  // one NAK a gap
  bool failed_ = false;

  std::uint8_t nak_syndrome_ = 0;
  std::uint8_t rnr_timer_code_ = 0;
  std::uint64_t message_bytes_ = 0;  // WRITE: the message's length; SEND: received so far
  Memory* memory_;
  Sequence trigger_ = 0;  // selective: the packet that the next selective ACK answers
  ReceiveQueue receives_;
  ResponderResources resources_;
};

}  // namespace weft::roce
