// SimTransport: a transport protocol as a simulation sees it, whole: it makes hosts, knows what packets weigh and how they look
// on the wire. TransportOf turns the protocol's own file (roce_transport.hh, uet_transport.hh) into one; make_transport() is
// the registry.
//
// To add a transport: one file with what TransportOf asks for, a line in make_transport(), its name in scenario/, its test.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/header_pool.hh"
#include "core/node.hh"
#include "core/record.hh"
#include "fabric/egress_port.hh"
#include "fabric/tap.hh"
#include "scenario/scenario.hh"
#include "sim/flow_table.hh"
#include "sim/task_runner.hh"
#include "sim/trigger_table.hh"
#include "topology/routes.hh"
#include "wire/ethernet.hh"
#include "wire/ipv4.hh"
#include "wire/trim.hh"

namespace weft {

// Told of what traced flows do; bins by time. See traces.hh.
class FlowTrace {
 public:
  FlowTrace() = default;
  FlowTrace(const FlowTrace&) = delete;
  FlowTrace& operator=(const FlowTrace&) = delete;
  virtual ~FlowTrace() = default;
  virtual void sent(std::uint32_t flow, std::uint32_t payload, Time now) = 0;
  virtual void in_flight(std::uint32_t flow, std::uint64_t packets, Time now) = 0;
};

// What a host's port is to the connections on it: their line rate (behind PCIe the NIC's; a reducer's: that of one member) and
// the rate at which all together may take in data.
struct PortLine {
  Rate line{}, intake{};
};

struct HostParameters {
  std::uint32_t index = 0, first_word = 0;
  ClassTable classes;
  std::uint64_t seed = 0;       // of the run: flows' entropy comes from it
  std::vector<PortLine> lines;  // by port
};

// A host between windows, whatever its transport: set-up, inspection, results.
class HostNode {
 public:
  HostNode() = default;
  HostNode(const HostNode&) = delete;
  HostNode& operator=(const HostNode&) = delete;
  virtual ~HostNode() = default;

  virtual void use_routes(std::vector<const RoutingTables*> versions) = 0;
  virtual void use_routes_from(Time at, std::uint32_t version) = 0;
  virtual void watch(Tap* tap, FlowTrace* trace) = 0;  // null: nobody
  virtual void comes_in_by(std::size_t port, std::uint32_t link) = 0;
  // Flows of this host that start by the clock, in the order (start, flow).
  virtual void set_timed_flows(std::vector<std::uint32_t> flows) = 0;
  // This host's part of a task graph begins then.
  virtual void begin_tasks(std::uint32_t work, Time at) = 0;
  // Writes down the state of engines still alive.
  virtual void record_live() = 0;
  // Calls visit(flow, packets in flight) for each flow of this host that has begun and is not over.
  virtual void for_each_waiting(const std::function<void(std::uint32_t, std::uint64_t)>& visit) const = 0;

  [[nodiscard]] virtual std::uint64_t progress() const = 0;     // data packets used by their engine
  [[nodiscard]] virtual std::uint64_t ends_closed() const = 0;  // initiators that completed or failed
  [[nodiscard]] virtual Time next_timed_start() const = 0;
  [[nodiscard]] virtual EgressPort& egress(std::size_t port) = 0;
  [[nodiscard]] virtual PortDetail& egress_detail(std::size_t port) = 0;
  [[nodiscard]] virtual ClassQueue& egress_queue(std::size_t port, std::uint8_t slot) = 0;
};

struct MadeHost {
  std::unique_ptr<Node> node;
  HostNode* host = nullptr;  // a view into node
};

// A message on the wire: `packets` data packets, all but the last one full; the first may weigh `first_extra` more; the answer
// that completes it (or, for a READ, the request that begins it) goes the other way.
struct MessageSizes {
  std::int64_t packets = 0;
  Bytes full{}, first_extra{}, last{}, answer{};
};

// What a transport may want to know of the network at rest.
struct NetworkFigures {
  Duration round_trip{};         // base RTT: fabric.base_rtt, or topology/idle_rtt.hh
  std::vector<Rate> line_rates;  // of all ports of hosts, each once
  // Inside servers, where nothing is lost: the same, and a time by which every answer has come. 0: there is no network inside.
  Duration inside_round_trip{}, inside_timeout{};
};

// How a connection runs. Inside a server: without congestion control, on one path, since the fabric's settings are those of the
// network; both its ends know that from the flow alone.
struct Line {
  Rate rate{};
  bool inside = false;
};

// What is around a packet's transport header on the wire.
struct FrameSurroundings {
  wire::MacAddress source{}, destination{};
  wire::Ipv4Header ip{};
  std::uint16_t source_port = 0;
  std::uint32_t payload = 0;
  wire::Trim trim = wire::Trim::none;
};

// What a switch of the simulation did to the packet: of records that a switch may trim.
[[nodiscard]] inline wire::Trim trim_of(const Record& record) {
  if (!record.has(Record::trimmed)) return wire::Trim::none;
  return record.has(Record::trimmed_last_hop) ? wire::Trim::trimmed_last_hop : wire::Trim::trimmed;
}

class SimTransport {
 public:
  SimTransport() = default;
  SimTransport(const SimTransport&) = delete;
  SimTransport& operator=(const SimTransport&) = delete;
  virtual ~SimTransport() = default;

  [[nodiscard]] virtual MadeHost make_host(const HostParameters& parameters, FlowTable& table, TriggerTable& triggers, TaskRunner& tasks,
                                           std::uint16_t thread) = 0;
  // Before the run: so many flows begin, and so many end, at hosts of this thread.
  virtual void expect(std::uint16_t thread, std::size_t initiators, std::size_t targets) = 0;
  // On a thread, before each of its windows: pools grow here.
  virtual void before_window(std::uint16_t thread) = 0;
  // Once, before the run. Throws InputError when the flows are more, or of another kind, than the transport carries.
  virtual void prepare(const std::vector<FlowSpec>& flows, const std::string& file, const NetworkFigures& network) = 0;
  // The largest retransmission timeout, for the stall rule; 0 when there is none.
  [[nodiscard]] virtual Duration largest_timeout() const = 0;
  [[nodiscard]] virtual Bytes full_packet() const = 0;
  [[nodiscard]] virtual Bytes answer_packet() const = 0;
  [[nodiscard]] virtual MessageSizes sizes(const FlowSpec& flow) const = 0;
  // What of it is modelled, for the results' notes.
  [[nodiscard]] virtual std::string description() const = 0;

  // The UDP source port: of the end that sends (addressing_end()), or the packet's entropy.
  [[nodiscard]] virtual std::uint16_t source_port(const Record& record, std::uint32_t end) const = 0;
  // The number of bytes written, or 0 when there is no room.
  [[nodiscard]] virtual std::size_t build_frame(const HeaderSlot& header, const FrameSurroundings& around,
                                                std::span<std::byte> room) const = 0;
  // Stops with CHECK unless `bytes` parse to that header and payload.
  virtual void check_frame(const HeaderSlot& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const = 0;
};

[[nodiscard]] std::unique_ptr<SimTransport> make_transport(const Scenario& scenario, unsigned threads);

}  // namespace weft
