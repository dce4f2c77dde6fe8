// What the sender does when nobody tells it anything: timeouts, SLEEK and its probes; starting over, and giving up.
#include <algorithm>

#include "transport/uet/sender.hh"

namespace weft::uet {

void Sender::advance(Time now, PdcContext& context) noexcept {
  if (hold_until_ <= now) hold_until_ = Time{};
  if (rto_at_ <= now) timeout(now, context);
  congestion::Sleek* sleek = gate_.sleek();
  if (sleek == nullptr || sleek->probe_deadline() > now || context.life == Life::error) return;
  probe_due = true;
  sleek->on_probe_sent(now, gate_.window()->base_rtt());
}

void Sender::timeout(Time now, PdcContext& context) noexcept {
  const Duration limit = rto();
  Time oldest = Time::never();
  Sequence first_silent = window_.next();
  window_.each_outstanding([&](Sequence s) {
    const SentPacket& packet = window_.at(s);
    if (packet.at + limit > now) {
      oldest = std::min(oldest, packet.at);
      return;
    }
    first_silent = std::min(first_silent, s);
    ++context.counters.timeouts;
    report_path(s, multipath::PathEvent::timeout, now);
    gate_.on_loss(window_.size(packet.payload));
    window_.lose(s);
  });
  const bool expired = first_silent != window_.next();
  if (waits_ && (expired || oldest != Time::never())) {
    waits_ = false;
    silence_counted_until_ = now;
  }
  if (expired) {
    path_chosen_ = false;
    gate_.on_answer();
    if (count_silence(now, context)) return;
  }
  const bool starved = gate_.starved() && (backlog_ > 0 || window_.any_lost());
  const bool nothing_out = oldest == Time::never();
  if (nothing_out && !expired && waited_in_vain(now, context)) return;
  if (starved) ask_for_credit(expired, nothing_out);
  rto_at_ = Time::never();
  if (oldest != Time::never()) {
    rto_at_ = oldest + rto();
  } else if (starved || window_.any_lost()) {
    rto_at_ = now + rto();
  }
}

// To wait for credit is nothing unusual where many send to one. The target may have missed our target, or we its credit, if a
// packet timed out, or when for most_hungry RTOs nothing was outstanding and nothing was heard.
void Sender::ask_for_credit(bool timed_out, bool nothing_outstanding) noexcept {
  constexpr std::uint32_t most_hungry = 8;
  hungry_ = static_cast<std::uint16_t>(nothing_outstanding && !heard_ ? hungry_ + 1 : 0);
  heard_ = false;
  if (!timed_out && hungry_ < most_hungry) return;
  credit_request_due = true;
  hungry_ = 0;
}

// One silent period counts once, however many packets fall into it. True: gave up.
bool Sender::count_silence(Time now, PdcContext& context) noexcept {
  if (now < silence_counted_until_) return false;
  ++silent_;
  silence_counted_until_ = now + rto();
  return silent_ > retry_count_ && give_up(context);
}

// Our port may be dead, or the target, which then gives no credit: without this such a wait would have no end. Its limit is far
// beyond what other connections of this port, or of the target's pacer, make one wait.
bool Sender::waited_in_vain(Time now, PdcContext& context) noexcept {
  const PdcCounters& c = context.counters;
  const auto words = static_cast<std::uint32_t>(c.acks_received + c.data_received + c.naks_received + c.credits_received);
  const Duration longest = least_rto_ * (std::int64_t{1} << most_doublings);
  if (!waits_ || words != words_heard_) silence_counted_until_ = now + longest * (std::int64_t{retry_count_} + 1);
  waits_ = true;
  words_heard_ = words;
  return now >= silence_counted_until_ && give_up(context);
}

bool Sender::give_up(PdcContext& context) noexcept {
  context.life = Life::error;
  fail(Status::retry_exceeded, window_.una());
  return true;
}

void Sender::credit_request_sent(Time now) noexcept {
  credit_request_due = false;
  arm(now);
}

void Sender::probe_sent(Time now) noexcept {
  probe_due = false;
  ++probe_opaque_;
  probe_sent_at_ = now;
}

congestion::Sleek::View Sender::sleek_view(std::uint32_t out_of_order) const noexcept {
  congestion::Sleek::View view;
  view.cumulative = window_.una();
  view.next = window_.next();
  view.out_of_order = out_of_order;
  view.window = gate_.window()->window();
  view.largest_window = gate_.window()->largest_window();
  view.base_rtt = gate_.window()->base_rtt();
  view.more_to_send = backlog_ > 0;
  view.retransmitting = window_.any_lost();
  return view;
}

// probe: the RTT that a probe's answer measured, 0 when this ACK answers none.
void Sender::run_sleek(Time now, std::uint32_t out_of_order, Duration probe, PdcContext& context) noexcept {
  congestion::Sleek& sleek = *gate_.sleek();
  const auto view = sleek_view(out_of_order);
  if (probe.v > 0) sleek.on_probe_ack(view, probe - view.base_rtt);
  const auto range = sleek.on_ack(now, view);
  for (Sequence s = std::max(range.from, window_.una()); s < range.to; ++s) {
    if (!window_.is_outstanding(s)) continue;
    window_.lose(s);
    ++context.counters.sleek_losses;
  }
}

void Sender::restart(Sequence start, const congestion::RcccParameters* rccc) noexcept {
  end_life(rccc);
  window_.restart(start);
  reported_units_ = 0;
  rto_at_ = Time::never();
  hold_until_ = Time{};
  refusals_ = 0;
  silent_ = hungry_ = 0;
  current_ = OutboundQueue::none;
  backlog_ = 0;
  reads_out_ = 0;
  queue_.forget_unsent();
  for (std::uint16_t i = queue_.first(); i != OutboundQueue::none; i = queue_.at(i).next) {
    OutboundMessage& message = queue_.at(i);
    const bool read = message.kind == OutboundKind::read;
    if (message.acknowledged_whole()) {
      reads_out_ += read && !message.done ? 1 : 0;
      continue;
    }
    message.acknowledged = 0;
    const bool one_packet = read || message.kind == OutboundKind::close;
    backlog_ += static_cast<std::int64_t>(message.packets) * window_.size(0) + (one_packet ? 0 : message.length);
    queue_.push_unsent(i);
  }
  load_current();
}

void Sender::end_life(const congestion::RcccParameters* rccc) noexcept {
  gate_.renew(rccc);
  probe_due = credit_request_due = clear_due = false;
}

void Sender::fail(Status status, Sequence at) noexcept {
  const Sequence next = window_.next();
  for (std::uint16_t i = queue_.first(), following = 0; i != OutboundQueue::none; i = following) {
    OutboundMessage& message = queue_.at(i);
    following = message.next;
    if (message.done) continue;
    const bool begun = message.first < next;
    message.acknowledged = message.packets;
    queue_.finish(message, begun && message.first <= at && at < message.end() ? status : Status::flushed);
  }
  window_.restart(next);
  queue_.forget_unsent();
  current_ = OutboundQueue::none;
  backlog_ = 0;
  next_payload_ = reads_out_ = 0;
  rto_at_ = Time::never();
  hold_until_ = Time{};
  probe_due = credit_request_due = clear_due = false;
}

void Sender::peer_closed() noexcept {
  window_.advance(window_.next(), [this](const SentPacket& packet) { acknowledged(packet); });
  settle_timer();
}

}  // namespace weft::uet
