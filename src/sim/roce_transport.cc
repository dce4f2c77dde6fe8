#include "sim/roce_transport.hh"

#include <algorithm>

#include "base/check.hh"
#include "base/random.hh"

namespace weft {

RoceTransport::RoceTransport(const FabricParameters& fabric, const Accounting& accounting, std::uint64_t seed)
    : fabric_(fabric), accounting_(accounting), seed_(seed), mtu_(fabric.mtu) {}

std::uint32_t RoceTransport::first_psn(std::uint32_t flow) const {
  return static_cast<std::uint32_t>(random_key(seed_, RandomRoom::flow, flow) & 0xffffff);
}

roce::QueuePairConfig RoceTransport::config(const FlowSpec& flow, std::uint32_t end, Rate line, bool finished) const {
  const std::uint32_t id = end / 2;
  roce::QueuePairConfig config;
  config.own_qp = config.dest_qp = id + 16;
  const std::uint32_t first = first_psn(id);
  const auto sent = static_cast<std::uint32_t>(data_packets(flow));
  config.send_psn = first;
  config.expected_psn = (first + (finished ? sent : 0)) & 0xffffff;
  config.mtu = fabric_.mtu;
  config.ack_every = fabric_.ack_every;
  config.window = fabric_.window;
  const std::uint32_t depth = messages(flow);
  config.send_depth = end % 2 == 0 ? depth : 1;
  config.receive_depth = flow.operation == Operation::send && end % 2 == 1 ? depth : 1;
  config.initiator_depth = config.responder_resources = flow.operation == Operation::read ? std::min(depth, 16U) : 1;
  config.timeout_exponent = static_cast<std::uint8_t>(fabric_.timeout_exponent);
  config.retry_count = static_cast<std::uint8_t>(fabric_.retry_count);
  config.rnr_retry = static_cast<std::uint8_t>(fabric_.rnr_retry);
  config.recovery = fabric_.recovery == Recovery::selective ? roce::Recovery::selective : roce::Recovery::go_back_n;
  // Sprayed packets overtake each other: only one that many others have passed is taken for lost.
  if (fabric_.load_balancing != LoadBalancing::ecmp) config.reordering = 128;
  config.packet_overhead = {accounting_.overhead(wire::RoceOpcode::write_middle)};
  config.line_rate = line;
  const auto law = congestion::make_congestion(fabric_.congestion, fabric_.congestion == "dcqcn" ? fabric_.dcqcn_set : "", line);
  CHECK(law.has_value(), "congestion", fabric_.congestion, "set", fabric_.dcqcn_set);
  config.congestion = *law;
  return config;
}

std::unique_ptr<RoceTransport::Slot> RoceTransport::make(const roce::QueuePairConfig& config) {
  return std::make_unique<Slot>(config, *memory_);
}

std::unique_ptr<RoceTransport::Slot> RoceTransport::make_spare() {
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

Duration RoceTransport::largest_timeout() const {
  if (fabric_.timeout_exponent == 0) return {0};
  return {4'096'000LL << fabric_.timeout_exponent};
}

}  // namespace weft
