// UetTransport: how the simulator makes Ultra Ethernet engines of flows; what TransportOf asks for.
//
// A flow is one message over a packet delivery context of its own; its PDC id at both ends is 1 + flow mod 65535 (RUDI has no
// PDC; packets find their flow by what the simulator knows). Messages longer than 1 GiB are posted in parts, a tagged SEND's with
// match bits (flow, part), which the target's receives have. Start PSN and paths: drawn from the seed for each flow. The laws'
// parameters are worked out once for each rate that a host's port has, before the run.
// Sizes: those of wire/frame_size.hh, or what `accounting` of the scenario says.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "sim/addresses.hh"
#include "sim/engine_pool.hh"
#include "sim/flow_table.hh"
#include "sim/open_memory.hh"
#include "sim/sim_transport.hh"
#include "transport/congestion/credit_pacer.hh"
#include "transport/uet/pdc.hh"

namespace weft {

class UetTransport {
 public:
  using Engine = uet::Pdc;
  using Header = wire::UetHeader;
  using Slot = EngineSlot<Engine>;
  using Completion = uet::Completion;
  static constexpr uet::Status success = uet::Status::success;
  static constexpr bool per_packet_paths = true, receiver_credit = true;
  static constexpr SlotLines lines{0b0101'1111'1111'0011, 0b0100'0000'1000'1111};
  [[nodiscard]] static std::string_view status_text(uet::Status status) { return uet::status_text(status); }

  explicit UetTransport(const Scenario& scenario);

  void prepare(const std::vector<FlowSpec>& flows, const std::string& file, const NetworkFigures& network);
  // `end` as in FlowTable; `finished`: the target of a flow whose message has come already, which only answers duplicates.
  [[nodiscard]] uet::PdcConfig config(const FlowSpec& flow, std::uint32_t end, Line line, bool finished) const;
  [[nodiscard]] std::unique_ptr<Slot> make(const uet::PdcConfig& config);
  [[nodiscard]] std::unique_ptr<Slot> make_spare(bool initiator);
  // Posts the flow's work at its initiator, or what its target needs to receive it.
  void begin(Slot& slot, const FlowSpec& flow, bool initiator) const;
  [[nodiscard]] std::uint16_t wire_bytes(const Header& header, std::uint32_t payload) const {
    const Size& size = sizes_[static_cast<std::size_t>(header.type) * 8 + static_cast<std::size_t>(header.next)];
    const std::uint32_t bytes = size.overhead + payload;
    return static_cast<std::uint16_t>(bytes < size.least ? size.least : bytes);
  }
  static void add_counters(const Engine& engine, EndState& state);
  [[nodiscard]] static std::uint32_t messages(const FlowSpec& flow) {
    return static_cast<std::uint32_t>((flow.size.v + longest_message - 1) / longest_message);
  }
  [[nodiscard]] std::uint64_t data_packets(const FlowSpec& flow) const;
  [[nodiscard]] Duration largest_timeout() const;
  [[nodiscard]] Bytes full_packet() const { return Bytes{overhead_ + std::int64_t{fabric_.mtu}}; }
  [[nodiscard]] Bytes answer_packet() const { return Bytes{answer_}; }
  [[nodiscard]] MessageSizes sizes(const FlowSpec& flow) const;
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::uint16_t source_port(const Record& record, std::uint32_t) const {
    return static_cast<std::uint16_t>(path_of(record.hash).v);
  }
  [[nodiscard]] std::size_t build_frame(const Header& header, const FrameSurroundings& around, std::span<std::byte> room) const;
  void check_frame(const Header& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const;

 private:
  struct Size {
    std::uint16_t overhead = 0, least = 0;
  };
  // What flows of one line rate have in common; those inside servers have laws of their own.
  struct Laws {
    Line line{};
    std::uint32_t psn_range = 0, psn_usual = 0;
    Duration least_rto{};
    congestion::NsccParameters nscc;
    congestion::RcccParameters rccc;
    congestion::SleekParameters sleek;
  };
  static constexpr std::int64_t longest_message = std::int64_t{1} << 30;
  void set_sizes(const AccountingParameters& accounting);
  [[nodiscard]] Laws make_laws(Line line, Duration round_trip) const;
  [[nodiscard]] const Laws& laws_of(Line line) const;
  [[nodiscard]] std::size_t payload_sent(const Header& header) const;
  void set_congestion(uet::PdcConfig& config, const Laws& laws) const;

  FabricParameters fabric_;
  std::uint64_t seed_;
  std::int64_t overhead_ = 0, least_ = 0, answer_ = 0;  // what a data packet adds, the least one; an ACK
  std::array<Size, 16 * 8> sizes_{};                    // by PDS type and next header
  bool targets_send_ = false;                           // READs: the bytes come from the target
  std::vector<Laws> laws_;                              // by rate; engines refer to them, so none is added during the run
  std::unique_ptr<OpenMemory> memory_ = std::make_unique<OpenMemory>();
};

}  // namespace weft
