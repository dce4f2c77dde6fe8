#include "sim/uet_transport.hh"

#include <algorithm>
#include <bit>

#include "base/check.hh"
#include "base/random.hh"
#include "fabric/queue_sizes.hh"
#include "wire/frame_size.hh"
#include "wire/uet_frame.hh"
#include "wire/uet_layout.hh"

namespace weft {

namespace {

constexpr std::uint32_t most_psn_range = 16384, least_psn_usual = 128;

bool carries_data(wire::PdsType type) {
  using wire::PdsType;
  return type == PdsType::rud_request || type == PdsType::rod_request || type == PdsType::rud_cc_request ||
         type == PdsType::rod_cc_request || type == PdsType::rudi_request || type == PdsType::uud_request;
}

uet::Mode mode_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::rud: return uet::Mode::rud;
    case Delivery::rod: return uet::Mode::rod;
    case Delivery::rudi: break;
  }
  return uet::Mode::rudi;
}

std::string_view name_of(Delivery delivery) {
  switch (delivery) {
    case Delivery::rud: return "RUD";
    case Delivery::rod: return "ROD";
    case Delivery::rudi: break;
  }
  return "RUDI";
}

bool post(uet::Pdc& engine, const uet::WorkRequest& work, Operation operation) {
  switch (operation) {
    case Operation::write: return engine.post_write(work);
    case Operation::read: return engine.post_read(work);
    case Operation::send: return engine.post_send(work);
    case Operation::tagged_send: break;
  }
  return engine.post_tagged_send(work);
}

uet::Congestion congestion_of(const std::string& name) {
  if (name == "nscc") return uet::Congestion::nscc;
  if (name == "rccc") return uet::Congestion::rccc;
  if (name == "nscc+rccc") return uet::Congestion::nscc_rccc;
  CHECK(name == "none", "congestion", name);
  return uet::Congestion::none;
}

multipath::PathPolicyKind policy_of(LoadBalancing kind) {
  switch (kind) {
    case LoadBalancing::bitmap: return multipath::PathPolicyKind::bitmap;
    case LoadBalancing::reps: return multipath::PathPolicyKind::reps;
    case LoadBalancing::mixed: return multipath::PathPolicyKind::mixed;
    default: return multipath::PathPolicyKind::oblivious;
  }
}

}  // namespace

UetTransport::UetTransport(const Scenario& scenario) : fabric_(scenario.fabric), seed_(scenario.seed) { set_sizes(scenario.accounting); }

void UetTransport::set_sizes(const AccountingParameters& accounting) {
  const std::int64_t gap = accounting.gap.value_or(wire::preamble_and_gap).v;
  for (std::size_t type = 0; type < 16; ++type) {
    for (std::size_t next = 0; next < 8; ++next) {
      const auto pds = static_cast<wire::PdsType>(type);
      const auto ses = static_cast<wire::PdsNext>(next);
      if (!wire::next_fits(pds, ses)) continue;
      Size& size = sizes_[type * 8 + next];
      constexpr std::int64_t sample = 256;  // long enough that the least frame plays no part
      const std::int64_t headers = wire::uet_frame_bytes(pds, ses, sample).v - sample;
      if (carries_data(pds)) {
        size.overhead = static_cast<std::uint16_t>(accounting.data_overhead.value_or(Bytes{headers}).v + gap);
        size.least = accounting.data_overhead ? size.overhead : static_cast<std::uint16_t>(wire::least_frame.v + gap);
      } else {
        size.overhead = static_cast<std::uint16_t>(accounting.ack_size.value_or(std::max(wire::least_frame, Bytes{headers})).v + gap);
        size.least = size.overhead;
      }
    }
  }
  using wire::PdsNext, wire::PdsType;
  const bool credit = fabric_.congestion == "rccc" || fabric_.congestion == "nscc+rccc";
  const bool rudi = fabric_.uet.delivery == Delivery::rudi;
  const PdsType data = rudi ? PdsType::rudi_request : credit ? PdsType::rud_cc_request : PdsType::rud_request;
  const PdsType answer = rudi ? PdsType::rudi_response : PdsType::ack_cc;
  const Size& of_data = sizes_[static_cast<std::size_t>(data) * 8 + static_cast<std::size_t>(PdsNext::request_standard)];
  overhead_ = of_data.overhead;
  least_ = of_data.least;
  answer_ = sizes_[static_cast<std::size_t>(answer) * 8 + static_cast<std::size_t>(PdsNext::response)].least;
}

UetTransport::Laws UetTransport::make_laws(Line line, Duration round_trip) const {
  const Bytes packet = full_packet(), payload{fabric_.mtu};
  const bool credit = fabric_.congestion == "rccc" || fabric_.congestion == "nscc+rccc";
  const congestion::NsccSettings settings{.line = line.rate,
                                          .base_rtt = round_trip,
                                          .packet = packet,
                                          .payload = payload,
                                          .trimming = fabric_.uet.trimming,
                                          .receiver_credit = credit};
  Laws laws{.line = line,
            .least_rto = least_rto(fabric_, line.rate, round_trip, packet),
            .nscc = congestion::make_nscc_parameters(settings),
            .rccc = congestion::make_rccc_parameters({.line = line.rate, .base_rtt = round_trip, .packet = packet, .payload = payload}),
            .sleek = {.payload = payload}};
  laws.sleek.target = laws.nscc.target;
  const std::int64_t largest = laws.nscc.largest_window(round_trip);
  const auto twice = static_cast<std::uint32_t>(std::min<std::int64_t>(2 * (largest / packet.v + 1), most_psn_range));
  // The records of sent packets come in powers of two: one more than that would double what a connection touches.
  laws.psn_usual = std::max(std::bit_floor(twice), least_psn_usual);
  laws.psn_range = fabric_.uet.psn_range.value_or(most_psn_range);
  return laws;
}

void UetTransport::prepare(const std::vector<FlowSpec>& flows, const std::string&, const NetworkFigures& network) {
  targets_send_ = std::any_of(flows.begin(), flows.end(), [](const FlowSpec& flow) { return flow.operation == Operation::read; });
  for (const Rate line : network.line_rates) {
    laws_.push_back(make_laws({line, false}, network.round_trip));
    if (network.inside_round_trip.v == 0) continue;
    laws_.push_back(make_laws({line, true}, network.inside_round_trip));
    laws_.back().least_rto = std::max(laws_.back().least_rto, network.inside_timeout);
  }
}

const UetTransport::Laws& UetTransport::laws_of(Line line) const {
  const auto found =
      std::find_if(laws_.begin(), laws_.end(), [&](const Laws& l) { return l.line.rate == line.rate && l.line.inside == line.inside; });
  CHECK(found != laws_.end(), "rate", line.rate.v, "inside", line.inside);
  return *found;
}

void UetTransport::set_congestion(uet::PdcConfig& config, const Laws& laws) const {
  config.congestion = laws.line.inside ? uet::Congestion::none : congestion_of(fabric_.congestion);
  config.recovery = fabric_.recovery == Recovery::sleek && !laws.line.inside ? uet::Recovery::sleek : uet::Recovery::rto;
  config.nscc = &laws.nscc;
  config.rccc = &laws.rccc;
  config.sleek = &laws.sleek;
  config.path_policy = laws.line.inside ? multipath::PathPolicyKind::oblivious : policy_of(fabric_.load_balancing);
}

uet::PdcConfig UetTransport::config(const FlowSpec& flow, std::uint32_t end, Line line, bool finished) const {
  const std::uint32_t id = end / 2;
  const Laws& laws = laws_of(line);
  const std::uint32_t depth = messages(flow);
  uet::PdcConfig config;
  config.mode = mode_of(fabric_.uet.delivery);
  config.initiator = end % 2 == 0;
  config.pdcid = static_cast<std::uint16_t>(1 + id % 65535);
  config.start_psn = static_cast<std::uint32_t>(random_key(seed_, RandomRoom::flow, id));
  if (finished) {
    config.peer_pdcid = config.pdcid;
    config.received = data_packets(flow);
  }
  config.mtu = fabric_.mtu;
  config.psn_range = laws.psn_range;
  config.psn_usual = laws.psn_usual;
  config.send_depth = config.initiator ? depth : 0;
  config.receive_depth = takes_receive(flow.operation) && !config.initiator ? depth : 1;
  config.messages = std::bit_ceil(std::min(depth, 16U));
  config.read_depth = flow.operation == Operation::read ? std::min(depth, 16U) : 0;
  config.ack_bytes = fabric_.uet.ack_bytes;
  config.packet_overhead = Bytes{overhead_};
  config.least_rto = laws.least_rto;
  config.retry_count = fabric_.retry_count;
  config.line_rate = line.rate;
  set_congestion(config, laws);
  config.paths = {.paths = line.inside ? 1 : fabric_.uet.paths, .key = random_key(seed_, RandomRoom::engine, end)};
  return config;
}

std::unique_ptr<UetTransport::Slot> UetTransport::make(const uet::PdcConfig& config) { return std::make_unique<Slot>(config, *memory_); }

std::unique_ptr<UetTransport::Slot> UetTransport::make_spare(bool initiator) {
  uet::PdcConfig config;
  config.receive_depth = config.messages = 1;
  config.send_depth = initiator ? 1 : 0;
  config.read_depth = targets_send_ ? 1 : 0;
  config.psn_range = laws_.front().psn_range;
  config.psn_usual = laws_.front().psn_usual;
  set_congestion(config, laws_.front());
  config.paths = {.paths = fabric_.uet.paths};
  return make(config);
}

void UetTransport::begin(Slot& slot, const FlowSpec& flow, bool initiator) const {
  slot.expected = messages(flow);
  const bool tagged = flow.operation == Operation::tagged_send;
  const std::uint64_t tag = std::uint64_t{slot.end / 2} << 32;  // each part matches the receive for it alone
  std::int64_t left = flow.size.v;
  for (std::uint32_t part = 0; part < slot.expected; ++part) {
    const Bytes length{std::min(left, longest_message)};
    left -= length.v;
    bool posted = true;
    if (initiator) {
      posted = post(slot.engine, {.id = part, .length = length, .key = tagged ? tag + part : 0}, flow.operation);
    } else if (takes_receive(flow.operation)) {
      posted = slot.engine.post_receive({.id = part, .length = length, .match_bits = tagged ? tag + part : 0, .tagged = tagged});
    }
    CHECK(posted, "end", slot.end, "part", part);
  }
}

void UetTransport::add_counters(const Engine& engine, EndState& state) {
  const uet::PdcCounters& c = engine.counters();
  state.packets += c.data_sent;
  state.retransmissions += c.data_retransmitted;
  state.timeouts += c.timeouts;
  state.naks += c.naks_received;
  state.ecn_marked += c.ecn_marked_received;
  state.accepted += c.data_received;
}

std::uint64_t UetTransport::data_packets(const FlowSpec& flow) const {
  std::uint64_t packets = 0;
  const std::int64_t mtu = fabric_.mtu;
  for (std::int64_t left = flow.size.v; left > 0; left -= longest_message)
    packets += static_cast<std::uint64_t>((std::min(left, longest_message) + mtu - 1) / mtu);
  return packets;
}

Duration UetTransport::largest_timeout() const {
  constexpr std::int64_t most_doublings = 64;
  Duration largest{};
  for (const Laws& laws : laws_) largest = std::max(largest, laws.least_rto);
  return largest * most_doublings;
}

MessageSizes UetTransport::sizes(const FlowSpec& flow) const {
  MessageSizes sizes;
  sizes.packets = static_cast<std::int64_t>(data_packets(flow));
  sizes.full = full_packet();
  const std::int64_t rest = flow.size.v - (sizes.packets - 1) * std::int64_t{fabric_.mtu};
  sizes.last = {std::max(overhead_ + rest, least_)};
  sizes.answer = {answer_};
  return sizes;
}

std::string UetTransport::description() const {
  std::string text = "Ultra Ethernet packet delivery contexts (";
  text += name_of(fabric_.uet.delivery);
  text += "), congestion control " + fabric_.congestion + ", loss detection by " + (fabric_.uet.trimming ? "packet trimming and " : "") +
          (fabric_.recovery == Recovery::sleek ? "SLEEK and timeout" : "timeout");
  return text + ", " + std::to_string(fabric_.uet.paths) + " entropy values a connection";
}

std::size_t UetTransport::build_frame(const Header& header, const FrameSurroundings& around, std::span<std::byte> room) const {
  wire::UetFrame frame;
  frame.source = around.source;
  frame.destination = around.destination;
  frame.ip = around.ip;
  frame.udp.source_port = around.source_port;
  frame.uet = header;
  frame.payload = wire::zero_payload(around.trim != Trim::none ? payload_sent(header) : around.payload);
  if (around.trim == Trim::none) return wire::build_uet_frame(frame, wire::Fcs::absent, wire::EndCrc::absent, room);
  return wire::build_trimmed_uet_frame(frame, wire::Fcs::absent, wire::EndCrc::absent, {.trim = around.trim}, room);
}

// What went in must come out: nobody smuggles a field that is not on the wire. Behind a trimming switch the semantic header is
// gone: what is left must still name the packet, and the place where it was trimmed.
void UetTransport::check_frame(const Header& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const {
  const auto parsed = wire::parse_uet_frame(bytes, wire::Fcs::absent, wire::EndCrc::absent);
  CHECK(parsed.ok(), "frame", wire::name_of(parsed), "type", static_cast<unsigned>(header.type), "next",
        static_cast<unsigned>(header.next));
  CHECK(parsed.frame.udp.source_port == around.source_port, "entropy", parsed.frame.udp.source_port);
  CHECK(parsed.trim == around.trim, "trim", static_cast<unsigned>(parsed.trim), "psn", header.psn);
  if (around.trim != Trim::none) {
    CHECK(parsed.extent != wire::UetExtent::whole && parsed.frame.uet.type == header.type && parsed.frame.uet.psn == header.psn, "psn",
          header.psn);
    return;
  }
  CHECK(parsed.frame.uet == header, "type", static_cast<unsigned>(header.type), "psn", header.psn, "next",
        static_cast<unsigned>(header.next));
  CHECK(parsed.frame.payload.size() == around.payload, "payload", around.payload);
}

// Of a data packet, from its own headers: the simulator forgets it when a switch trims the packet.
std::size_t UetTransport::payload_sent(const Header& header) const {
  if (!header.is_request()) return 0;
  const bool first = (header.ses_flags & Header::som) != 0 && header.next == wire::PdsNext::request_standard;
  const std::uint32_t offset = first ? 0 : header.request().message_offset;
  return std::min(fabric_.mtu, header.request().request_length - offset);
}

}  // namespace weft
