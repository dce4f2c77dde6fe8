// Network: everything a run simulates, built from a scenario: nodes, links, routes, flows, and the threads' workers.
//
// Inside servers (topology/servers.hh) `fabric` does not hold; project profile: scale-up switches keep data and answers lossless by
// PFC that acts at once, with a buffer of their own and no ECN; a NIC behind PCIe pauses its GPUs as soon as it holds what keeps
// its wire busy, marks nothing, and pauses its switch where the fabric has PFC, else drops what it has no room for.
// switch_setup.cc has both sets of settings.
//
// Errors: InputError for what cannot be simulated: no route for a flow, more flows than QP numbers, unknown links, a lossy queue
// with no room for one frame.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/exchange.hh"
#include "core/node.hh"
#include "core/worker.hh"
#include "fabric/queue_sizes.hh"
#include "fabric/switch.hh"
#include "scenario/scenario.hh"
#include "sim/flow_table.hh"
#include "sim/gse_pods.hh"
#include "sim/link_plan.hh"
#include "sim/partition.hh"
#include "sim/sim_transport.hh"
#include "sim/task_runner.hh"
#include "sim/trigger_table.hh"
#include "topology/path.hh"
#include "topology/ports.hh"
#include "topology/routes.hh"
#include "topology/spec.hh"

namespace weft {

struct Network {
  explicit Network(const Scenario& scenario, unsigned threads);
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  const Scenario& scenario;
  TopologySpec spec;
  PortMap ports;
  LinkPlan plan;
  ClassTable classes;
  Traffic traffic;
  FlowTable table;
  std::unique_ptr<SimTransport> transport;
  Duration round_trip{};              // of the network at rest; 0 where no default follows from it
  std::vector<NodeId> computing;      // by reducer: its switch
  std::unique_ptr<GsePlan> gse;       // of a scheduled fabric
  std::vector<CoreExit> pod_exits;    // of a scheduled fabric whose pods core switches join
  std::vector<RoutingTables> routes;  // versions, the first for time 0
  std::vector<Time> routes_from;      // when each is used
  std::unique_ptr<FaultPlan> faults;  // of a scheduled fabric whose links change
  TriggerTable triggers;
  TaskRunner tasks;
  Partition partition;
  Exchange exchange;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::unique_ptr<Node>> nodes;
  std::vector<HostNode*> hosts;   // views into nodes
  std::vector<Switch*> switches;  // views into nodes; nullptr for hosts
  Duration lookahead{};           // the least delay between two nodes: the longest window
  std::vector<std::string> warnings, notes;

  // The egress port of a directed link: its node's index and port number.
  struct Egress {
    std::uint32_t node = 0;
    std::uint16_t port = 0;
  };
  std::vector<Egress> egress;  // by directed link
  [[nodiscard]] EgressPort& port_of(std::uint32_t directed);
  [[nodiscard]] PortDetail& detail_of(std::uint32_t directed);
  [[nodiscard]] ClassQueue& queue_of(std::uint32_t directed, std::uint8_t slot);
  void settle(Time now);

  [[nodiscard]] bool is_end_point(NodeId node) const { return node.v < spec.end_points(); }
  // Whether GSE frames travel on the link: between switches of a scheduled fabric, and NICs where those are GSPs.
  [[nodiscard]] bool scheduled(std::uint32_t link) const;
  // The routes that follow from the links as they are from `t` on, at which some change.
  [[nodiscard]] std::uint32_t version_at(Time t) const;
  [[nodiscard]] std::span<const LinkId> dead_links(std::uint32_t version) const {
    const std::size_t i = plan.changes.size() + version;  // of the change, and as many versions more
    return i < routes.size() ? std::span<const LinkId>{} : plan.changes[i - routes.size()].dead;
  }
  [[nodiscard]] Time change_of(std::uint32_t version) const { return plan.changes[plan.changes.size() - routes.size() + version].at; }

 private:
  [[nodiscard]] NetworkFigures figures() const;
  [[nodiscard]] PortLine line_of(const Port& port) const;
  void mark_inside_flows();
  void set_schedule();
  void set_flow_hosts();
  void set_ways_out(std::uint32_t node, SwitchParameters& p) const;
  void set_schedule_of(std::uint32_t node, SwitchParameters& p) const;
  void set_nic_buffer(SwitchParameters& p) const;
  [[nodiscard]] std::uint32_t spread_by_nics(std::uint32_t node) const;
  void build_exchange(unsigned threads);
  void build_nodes();
  void wire_ports();
  void wire_port(std::uint32_t node, std::uint16_t number, const Port& port);
  void set_link_layers();
  void set_link_layer(std::uint32_t node, std::size_t number, const Port& port);
  void set_retry(LinkLayer& layer, const Port& port);
  void set_credits(LinkLayer& layer, const Port& port);
  void schedule_links();
  void assign_flows();
  void expect_flows();
  void assign_tasks();
  void check_lossless();
  void check_lossy() const;
  void check_lossy(const Switch& at, const Port& port) const;
  // Nothing but end points of one server, or one end point, is behind.
  [[nodiscard]] bool leads_to_host(const Port& port) const {
    return is_end_point(port.peer) || spec.nodes[port.peer.index()].role == NodeRole::nic;
  }
  [[nodiscard]] Duration pause_response(LinkId link, Rate rate) const;
  [[nodiscard]] ClassTable classes_at(std::uint32_t node) const;
  [[nodiscard]] Bytes full_frame_on(std::uint32_t link) const;
  [[nodiscard]] Bytes trimmed_packet() const;
  [[nodiscard]] bool enters_schedule(std::uint32_t directed) const;
  [[nodiscard]] std::uint32_t credits_of(std::uint32_t directed) const;
  [[nodiscard]] std::uint32_t credit_room(const Port& port) const;
  [[nodiscard]] bool has_credits(const Port& port) const;
  [[nodiscard]] bool sends_pauses(std::uint32_t node, const Port& port) const;
  [[nodiscard]] std::int64_t nic_threshold(std::uint32_t node) const;
  void set_inside_server(SwitchParameters& p) const;
  void set_of_network(SwitchParameters& p) const;
  [[nodiscard]] std::uint32_t headroom(std::uint32_t node, const Port& port) const;
  [[nodiscard]] std::vector<std::uint32_t> headrooms(std::uint32_t node) const;
  [[nodiscard]] Bytes room_of_exits() const;
  void set_round_trip();
  void set_marker(EgressPort& out, const QueueSizes& sizes, const Port& port) const;
  [[nodiscard]] QueueSizes queue_sizes_of(std::uint32_t directed) const;
  [[nodiscard]] SwitchParameters switch_parameters(std::uint32_t node) const;
};

}  // namespace weft
