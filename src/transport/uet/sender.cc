#include "transport/uet/sender.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft::uet {

namespace {

constexpr std::int64_t longest_message = std::int64_t{1} << 31;

constexpr wire::SesOpcode opcode_of(OutboundKind kind, Mode mode) {
  switch (kind) {
    case OutboundKind::write: return wire::SesOpcode::write;
    case OutboundKind::read: return wire::SesOpcode::read;
    case OutboundKind::send: return mode == Mode::uud ? wire::SesOpcode::datagram_send : wire::SesOpcode::send;
    case OutboundKind::tagged_send: return wire::SesOpcode::tagged_send;
    case OutboundKind::response:
    case OutboundKind::close: break;
  }
  return wire::SesOpcode::noop;
}

constexpr wire::PdsType request_type(Mode mode, bool credit) {
  switch (mode) {
    case Mode::rud: return credit ? wire::PdsType::rud_cc_request : wire::PdsType::rud_request;
    case Mode::rod: return credit ? wire::PdsType::rod_cc_request : wire::PdsType::rod_request;
    case Mode::rudi: return wire::PdsType::rudi_request;
    case Mode::uud: break;
  }
  return wire::PdsType::uud_request;
}

}  // namespace

void Sender::reset(const PdcConfig& config, Sequence start) {
  constexpr std::uint32_t widest_range = 16384;
  CHECK(config.mtu >= 1 && config.mtu <= 8192, "mtu", config.mtu);
  CHECK(config.psn_range >= 1 && config.psn_range <= widest_range, "psn_range", config.psn_range);
  CHECK(!config.has_window() || config.nscc != nullptr, "congestion", static_cast<int>(config.congestion));
  CHECK(!config.has_credit() || config.rccc != nullptr, "congestion", static_cast<int>(config.congestion));
  CHECK(config.recovery == Recovery::rto || (config.sleek != nullptr && config.has_window()), "SLEEK needs NSCC");
  const bool sends = config.send_depth + config.read_depth > 0;
  window_.reset(sends ? config.psn_range : 1, config.psn_usual, static_cast<std::uint32_t>(config.packet_overhead.v), start);
  queue_.reset(config.send_depth, config.read_depth);
  backlog_ = reported_units_ = 0;
  rto_at_ = Time::never();
  hold_until_ = probe_sent_at_ = silence_counted_until_ = Time{};
  waits_ = false;
  words_heard_ = 0;
  current_ = OutboundQueue::none;
  next_payload_ = refusals_ = reads_out_ = 0;
  silent_ = hungry_ = 0;
  read_depth_ = config.read_depth;
  mtu_ = config.mtu;
  least_rto_ = config.least_rto;
  retry_count_ = config.retry_count;
  refusal_count_ = config.refusal_count;
  heard_ = false;
  fixed_path_ = config.mode == Mode::rod;
  path_chosen_ = probe_due = credit_request_due = clear_due = false;
  path_ = probe_opaque_ = 0;
  gate_.reset(config);
  paths_.reset(config.path_policy, config.paths);
}

bool Sender::post(const WorkRequest& request, OutboundKind kind) noexcept {
  if (!queue_.room_for_work() || request.length.v < 0 || request.length.v > longest_message) return false;
  OutboundMessage message;
  message.kind = kind;
  message.id = request.id;
  message.length = static_cast<std::uint32_t>(request.length.v);
  message.region = request.region;
  message.address = request.address;
  message.remote_address = request.remote_address;
  message.key = request.key;
  message.header_data = request.header_data;
  message.initiator = request.initiator;
  message.resource_index = request.resource_index & 0xfff;
  enqueue(message);
  return true;
}

bool Sender::respond(std::uint16_t read_id, BufferId region, std::uint64_t address, std::uint32_t length) noexcept {
  if (!queue_.room_for_response()) return false;
  OutboundMessage message;
  message.kind = OutboundKind::response;
  message.key = read_id;
  message.region = region;
  message.address = address;
  message.length = length;
  enqueue(message);
  return true;
}

void Sender::post_close() noexcept {
  OutboundMessage message;
  message.kind = OutboundKind::close;
  CHECK(queue_.room_for_close(), "slots", queue_.last());
  enqueue(message);
}

void Sender::enqueue(OutboundMessage& message) noexcept {
  const bool one_packet = message.kind == OutboundKind::read || message.kind == OutboundKind::close;
  const std::uint64_t packets = one_packet ? 1 : std::max<std::uint64_t>(1, (std::uint64_t{message.length} + mtu_ - 1) / mtu_);
  message.packets = static_cast<std::uint32_t>(packets);
  backlog_ += static_cast<std::int64_t>(packets * window_.size(0)) + (one_packet ? 0 : message.length);
  queue_.push(message);
  load_current();
  if (gate_.starved() && window_.empty()) credit_request_due = true;  // nothing that we send would say so
}

// The message that the next new packet belongs to, and that packet's size. A message begins here: it gets its PSNs.
void Sender::load_current() noexcept {
  if (current_ == OutboundQueue::none) {
    next_payload_ = 0;
    current_ = queue_.take_unsent(reads_out_ < read_depth_);
    if (current_ == OutboundQueue::none) return;
    OutboundMessage& begun = queue_.at(current_);
    begun.first = window_.next();
    if (begun.kind == OutboundKind::read) ++reads_out_;
  }
  const OutboundMessage& message = queue_.at(current_);
  if (message.kind == OutboundKind::read || message.kind == OutboundKind::close) return;
  const std::uint64_t offset = (window_.next() - message.first) * mtu_;
  next_payload_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(mtu_, message.length - offset));
}

// Before the context is established, and after: whether a packet may be sent, for all that the gates say.
bool Sender::may_send(const PdcContext& context) const noexcept {
  switch (context.life) {
    case Life::closed: return context.initiator;
    case Life::syn: return window_.any_lost() || window_.next() - context.start < syn_packets;
    case Life::closing: return window_.any_lost() || (current_ != OutboundQueue::none && queue_.at(current_).kind == OutboundKind::close);
    case Life::established: return true;
    case Life::error: break;
  }
  return false;
}

// ROD keeps one path, for a packet that overtakes another is a loss there.
inline std::uint16_t Sender::choose_path(Time now) noexcept {
  if (fixed_path_ && path_chosen_) return path_;
  path_ = static_cast<std::uint16_t>(paths_.next(now).v);
  path_chosen_ = true;
  return path_;
}

inline void Sender::address(const PdcContext& context, Sequence s, wire::UetHeader& header) const noexcept {
  if (context.mode == Mode::uud) return;
  header.psn = to_psn(s);
  if (context.mode == Mode::rudi) return;
  header.offset = static_cast<std::int16_t>(static_cast<std::int64_t>(clear_point() - s));
  header.spdcid = context.own;
  header.dpdcid = context.peer;
  if (context.life != Life::syn) return;
  header.flags |= wire::UetHeader::syn;
  header.dpdcid = static_cast<std::uint16_t>(s - context.start);
}

inline void Sender::compose(const OutboundMessage& message, Sequence s, std::uint32_t size, const PdcContext& context,
                            UetSegment& out) const noexcept {
  wire::UetHeader& header = out.header;
  address(context, s, header);
  if (message.kind == OutboundKind::close) [[unlikely]] {
    header.type = wire::PdsType::control;
    header.control = wire::PdsControl::close;
    header.offset = 0;
    if (context.mode == Mode::rod) header.flags |= wire::UetHeader::rod;
    header.use_feedback();
    return;
  }
  const auto offset = static_cast<std::uint32_t>((s - message.first) * mtu_);
  header.type = request_type(context.mode, gate_.has_credit());
  header.message_id = queue_.slot_of(message);
  wire::UetRequest& request = header.request();
  request.request_length = message.length;
  out.ecn_capable = true;
  if (message.kind != OutboundKind::read) out.payload = {message.address + offset, message.region, size};
  if (message.kind == OutboundKind::response) [[unlikely]] {
    header.next = wire::PdsNext::response_data;
    request.match_bits = message.key;
    request.message_offset = offset;
    return;
  }
  header.next = wire::PdsNext::request_standard;
  header.opcode = opcode_of(message.kind, context.mode);
  request.buffer_offset = message.remote_address;
  request.match_bits = message.key;
  request.initiator = message.initiator;
  request.resource_index = message.resource_index;
  if (s == message.first) {
    header.ses_flags = wire::UetHeader::som;
    request.header_data = message.header_data;
  } else {
    request.message_offset = offset;
  }
  if (s + 1 == message.end()) header.ses_flags |= wire::UetHeader::eom;
}

void Sender::emit(Time now, PdcContext& context, UetSegment& out) noexcept {
  out = blank_segment;
  const bool again = window_.any_lost();
  const Sequence s = again ? window_.first_lost() : window_.next();
  const std::uint16_t slot = again ? window_.at(s).message : current_;
  const std::uint32_t payload = again ? window_.at(s).payload : next_payload_;
  OutboundMessage& message = queue_.at(slot);
  const std::uint16_t path = choose_path(now);
  out.path = PathId{path};
  compose(message, s, payload, context, out);
  const std::uint32_t size = window_.size(payload);
  bool ask = again;
  gate_.on_sent(size);
  if (again) {
    window_.sent_again(now, path, s);
    out.header.flags |= wire::UetHeader::retransmit;
    ++context.counters.data_retransmitted;
  } else {
    window_.sent(now, path, payload, slot);
    backlog_ -= size;
    if (message.kind != OutboundKind::close) ++context.counters.data_sent;
    const bool last = s + 1 == message.end();
    ask = last || window_.full() || gate_.closing(window_.in_flight(), size);
    if (last) current_ = OutboundQueue::none;
    load_current();
  }
  if (context.mode == Mode::uud) return finish_datagram(message);
  arm(now);
  if (context.mode == Mode::rudi) return;
  if (ask) out.header.flags |= wire::UetHeader::ack_request;
  if (gate_.has_credit() && message.kind != OutboundKind::close) out.header.credit = wanted_credit(context);
}

// Nobody will tell what became of it.
void Sender::finish_datagram(OutboundMessage& message) noexcept {
  window_.advance(window_.next(), [&message](const SentPacket&) { message.acknowledged = 1; });
  queue_.finish(message, Status::success);
}

std::uint32_t Sender::wanted_credit(const PdcContext& context) const noexcept {
  if (!gate_.has_credit()) return 0;
  return gate_.credit_target(backlog_ + window_.lost_bytes(), window_.size(mtu_), context.senders);
}

void Sender::digest(Digest& d) const noexcept {
  window_.digest(d);
  gate_.digest(d);
  paths_.digest(d);
  d.add(reads_out_)
      .add(static_cast<std::uint64_t>(backlog_))
      .add(rto_at_)
      .add(hold_until_)
      .add(current_)
      .add(silent_)
      .add(hungry_)
      .add(heard_);
  d.add(static_cast<std::uint64_t>(reported_units_)).add(path_).add(probe_opaque_).add(probe_sent_at_).add(refusals_);
  d.add(probe_due).add(credit_request_due).add(clear_due).add(queue_.first()).add(queue_.last());
  for (std::uint16_t i = queue_.first(); i != OutboundQueue::none; i = queue_.at(i).next)
    d.add(queue_.at(i).acknowledged).add(queue_.at(i).received).add(queue_.at(i).done);
}

}  // namespace weft::uet
