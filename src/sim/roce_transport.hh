// RoceTransport: how the simulator makes RoCE engines of flows; what TransportOf asks for.
//
// A flow is one connection; its QP number at both ends is flow + 16 (24 bits). Messages longer than 1 GiB are posted in
// parts. First PSN: drawn from the seed for each flow.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "sim/accounting.hh"
#include "sim/addresses.hh"
#include "sim/engine_pool.hh"
#include "sim/flow_table.hh"
#include "sim/open_memory.hh"
#include "sim/sim_transport.hh"
#include "transport/roce/queue_pair.hh"

namespace weft {

class RoceTransport {
 public:
  using Engine = roce::QueuePair;
  using Header = wire::RoceHeader;
  using Slot = EngineSlot<Engine>;
  using Completion = roce::Completion;
  static constexpr roce::Status success = roce::Status::success;
  [[nodiscard]] static std::string_view status_text(roce::Status status) { return roce::status_text(status); }

  static constexpr bool per_packet_paths = false, receiver_credit = false;
  static constexpr SlotLines lines{0b1'0101'1111'1111, 0b0'0001'1000'1011};

  explicit RoceTransport(const Scenario& scenario);

  // `end` as in FlowTable; `finished`: the target of a flow whose message has come already, which only answers duplicates.
  [[nodiscard]] roce::QueuePairConfig config(const FlowSpec& flow, std::uint32_t end, Line line, bool finished) const;
  [[nodiscard]] std::unique_ptr<Slot> make(const roce::QueuePairConfig& config);
  [[nodiscard]] std::unique_ptr<Slot> make_spare(bool initiator);
  // Posts the flow's work at its initiator, or what its target needs to receive it.
  void begin(Slot& slot, const FlowSpec& flow, bool initiator) const;
  [[nodiscard]] std::uint16_t wire_bytes(const Header& header, std::uint32_t payload) const {
    return accounting_.bytes(header.opcode, payload);
  }
  static void add_counters(const Engine& engine, EndState& state);
  void prepare(const std::vector<FlowSpec>& flows, const std::string& file, const NetworkFigures& network);
  [[nodiscard]] Bytes full_packet() const { return {accounting_.bytes(wire::RoceOpcode::write_first, fabric_.mtu)}; }
  [[nodiscard]] Bytes answer_packet() const { return {accounting_.bytes(wire::RoceOpcode::acknowledge, 0)}; }
  [[nodiscard]] MessageSizes sizes(const FlowSpec& flow) const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::uint16_t source_port(const Record&, std::uint32_t end) const { return weft::source_port(seed_, end); }
  [[nodiscard]] std::size_t build_frame(const wire::RoceHeader& header, const FrameSurroundings& around, std::span<std::byte> room) const;
  void check_frame(const wire::RoceHeader& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const;
  // Messages a flow is posted as.
  [[nodiscard]] static std::uint32_t messages(const FlowSpec& flow) {
    return static_cast<std::uint32_t>((flow.size.v + longest_message - 1) / longest_message);
  }
  [[nodiscard]] std::uint64_t data_packets(const FlowSpec& flow) const {
    return static_cast<std::uint64_t>((flow.size.v + mtu_ - 1) / mtu_);  // longest_message is a multiple of every MTU
  }
  // The largest retransmission timeout, for the stall rule; 0 when timeouts are off.
  [[nodiscard]] Duration largest_timeout() const;

 private:
  // Most flows a run may hold: QP numbers have 24 bits.
  static constexpr std::size_t most_flows = (1U << 24) - 32;
  static constexpr std::int64_t longest_message = std::int64_t{1} << 30;
  [[nodiscard]] std::uint32_t first_psn(std::uint32_t flow) const;
  void set_network(roce::QueuePairConfig& config, Rate line) const;
  void set_inside(roce::QueuePairConfig& config, Rate line) const;

  FabricParameters fabric_;
  Accounting accounting_;
  std::unique_ptr<OpenMemory> memory_ = std::make_unique<OpenMemory>();
  std::uint64_t seed_;
  std::int64_t mtu_;
  std::uint32_t inside_exponent_ = 0;  // of the timeout inside servers
};

}  // namespace weft
