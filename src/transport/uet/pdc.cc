#include "transport/uet/pdc.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft::uet {

using wire::PdsType;
using wire::UetHeader;

Pdc::Pdc(const PdcConfig& config, Memory& memory) : receiver_(memory) { reset(config); }

void Pdc::reset(const PdcConfig& config) {
  CHECK(config.pdcid != 0, "pdcid", config.pdcid);
  CHECK(config.line_rate.v > 0, "line_rate", config.line_rate.v);
  CHECK(config.least_rto.v > 0, "least_rto", config.least_rto.v);
  CHECK(!config.has_credit() || config.mode == Mode::rud || config.mode == Mode::rod, "mode", static_cast<int>(config.mode));
  context_ = PdcContext{};
  context_.mode = config.mode;
  context_.initiator = config.initiator;
  context_.own = config.pdcid;
  context_.peer = config.peer_pdcid;
  context_.start = first_sequence(config.start_psn);
  const bool stands = config.peer_pdcid != 0 || config.mode == Mode::rudi || config.mode == Mode::uud;
  context_.life = stands ? Life::established : Life::closed;
  sender_.reset(config, context_.start);
  receiver_.reset(config, context_.start);
  rccc_ = config.rccc;
  close_request_at_ = Time::never();
  close_request_every_ = config.least_rto * 16;
  secure_psn_ = config.secure_psn;
  secure_start_ = config.secure_start;
  paths_ = std::max(config.paths.paths, 1U);
  turn_ = 0;
  close_requests_left_ = 0;
  restarts_left_ = most_restarts;
  ever_opened_ = stands;
  close_wanted_ = close_request_due_ = false;
}

bool Pdc::post(const WorkRequest& request, OutboundKind kind) noexcept {
  if (failed()) return false;
  if (context_.mode == Mode::uud && !sender_.fits_one_packet(request.length)) return false;
  return sender_.post(request, kind);
}

void Pdc::receive_other(Time now, Segment& segment) noexcept {
  segment.placement = {};
  if (failed()) {
    ++context_.counters.dropped_in_error;
    return;
  }
  const UetHeader& header = segment.header;
  switch (header.type) {
    case PdsType::rud_request:
    case PdsType::rud_cc_request:
    case PdsType::rod_request:
    case PdsType::rod_cc_request:
    case PdsType::rudi_request:
    case PdsType::uud_request: receive_request(segment); break;
    case PdsType::ack:
    case PdsType::ack_cc:
    case PdsType::ack_ccx: receive_acknowledgement(now, header); break;
    case PdsType::rudi_response:
      if (context_.mode == Mode::rudi) {
        sender_.response(now, header, context_);
      } else {
        ++context_.counters.dropped_unknown_type;
      }
      break;
    case PdsType::nack:
    case PdsType::nack_ccx: receive_negative(now, header); break;
    case PdsType::control: receive_control(now, segment); break;
    default: ++context_.counters.dropped_unknown_type; break;
  }
  settle();
}

void Pdc::receive_request(Segment& segment) noexcept {
  const PdsType type = segment.header.type;
  const bool ordered = type == PdsType::rod_request || type == PdsType::rod_cc_request;
  if (type == PdsType::uud_request || type == PdsType::rudi_request) {
    if (context_.mode == Mode::uud && type == PdsType::uud_request) return receiver_.datagram(segment, context_);
    if (context_.mode == Mode::rudi && type == PdsType::rudi_request) return receiver_.rudi(segment, context_);
    ++context_.counters.dropped_unknown_type;
    return;
  }
  if (!reliable() || ordered != (context_.mode == Mode::rod)) {
    ++context_.counters.dropped_unknown_type;
    if (reliable()) receiver_.reject(segment, wire::NackCode::mode_mismatch, 0, context_);
    return;
  }
  if (admit(segment)) receiver_.request(segment, context_, sender_);
}

void Pdc::receive_acknowledgement(Time now, const UetHeader& header) noexcept {
  const Sequence cumulative = unwrap(header.psn, sender_.una()) + 1;
  const bool of_this_life = cumulative >= context_.start && cumulative <= sender_.next();
  if (reliable() && peer_known(header, of_this_life)) sender_.acknowledge(now, header, context_);
}

void Pdc::advance(Time now) noexcept {
  if (failed()) return;
  sender_.advance(now, context_);
  if (close_request_at_ <= now) {
    close_request_due_ = close_requests_left_ > 0;
    if (close_requests_left_ > 0) --close_requests_left_;
    close_request_at_ = close_requests_left_ > 0 ? now + close_request_every_ : Time::never();
  }
  settle();
}

// The pacer may still have a wish in its line that was of a life that is over.
Bytes Pdc::grant(Time now) noexcept {
  static_cast<void>(now);
  return context_.life == Life::closed ? Bytes{} : receiver_.grant();
}

void Pdc::share_failure() noexcept {
  receiver_.fail();
  close_request_at_ = Time::never();
  close_request_due_ = false;
}

std::uint64_t Pdc::digest() const noexcept {
  Digest d;
  const PdcCounters& c = context_.counters;
  sender_.digest(d);
  receiver_.digest(d);
  d.add(static_cast<std::uint64_t>(context_.life)).add(context_.peer).add(context_.start).add(close_request_at_).add(close_wanted_);
  d.add(turn_).add(close_request_due_).add(c.data_sent).add(c.data_retransmitted).add(c.timeouts).add(c.naks_received);
  d.add(c.acks_sent).add(c.nacks_sent).add(c.credits_sent).add(c.ecn_marked_received).add(c.trims_received).add(c.data_received);
  return d.value();
}

}  // namespace weft::uet
