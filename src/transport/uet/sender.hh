// Sender: the half of a packet delivery context that sends messages and hears what became of their packets.
//
// A packet leaves when there is one (lost packets first, oldest first), the
// PSN range and the congestion gates allow it, and nothing makes it wait (hold). Rules:
//  - An ACK tells of all PSNs up to the cumulative one, of those in its SACK bitmap, and how many bytes arrived altogether.
//  - The packet that caused the ACK gives the RTT sample, unless it was sent more than once and the ACK cannot tell which
//    transmission it answers (Karn): a first transmission counts if the ACK is for one, a second if the ACK is for a retransmission.
//  - NACK TRIMMED: that packet is lost now. ROD_OOO: all from that packet on. A refusal for want of a resource: that packet,
//    after a pause. Others: sender_refusals.cc.
//  - RTO: each packet has its own, from the moment it was sent; one look at the window finds all that are due.
//  - SLEEK, if asked for: see congestion/sleek.hh.
//  - ACK request: on the last packet there is, on the last of a message, on retransmissions, and when the gates close behind it.
// Sources: UE 1.0 PDS, and the UEC group's public simulator for what triggers what (reference/fabric.md 2.3, 2.5).
#pragma once

#include <algorithm>
#include <cstdint>

#include "transport/multipath/any_path_policy.hh"
#include "transport/uet/congestion_gate.hh"
#include "transport/uet/context.hh"
#include "transport/uet/outbound_queue.hh"
#include "transport/uet/send_window.hh"

namespace weft::uet {

class Sender {
 public:
  void reset(const PdcConfig& config, Sequence start);

  bool post(const WorkRequest& request, OutboundKind kind) noexcept;
  // The answer to the peer's READ; false when there is no room.
  bool respond(std::uint16_t read_id, BufferId region, std::uint64_t address, std::uint32_t length) noexcept;
  // The last packet of this context's life. Precondition: idle.
  void post_close() noexcept;
  bool poll(Completion& out) noexcept { return queue_.poll(out); }

  [[nodiscard]] bool sendable(const PdcContext& context, Time now) const noexcept {
    if (now < hold_until_) [[unlikely]]
      return false;
    return pending(context);
  }
  // Precondition: sendable(context, now).
  void emit(Time now, PdcContext& context, UetSegment& out) noexcept;

  void acknowledge(Time now, const wire::UetHeader& header, PdcContext& context) noexcept;
  void response(Time now, const wire::UetHeader& header, PdcContext& context) noexcept;  // RUDI
  void negative(Time now, const wire::UetHeader& header, PdcContext& context) noexcept;
  void on_credit(std::uint32_t counter) noexcept {
    heard_ = true;
    gate_.on_credit(counter);
  }
  // A packet of a READ's response: where its bytes go; nullptr when no READ waits for them.
  OutboundMessage* waiting_read(std::uint16_t message_id) noexcept { return queue_.read(message_id); }
  void take_response(OutboundMessage& read, std::uint32_t bytes) noexcept;
  void advance(Time now, PdcContext& context) noexcept;
  // The context's PSNs start over: at its reopening, or where the target wants them.
  void restart(Sequence start, const congestion::RcccParameters* rccc) noexcept;
  // The context is closed: nothing is asked for until it opens again, which takes a beginner's credit.
  void end_life(const congestion::RcccParameters* rccc) noexcept;
  // The message that holds `at` ends with `status`, the rest flushed.
  void fail(Status status, Sequence at) noexcept;
  // CLOSE came: whatever is unacknowledged of our responses has been received.
  void peer_closed() noexcept;

  [[nodiscard]] Time deadline(const PdcContext& context) const noexcept {
    if (context.life == Life::error) [[unlikely]]
      return Time::never();
    Time due = rto_at_;
    if (gate_.sleek() != nullptr) due = std::min(due, gate_.sleek()->probe_deadline());
    if (hold_until_ != Time{}) [[unlikely]]
      due = std::min(due, hold_until_);
    return due;
  }
  [[nodiscard]] bool idle() const noexcept { return queue_.all_finished(); }
  [[nodiscard]] bool quiet() const noexcept { return window_.empty() && current_ == OutboundQueue::none && !queue_.any_unsent(); }
  [[nodiscard]] std::uint64_t in_flight() const noexcept { return window_.next() - window_.una(); }
  [[nodiscard]] Sequence una() const noexcept { return window_.una(); }
  [[nodiscard]] Sequence next() const noexcept { return window_.next(); }
  [[nodiscard]] bool fits_one_packet(Bytes length) const noexcept { return length.v <= std::int64_t{mtu_}; }
  // CLOSE has been sent and answered; what was posted since has not been sent.
  [[nodiscard]] bool close_acknowledged() const noexcept {
    return window_.empty() && (current_ == OutboundQueue::none || queue_.at(current_).kind != OutboundKind::close);
  }
  // Every message of ours has been sent whole.
  [[nodiscard]] bool all_sent() const noexcept { return current_ == OutboundQueue::none && !queue_.any_unsent() && !window_.any_lost(); }
  [[nodiscard]] const CongestionGate& gate() const noexcept { return gate_; }
  [[nodiscard]] const SendWindow& window() const noexcept { return window_; }

  void probe_sent(Time now) noexcept;
  void credit_request_sent(Time now) noexcept;
  [[nodiscard]] std::uint16_t probe_opaque() const noexcept { return probe_opaque_; }
  [[nodiscard]] std::uint32_t wanted_credit(const PdcContext& context) const noexcept;
  // All up to it may be forgotten by the target.
  [[nodiscard]] Sequence clear_point() const noexcept { return window_.una() - 1; }
  void digest(Digest& d) const noexcept;
  // Asks the memory for what the next packets touch.
  [[gnu::always_inline]] inline void fetch() const noexcept {
    window_.fetch();
    __builtin_prefetch(paths_.address(), 1);
    queue_.fetch(current_);
  }

 private:
  [[nodiscard]] bool pending(const PdcContext& context) const noexcept {
    if (context.life != Life::established && !may_send(context)) [[unlikely]]
      return false;
    if (window_.any_lost()) return gate_.open(window_.in_flight(), window_.size(window_.at(window_.first_lost()).payload), true);
    if (current_ == OutboundQueue::none || window_.full()) return false;
    return gate_.open(window_.in_flight(), window_.size(next_payload_), false);
  }
  [[nodiscard]] bool may_send(const PdcContext& context) const noexcept;
  void enqueue(OutboundMessage& message) noexcept;
  void load_current() noexcept;
  [[nodiscard, gnu::always_inline]] inline std::uint16_t choose_path(Time now) noexcept;
  [[gnu::always_inline]] inline void compose(const OutboundMessage& message, Sequence s, std::uint32_t size, const PdcContext& context,
                                             UetSegment& out) const noexcept;
  [[gnu::always_inline]] inline void address(const PdcContext& context, Sequence s, wire::UetHeader& header) const noexcept;
  void finish(OutboundMessage& message, Status status) noexcept;
  void finish_datagram(OutboundMessage& message) noexcept;

  [[nodiscard]] Duration rtt_sample(Time now, Sequence s, bool retransmission) const noexcept;
  [[nodiscard]] Duration probe_rtt(Time now, const wire::UetHeader& header) const noexcept;
  bool take_sack(Sequence cumulative, const wire::UetFeedback& feedback) noexcept;
  void take_report(std::uint32_t units) noexcept;
  void settle_timer() noexcept;
  bool take_refusal(const wire::UetHeader& header, Sequence answered) noexcept;
  void acknowledged(const SentPacket& packet) noexcept;
  void run_sleek(Time now, std::uint32_t out_of_order, Duration probe, PdcContext& context) noexcept;
  void report_path(Sequence s, multipath::PathEvent event, Time now) noexcept;
  [[nodiscard]] congestion::Sleek::View sleek_view(std::uint32_t out_of_order) const noexcept;

  void trimmed(Time now, const wire::UetHeader& header, Sequence s) noexcept;
  void out_of_order(Sequence s) noexcept;
  void refused(Time now, Sequence s, PdcContext& context) noexcept;
  // The peer is there. After silence the timer may be far off: an earlier look at the window finds what is due.
  void alive(Time now) noexcept {
    if (silent_ == 0) return;
    silent_ = 0;
    if (rto_at_ != Time::never()) rto_at_ = std::min(rto_at_, now + least_rto_);
  }
  [[nodiscard]] Duration rto() const noexcept {
    return least_rto_ * (std::int64_t{1} << (silent_ < most_doublings ? silent_ : most_doublings));
  }
  void arm(Time now) noexcept {
    if (rto_at_ == Time::never()) rto_at_ = now + rto();
  }
  void ask_for_credit(bool timed_out, bool nothing_outstanding) noexcept;
  void timeout(Time now, PdcContext& context) noexcept;
  bool count_silence(Time now, PdcContext& context) noexcept;
  bool waited_in_vain(Time now, PdcContext& context) noexcept;
  bool give_up(PdcContext& context) noexcept;

  static constexpr std::uint64_t syn_packets = 4096;  // psn_offset has 12 bits
  static constexpr std::uint32_t most_doublings = 6;

  Time probe_sent_at_{};

  // What every packet touches; what every outlook asks stands in one line, from the lost packets on.
  std::int64_t reported_units_ = 0;
  std::int64_t backlog_ = 0;  // bytes with overhead not yet sent for the first time
  SendWindow window_;
  Time rto_at_ = Time::never();
  Time hold_until_{};
  std::uint16_t current_ = OutboundQueue::none;  // the message of the next new packet
  std::uint16_t path_ = 0;

 public:
  // What the other lanes carry for this half; each is cleared by whoever sends it.
  bool probe_due = false;
  bool credit_request_due = false;
  bool clear_due = false;

 private:
  CongestionGate gate_;
  std::uint32_t next_payload_ = 0;
  std::uint32_t mtu_ = 0;
  Duration least_rto_{};
  std::uint16_t silent_ = 0;  // silent periods in a row
  std::uint16_t hungry_ = 0;  // RTOs without credit and without a word
  bool heard_ = false;        // anything from the target since the timer last ran
  bool fixed_path_ = false;
  bool path_chosen_ = false;
  OutboundQueue queue_;
  multipath::AnyPathPolicy paths_;

  std::uint32_t refusals_ = 0;
  std::uint32_t refusal_count_ = 0, retry_count_ = 0;

  std::uint32_t reads_out_ = 0, read_depth_ = 0;
  Time silence_counted_until_{};  // while `waits_`: our patience ends there
  std::uint16_t probe_opaque_ = 0;
  bool waits_ = false;             // something to send, nothing out there, and no word
  std::uint32_t words_heard_ = 0;  // when that was looked at last
};

}  // namespace weft::uet
