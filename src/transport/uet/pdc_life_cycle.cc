// How a packet delivery context begins, ends and begins again; and control packets.
//
// Project profile, where the public sources are silent:
//  - CLOSE takes the PSN behind the last packet and is retransmitted like one; the ACK of that PSN ends the context. Control
//    packets of other kinds take no PSN; their psn field is the sender's next PSN (CLEAR: their word is the PSN to clear to).
//  - A target that has closed remembers its last peer, and acknowledges again what that peer sends again. It asks for nothing:
//    what it has granted or wanted ends with the life.
//  - A target whose own messages are not done answers CLOSE with NACK CLOSING; the initiator tries again.
//  - Lives follow each other by PSN: a packet below the start of this life is of an earlier one and means nothing; a SYN of the
//    last peer opens a life only if it starts 2^16 or more behind whatever the last one has used.
//  - NACK NEW_START_PSN more than 4 times before a life is established ends the context: the target does not know what it wants.
//  - NACK NO_PDC and INV_DPDCID for a packet in flight end the context: nobody can tell what was delivered.
#include <algorithm>

#include "transport/uet/pdc.hh"

namespace weft::uet {

using wire::NackCode;
using wire::PdsControl;
using wire::UetHeader;

// The initiator's first packet of a life leaves now.
void Pdc::open() noexcept {
  if (ever_opened_) {
    restart(unused() + reuse_distance);
    ++context_.counters.restarts;
  }
  ever_opened_ = true;
  context_.peer = 0;
  context_.life = Life::syn;
}

// Whether a request or control packet is for this context; if not, it is dropped, and whoever sent it may be told.
bool Pdc::admit(const Segment& segment) noexcept {
  const UetHeader& header = segment.header;
  if (header.has(UetHeader::syn)) return accept_syn(segment);
  if (header.dpdcid != context_.own) {
    ++context_.counters.dropped_wrong_context;
    if (!context_.initiator) receiver_.reject(segment, NackCode::invalid_dpdcid, 0, context_);
    return false;
  }
  const Sequence at = unwrap(header.psn, receiver_.expected());
  if (context_.life == Life::syn) return peer_known(header, at >= context_.start);
  if (header.spdcid != context_.peer) {
    ++context_.counters.dropped_no_context;
    if (!context_.initiator) receiver_.reject(segment, NackCode::no_pdc, 0, context_);
    return false;
  }
  if (at < context_.start) {
    ++context_.counters.dropped_wrong_context;
    return false;
  }
  if (context_.life != Life::closed) return true;
  if (!context_.initiator && at < receiver_.expected()) {
    answer_again(segment);
    return false;
  }
  ++context_.counters.dropped_no_context;
  if (!context_.initiator) receiver_.reject(segment, NackCode::no_pdc, 0, context_);
  return false;
}

// The target: the life is over, but its last peer does not know all of that.
void Pdc::answer_again(const Segment& segment) noexcept {
  if (segment.header.type == wire::PdsType::control && segment.header.control != PdsControl::close) {
    ++context_.counters.dropped_no_context;
    return;
  }
  receiver_.acknowledge_again(segment, context_);
}

// The target: a packet that opens the context, or one more of those sent before our id was known.
bool Pdc::accept_syn(const Segment& segment) noexcept {
  const UetHeader& header = segment.header;
  constexpr std::uint16_t offset_bits = 0xfff;
  const std::uint32_t start = header.psn - (header.dpdcid & offset_bits);
  const bool same = ever_opened_ && header.spdcid == context_.peer && start == to_psn(context_.start);
  if (same && context_.life == Life::established) return true;
  if (same && !context_.initiator && unwrap(header.psn, receiver_.expected()) < receiver_.expected()) {
    answer_again(segment);
    return false;
  }
  const std::int64_t distance = psn_difference(start, to_psn(unused()));
  const bool another = header.spdcid != context_.peer;  // who starts where he likes
  const bool far = !ever_opened_ || distance >= reuse_distance || (another && distance <= -std::int64_t{reuse_distance});
  if (context_.initiator || context_.life != Life::closed || header.spdcid == 0 || !far) {
    ++context_.counters.dropped_wrong_context;
    if (!context_.initiator) receiver_.reject(segment, NackCode::invalid_syn, 0, context_);
    return false;
  }
  if (secure_start_ && start != secure_psn_) {
    ++context_.counters.dropped_no_context;
    receiver_.reject(segment, NackCode::new_start_psn, secure_psn_, context_);
    return false;
  }
  restart(ever_opened_ ? not_before(start, unused()) : first_sequence(start));
  establish(header.spdcid);
  ever_opened_ = true;
  return true;
}

void Pdc::establish(std::uint16_t peer) noexcept {
  context_.peer = peer;
  context_.life = Life::established;
  restarts_left_ = most_restarts;
}

// An answer, or the first request of the return direction: is it for us, and who is the target? What the target said in an
// earlier life does not tell that it knows of this one; and once this one is closed, nothing waits for an answer.
bool Pdc::peer_known(const UetHeader& header, bool of_this_life) noexcept {
  const bool opening = context_.life == Life::syn, closed = context_.life == Life::closed;
  if (header.dpdcid != context_.own || header.spdcid == 0 || closed || !(opening ? of_this_life : header.spdcid == context_.peer)) {
    ++context_.counters.dropped_wrong_context;
    return false;
  }
  if (opening) establish(header.spdcid);
  return true;
}

void Pdc::receive_negative(Time now, const UetHeader& header) noexcept {
  if (context_.mode == Mode::rudi) return sender_.negative(now, header, context_);
  if (!reliable() || header.dpdcid != context_.own) {
    ++context_.counters.dropped_wrong_context;
    return;
  }
  const Sequence at = unwrap(header.psn, sender_.una());
  const bool current = sender_.window().awaits(at);
  switch (header.nack) {
    case NackCode::no_pdc:
    case NackCode::invalid_dpdcid:
    case NackCode::invalid_syn:
    case NackCode::mode_mismatch:
      ++context_.counters.naks_received;
      if (current) lose_context(at);
      return;
    case NackCode::new_start_psn:
      ++context_.counters.naks_received;
      if (!current || context_.life != Life::syn) return;
      return restarts_left_ > 0 ? start_over(header.feedback().modified_length) : lose_context(at);
    default: break;
  }
  if (peer_known(header, current)) sender_.negative(now, header, context_);
}

// A closing initiator wanted just that; for any other it is the end.
void Pdc::lose_context(Sequence at) noexcept {
  if (context_.life == Life::closing) {
    sender_.peer_closed();
    return;
  }
  context_.life = Life::error;
  sender_.fail(Status::context_lost, at);
}

void Pdc::start_over(std::uint32_t psn) noexcept {
  --restarts_left_;
  ++context_.counters.restarts;
  restart(not_before(psn, unused()));
}

void Pdc::restart(Sequence start) noexcept {
  context_.start = start;
  sender_.restart(start, rccc_);
  receiver_.restart(start, rccc_);
}

// Nothing is owed any more, and nothing of this life may speak in the next.
void Pdc::end_life() noexcept {
  context_.life = Life::closed;
  sender_.end_life(rccc_);
  receiver_.end_life(rccc_);
  secure_psn_ = to_psn(unused() + 2 * reuse_distance);  // not where the initiator begins by itself: a secure life takes its round trip
  close_request_at_ = Time::never();
  close_request_due_ = false;
}

void Pdc::close(Time now) noexcept {
  if (failed() || !reliable()) return;
  if (context_.initiator) {
    close_wanted_ = true;
    settle();
  } else if (context_.life == Life::established) {
    close_request_at_ = now;
    close_requests_left_ = most_close_requests;
  }
}

// After whatever may have changed the state: closing begins or is over, or one half's failure is the other's.
void Pdc::settle() noexcept {
  if (failed()) return share_failure();
  if (context_.life == Life::closing && sender_.close_acknowledged()) end_life();
  if (!close_wanted_ || !sender_.idle() || !sender_.quiet()) return;
  if (context_.life == Life::established) {
    sender_.post_close();
    context_.life = Life::closing;
  }
  close_wanted_ = false;
}

void Pdc::take_close(Segment& segment) noexcept {
  if (!sender_.idle() || !sender_.all_sent()) return receiver_.reject(segment, NackCode::closing, 0, context_);
  receiver_.close(segment, context_);
  if (!receiver_.closed() || context_.life != Life::established) return;
  sender_.peer_closed();
  end_life();
}

void Pdc::receive_control(Time now, Segment& segment) noexcept {
  if (!reliable()) {
    ++context_.counters.dropped_unknown_type;
    return;
  }
  if (admit(segment)) obey(now, segment);
}

void Pdc::obey(Time now, Segment& segment) noexcept {
  const UetHeader& header = segment.header;
  const std::uint32_t word = header.feedback().modified_length;
  switch (header.control) {
    case PdsControl::credit: ++context_.counters.credits_received; return sender_.on_credit(word);
    case PdsControl::credit_request: return receiver_.credit_requested(word);
    case PdsControl::clear: return receiver_.clear_to(unwrap(word, receiver_.expected()));
    case PdsControl::clear_request: sender_.clear_due = true; return;
    case PdsControl::probe:
    case PdsControl::ack_request: return receiver_.probe(segment, context_);
    case PdsControl::close:
      if (context_.initiator) break;
      return take_close(segment);
    case PdsControl::close_request:
      if (!context_.initiator) break;
      return close(now);
    case PdsControl::noop:
    case PdsControl::negotiation: return;
  }
  ++context_.counters.dropped_unknown_type;
}

bool Pdc::next_control(Time now, Segment& out) noexcept {
  PdcCounters& counters = context_.counters;
  if (receiver_.credit_due) {
    receiver_.credit_due = false;
    ++counters.credits_sent;
    compose_control(PdsControl::credit, receiver_.credit_counter(), out);
  } else if (sender_.credit_request_due) {
    sender_.credit_request_sent(now);
    ++counters.credit_requests_sent;
    compose_control(PdsControl::credit_request, sender_.wanted_credit(context_), out);
  } else if (sender_.clear_due) {
    sender_.clear_due = false;
    compose_control(PdsControl::clear, to_psn(sender_.clear_point()), out);
  } else if (close_request_due_) {
    close_request_due_ = false;
    compose_control(PdsControl::close_request, 0, out);
  } else {
    return false;
  }
  return true;
}

// A probe measures the queues that data meets, so it goes where data goes.
void Pdc::emit_probe(Time now, Segment& out) noexcept {
  sender_.probe_sent(now);
  ++context_.counters.probes_sent;
  compose_control(PdsControl::probe, 0, out);
  out.header.offset = static_cast<std::int16_t>(sender_.probe_opaque());
  out.header.flags |= UetHeader::ack_request;
  out.ecn_capable = true;
}

void Pdc::compose_control(PdsControl control, std::uint32_t word, Segment& out) noexcept {
  out = blank_segment;
  UetHeader& header = out.header;
  header.type = wire::PdsType::control;
  header.control = control;
  header.use_feedback();
  header.feedback().modified_length = word;
  header.psn = to_psn(sender_.next());
  header.spdcid = context_.own;
  header.dpdcid = context_.peer;
  if (context_.mode == Mode::rod) header.flags |= UetHeader::rod;
  if (context_.life == Life::syn) {
    header.flags |= UetHeader::syn;
    header.psn = to_psn(context_.start);
    header.dpdcid = 0;
  }
  out.path = PathId{turn_++ & (paths_ - 1)};
}

}  // namespace weft::uet
