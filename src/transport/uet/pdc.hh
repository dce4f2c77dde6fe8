// Pdc: one end of an Ultra Ethernet packet delivery context, with its semantic layer, as a sans-I/O engine (engine/engine.hh).
// One object sends and receives; the simulator and the live loop drive the same code.
//
// Lanes: data = requests and READ responses, lost packets first, and CLOSE; respond = ACK, NACK, RUDI response;
// notify = control packets (CREDIT, CREDIT_REQ, CLEAR, PROBE, CLOSE_REQ). Data is ECN-capable, the rest is not.
// Segment.path is the packet's entropy value: data asks the path policy, an answer takes back the path of what it answers,
// other control packets take all paths in turn.
// Receiver credit: the NIC owns the pacer. credit_wish() tells how much this end's receiver would like a turn, grant() takes it.
// Memory: rings are sized in the constructor and in reset(); nothing else allocates.
//
// Life (pdc_life_cycle.cc): the initiator's first message opens the context (SYN, data at once); close() ends it when all is
// acknowledged, and the next message opens it again with a start PSN 2^16 further on.
// Sources: UE 1.0 PDS and SES (reference/fabric.md 2.2 to 2.6); what they leave open is named where it is chosen.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/engine.hh"
#include "engine/memory.hh"
#include "transport/uet/context.hh"
#include "transport/uet/pdc_config.hh"
#include "transport/uet/receiver.hh"
#include "transport/uet/sender.hh"
#include "transport/uet/work.hh"

namespace weft::uet {

class alignas(64) Pdc {
 public:
  using Segment = UetSegment;

  Pdc(const PdcConfig& config, Memory& memory);
  // A fresh context in the same object; allocates only if a ring must grow.
  void reset(const PdcConfig& config);

  // False when the queue is full, the length is too great (2^31; UUD: a packet), the mode does not carry the operation
  // (RUDI: WRITE only; UUD: SEND only), or the context has failed.
  bool post_write(const WorkRequest& request) noexcept { return context_.mode != Mode::uud && post(request, OutboundKind::write); }
  bool post_read(const WorkRequest& request) noexcept { return reliable() && post(request, OutboundKind::read); }
  bool post_send(const WorkRequest& request) noexcept { return context_.mode != Mode::rudi && post(request, OutboundKind::send); }
  bool post_tagged_send(const WorkRequest& request) noexcept { return reliable() && post(request, OutboundKind::tagged_send); }
  bool post_receive(const ReceiveRequest& request) noexcept { return !failed() && receiver_.post_receive(request); }
  bool poll(Completion& out) noexcept { return sender_.poll(out) || receiver_.poll(out); }

  void receive(Time now, std::span<Segment> in) noexcept;
  void advance(Time now) noexcept;
  [[nodiscard]] std::size_t transmit(Time now, Lane lane, std::span<Segment> out) noexcept;
  [[nodiscard]] bool ready(Time now, Lane lane) const noexcept {
    if (lane == Lane::data) return data_ready(now);
    return lane == Lane::respond ? receiver_.answer_ready() : control_ready();
  }
  [[nodiscard]] Time next_deadline() const noexcept { return std::min(sender_.deadline(context_), close_request_at_); }
  [[nodiscard]] Outlook outlook(Time now) const noexcept {
    const unsigned data = data_ready(now) ? 1U : 0U, respond = receiver_.answer_ready() ? 1U : 0U;
    const unsigned notify = control_ready() ? 1U : 0U;
    return {static_cast<std::uint8_t>(notify << lane_bit(Lane::notify) | respond << lane_bit(Lane::respond) | data << lane_bit(Lane::data)),
            next_deadline()};
  }
  // Asks the memory for what the next packets touch outside this object, which itself should be at hand. Changes nothing.
  [[gnu::always_inline]] inline void fetch() const noexcept {
    if (sender_.in_flight() != 0) sender_.fetch();
    if (context_.counters.data_received != 0) receiver_.fetch();
  }

  // The initiator: CLOSE as soon as everything posted is done. The target: asks the initiator to (CLOSE_REQ).
  void close(Time now) noexcept;

  // RCCC: connections of this NIC that have something to send.
  void set_senders(std::uint32_t senders) noexcept { context_.senders = senders == 0 ? 1 : senders; }
  [[nodiscard]] congestion::CreditWish credit_wish() const noexcept { return receiver_.credit_wish(); }
  [[nodiscard]] bool wants_credit() const noexcept { return credit_wish() != congestion::CreditWish::none; }
  // This end's turn at the NIC's pacer; returns what was granted anew. A CP CREDIT goes out.
  Bytes grant(Time now) noexcept;

  [[nodiscard]] std::uint64_t packets_in_flight() const noexcept { return sender_.in_flight(); }
  // Nothing posted is left without its completion.
  [[nodiscard]] bool idle() const noexcept { return sender_.idle(); }
  [[nodiscard]] bool failed() const noexcept { return context_.life == Life::error; }
  [[nodiscard]] Life life() const noexcept { return context_.life; }
  // Receive side, WRITE and SEND: bytes placed so far, and messages that are whole.
  [[nodiscard]] std::uint64_t delivered_bytes() const noexcept { return receiver_.delivered_bytes(); }
  [[nodiscard]] std::uint64_t delivered_messages() const noexcept { return receiver_.delivered_messages(); }
  [[nodiscard]] const PdcCounters& counters() const noexcept { return context_.counters; }
  [[nodiscard]] const Sender& sender() const noexcept { return sender_; }
  [[nodiscard]] const Receiver& receiver() const noexcept { return receiver_; }
  [[nodiscard]] std::uint16_t pdcid() const noexcept { return context_.own; }
  [[nodiscard]] std::uint16_t peer_pdcid() const noexcept { return context_.peer; }
  // Over the whole logical state: two runs alike give the same number.
  [[nodiscard]] std::uint64_t digest() const noexcept;

 private:
  static constexpr std::uint8_t most_restarts = 4, most_close_requests = 8;
  static constexpr unsigned lane_bit(Lane lane) { return static_cast<unsigned>(lane); }
  [[nodiscard]] bool reliable() const noexcept { return context_.mode == Mode::rud || context_.mode == Mode::rod; }
  bool post(const WorkRequest& request, OutboundKind kind) noexcept;
  void receive_other(Time now, Segment& segment) noexcept;
  void receive_request(Segment& segment) noexcept;
  void receive_acknowledgement(Time now, const wire::UetHeader& header) noexcept;
  void receive_negative(Time now, const wire::UetHeader& header) noexcept;
  void receive_control(Time now, Segment& segment) noexcept;
  void obey(Time now, Segment& segment) noexcept;

  // Life cycle.
  void open() noexcept;
  bool admit(const Segment& segment) noexcept;
  bool accept_syn(const Segment& segment) noexcept;
  bool peer_known(const wire::UetHeader& header, bool of_this_life) noexcept;
  void establish(std::uint16_t peer) noexcept;
  void answer_again(const Segment& segment) noexcept;
  void lose_context(Sequence at) noexcept;
  void start_over(std::uint32_t psn) noexcept;
  void restart(Sequence start) noexcept;
  // The first sequence that neither end has used in this life.
  [[nodiscard]] Sequence unused() const noexcept { return std::max(sender_.next(), receiver_.expected()); }
  void end_life() noexcept;
  void take_close(Segment& segment) noexcept;
  void settle() noexcept;
  void share_failure() noexcept;

  [[nodiscard]] bool data_ready(Time now) const noexcept { return sender_.sendable(context_, now) || sender_.probe_due; }
  [[nodiscard]] bool control_ready() const noexcept {
    return (receiver_.credit_due | sender_.credit_request_due | sender_.clear_due | close_request_due_) != 0;
  }
  void emit_probe(Time now, Segment& out) noexcept;
  bool next_control(Time now, Segment& out) noexcept;
  void compose_control(wire::PdsControl control, std::uint32_t word, Segment& out) noexcept;

  // What every outlook asks and what every packet touches stands together: an end touches 12 lines as a sender, 6 as a receiver.
  Time close_request_at_ = Time::never();
  bool close_request_due_ = false;
  bool close_wanted_ = false;
  Receiver receiver_;
  Sender sender_;
  const congestion::RcccParameters* rccc_ = nullptr;  // not owned
  Duration close_request_every_{};
  std::uint32_t secure_psn_ = 0;
  std::uint32_t paths_ = 1;
  std::uint32_t turn_ = 0;  // path of the next control packet
  std::uint8_t close_requests_left_ = 0;
  std::uint8_t restarts_left_ = 0;
  bool secure_start_ = false;
  bool ever_opened_ = false;
  alignas(64) PdcContext context_;
};

// What nearly every packet takes stands here, so that a driver takes it inline.
inline void Pdc::receive(Time now, std::span<Segment> in) noexcept {
  for (Segment& segment : in) {
    const wire::UetHeader& header = segment.header;
    if (context_.life != Life::established || header.dpdcid != context_.own) [[unlikely]] {
      receive_other(now, segment);
    } else if (header.type == wire::PdsType::ack_cc) {
      segment.placement = {};
      sender_.acknowledge(now, header, context_);
      if (close_wanted_) [[unlikely]]
        settle();
    } else {
      const bool data = header.type == wire::PdsType::rud_request || header.type == wire::PdsType::rud_cc_request;
      if (data && context_.mode == Mode::rud && !header.has(wire::UetHeader::syn)) [[likely]] {
        receiver_.request(segment, context_, sender_);
        if (close_wanted_) [[unlikely]]  // it may have been the last of a READ
          settle();
      } else {
        receive_other(now, segment);
      }
    }
  }
}

inline std::size_t Pdc::transmit(Time now, Lane lane, std::span<Segment> out) noexcept {
  std::size_t n = 0;
  if (lane == Lane::data) {
    for (; n < out.size() && data_ready(now); ++n) {
      if (sender_.probe_due) [[unlikely]] {
        emit_probe(now, out[n]);
        continue;
      }
      if (context_.life == Life::closed) [[unlikely]]
        open();
      sender_.emit(now, context_, out[n]);
    }
  } else if (lane == Lane::respond) {
    while (n < out.size() && receiver_.answer(out[n], context_)) ++n;
  } else {
    while (n < out.size() && next_control(now, out[n])) ++n;
  }
  return n;
}

static_assert(Engine<Pdc>);
static_assert(sizeof(Pdc) <= 1024, "thousands of them share a cache");

}  // namespace weft::uet
