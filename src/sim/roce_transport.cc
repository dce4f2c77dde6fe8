#include "sim/roce_transport.hh"

#include <algorithm>

#include "base/check.hh"
#include "base/error.hh"
#include "base/random.hh"

#include "wire/frame.hh"

namespace weft {

namespace {

Duration timeout_of(std::uint32_t exponent) { return {4'096'000LL << exponent}; }

}  // namespace

RoceTransport::RoceTransport(const Scenario& scenario)
    : fabric_(scenario.fabric), accounting_(scenario.accounting), seed_(scenario.seed), mtu_(scenario.fabric.mtu) {}

void RoceTransport::prepare(const std::vector<FlowSpec>& flows, const std::string& file, const NetworkFigures& network) {
  inside_exponent_ = fabric_.timeout_exponent;
  constexpr std::uint32_t most_exponent = 31;
  while (inside_exponent_ != 0 && inside_exponent_ < most_exponent && timeout_of(inside_exponent_) < network.inside_timeout) {
    ++inside_exponent_;
  }
  if (flows.size() <= most_flows) return;
  throw InputError(file, "the scenario has " + std::to_string(flows.size()) + " flows",
                   "at most " + std::to_string(most_flows) + " can have a QP number of their own");
}

std::uint32_t RoceTransport::first_psn(std::uint32_t flow) const {
  return static_cast<std::uint32_t>(random_key(seed_, RandomRoom::flow, flow) & 0xffffff);
}

roce::QueuePairConfig RoceTransport::config(const FlowSpec& flow, std::uint32_t end, Line line, bool finished) const {
  const std::uint32_t id = end / 2;
  roce::QueuePairConfig config;
  config.own_qp = config.dest_qp = id + 16;
  const std::uint32_t first = first_psn(id);
  const auto sent = static_cast<std::uint32_t>(data_packets(flow));
  config.send_psn = first;
  config.expected_psn = (first + (finished ? sent : 0)) & 0xffffff;
  config.mtu = fabric_.mtu;
  config.ack_every = fabric_.ack_every;
  const std::uint32_t depth = messages(flow);
  config.send_depth = end % 2 == 0 ? depth : 1;
  config.receive_depth = flow.operation == Operation::send && end % 2 == 1 ? depth : 1;
  config.initiator_depth = config.responder_resources = flow.operation == Operation::read ? std::min(depth, 16U) : 1;
  config.retry_count = static_cast<std::uint8_t>(fabric_.retry_count);
  config.rnr_retry = static_cast<std::uint8_t>(fabric_.rnr_retry);
  config.recovery = fabric_.recovery == Recovery::selective ? roce::Recovery::selective : roce::Recovery::go_back_n;
  config.packet_overhead = {accounting_.overhead(wire::RoceOpcode::write_middle)};
  config.line_rate = line.rate;
  line.inside ? set_inside(config, line.rate) : set_network(config, line.rate);
  return config;
}

void RoceTransport::set_network(roce::QueuePairConfig& config, Rate line) const {
  config.window = fabric_.window;
  config.timeout_exponent = static_cast<std::uint8_t>(fabric_.timeout_exponent);
  // Sprayed packets overtake each other: only one that many others have passed is taken for lost.
  if (fabric_.load_balancing != LoadBalancing::ecmp) config.reordering = 128;
  const auto law = congestion::make_congestion(fabric_.congestion, fabric_.congestion == "dcqcn" ? fabric_.dcqcn_set : "", line);
  CHECK(law.has_value(), "congestion", fabric_.congestion, "set", fabric_.dcqcn_set);
  config.congestion = *law;
}

void RoceTransport::set_inside(roce::QueuePairConfig& config, Rate line) const {
  config.timeout_exponent = static_cast<std::uint8_t>(inside_exponent_);
  config.congestion = *congestion::make_congestion("none", "", line);
}

std::unique_ptr<RoceTransport::Slot> RoceTransport::make(const roce::QueuePairConfig& config) {
  return std::make_unique<Slot>(config, *memory_);
}

std::unique_ptr<RoceTransport::Slot> RoceTransport::make_spare(bool) {
  roce::QueuePairConfig config;
  config.send_depth = config.receive_depth = 1;
  config.initiator_depth = config.responder_resources = 1;
  return make(config);
}

void RoceTransport::begin(Slot& slot, const FlowSpec& flow, bool initiator) const {
  slot.expected = messages(flow);
  std::int64_t left = flow.size.v;
  for (std::uint32_t part = 0; part < slot.expected; ++part) {
    const Bytes length{std::min(left, longest_message)};
    left -= length.v;
    bool posted = true;
    if (initiator) {
      const roce::WorkRequest work{.id = part, .length = length};
      if (flow.operation == Operation::write)
        posted = slot.engine.post_write(work);
      else if (flow.operation == Operation::send)
        posted = slot.engine.post_send(work);
      else
        posted = slot.engine.post_read(work);
    } else if (flow.operation == Operation::send) {
      posted = slot.engine.post_receive({.id = part, .length = length});
    }
    CHECK(posted, "end", slot.end, "part", part);
  }
}

void RoceTransport::add_counters(const Engine& engine, EndState& state) {
  const roce::QueuePairCounters& c = engine.counters();
  state.packets += c.data_sent;
  state.retransmissions += c.data_retransmitted;
  state.timeouts += c.timeouts;
  state.naks += c.naks_received;
  state.cnps += c.cnps_received;
  state.ecn_marked += c.ecn_marked_received;
  state.accepted += c.data_received;
}

MessageSizes RoceTransport::sizes(const FlowSpec& flow) const {
  using wire::RoceOpcode;
  const bool read = flow.operation == Operation::read;
  const bool send = flow.operation == Operation::send;
  const auto packets = static_cast<std::int64_t>(data_packets(flow));
  const auto last_payload = static_cast<std::uint32_t>(flow.size.v - (packets - 1) * mtu_);
  const RoceOpcode first = read ? RoceOpcode::read_response_first : send ? RoceOpcode::send_first : RoceOpcode::write_first;
  const RoceOpcode middle = read ? RoceOpcode::read_response_middle : RoceOpcode::write_middle;
  const RoceOpcode only = read ? RoceOpcode::read_response_only : send ? RoceOpcode::send_only : RoceOpcode::write_only;
  const RoceOpcode last = packets == 1 ? only : read ? RoceOpcode::read_response_last : RoceOpcode::write_last;
  MessageSizes sizes;
  sizes.packets = packets;
  sizes.full = {accounting_.bytes(middle, fabric_.mtu)};
  sizes.first_extra = {accounting_.bytes(first, fabric_.mtu) - sizes.full.v};
  sizes.last = {accounting_.bytes(last, last_payload)};
  sizes.answer = {accounting_.bytes(read ? RoceOpcode::read_request : RoceOpcode::acknowledge, 0)};
  return sizes;
}

std::string RoceTransport::description() const {
  return std::string("RoCEv2 reliable connections with ") +
         (fabric_.recovery == Recovery::selective ? "selective repeat (project profile)" : "go-back-N") + ", congestion control " +
         fabric_.congestion;
}

std::size_t RoceTransport::build_frame(const wire::RoceHeader& header, const FrameSurroundings& around, std::span<std::byte> room) const {
  wire::RoceFrame frame;
  frame.source = around.source;
  frame.destination = around.destination;
  frame.ip = around.ip;
  frame.udp.source_port = around.source_port;
  frame.roce = header;
  frame.payload = wire::zero_payload(around.payload);
  return wire::build_frame(frame, wire::Fcs::absent, room);
}

// What went in must come out: nobody smuggles a field that is not on the wire.
void RoceTransport::check_frame(const wire::RoceHeader& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const {
  const auto parsed = wire::parse_frame(bytes, wire::Fcs::absent);
  CHECK(parsed.ok(), "frame", wire::name_of(parsed), "opcode", static_cast<unsigned>(header.opcode));
  CHECK(parsed.frame.roce == header, "opcode", static_cast<unsigned>(header.opcode), "psn", header.psn);
  CHECK(parsed.frame.payload.size() == around.payload, "payload", around.payload);
}

Duration RoceTransport::largest_timeout() const {
  const std::uint32_t exponent = std::max(fabric_.timeout_exponent, inside_exponent_);
  return exponent == 0 ? Duration{} : timeout_of(exponent);
}

}  // namespace weft
