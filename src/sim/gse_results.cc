#include "sim/gse_results.hh"

#include <algorithm>

#include "sim/network.hh"

namespace weft {

std::vector<NamedCount> gse_counts(const Network& network) {
  struct Row {
    const char* name;
    std::uint64_t GseCounters::*member;
    bool largest = false;
  };
  constexpr Row rows[] = {{"queues_made", &GseCounters::queues_made},
                          {"queues_released", &GseCounters::queues_released},
                          {"most_queues", &GseCounters::most_queues, true},
                          {"most_waiting_bytes", &GseCounters::most_waiting_bytes, true},
                          {"containers", &GseCounters::containers},
                          {"requests", &GseCounters::requests},
                          {"requests_repeated", &GseCounters::requests_repeated},
                          {"grants", &GseCounters::grants},
                          {"packets_held", &GseCounters::held},
                          {"most_held_bytes", &GseCounters::most_held_bytes, true},
                          {"holes_passed_over", &GseCounters::holes},
                          {"packets_lost", &GseCounters::lost},
                          {"drops_late", &GseCounters::late},
                          {"drops_beyond_window", &GseCounters::beyond},
                          {"credit_written_off", &GseCounters::credit_written_off}};
  std::vector<NamedCount> counts;
  if (network.gse == nullptr) return counts;
  for (const Row& row : rows) {
    std::uint64_t count = 0;
    for (const Switch* s : network.switches) {
      if (s == nullptr || s->gse_counters() == nullptr) continue;
      const std::uint64_t own = s->gse_counters()->*row.member;
      count = row.largest ? std::max(count, own) : count + own;
    }
    counts.push_back({row.name, count});
  }
  if (network.faults == nullptr) return counts;
  std::uint64_t notices = 0;
  for (const Switch* s : network.switches) notices += s == nullptr ? 0 : s->faults_heard().sent;
  counts.push_back({"fault_notices", notices});
  return counts;
}

std::vector<WaitEdge> waits_for_grants(const Network& network, std::size_t most) {
  std::vector<WaitEdge> edges;
  for (std::uint32_t node = 0; node < network.switches.size() && edges.size() < most; ++node) {
    if (network.switches[node] == nullptr) continue;
    network.switches[node]->for_each_ungranted([&](std::uint32_t number) {
      const GsePlan::Exit& exit = network.gse->exits[number];
      const auto gsp = std::find(network.gse->gsp_of_node.begin(), network.gse->gsp_of_node.end(), exit.gsp);
      const auto egress = static_cast<std::uint32_t>(gsp - network.gse->gsp_of_node.begin());
      const NodeId behind = network.ports.port(NodeId{egress}, exit.port).peer;
      if (edges.size() < most)
        edges.push_back({network.spec.nodes[node].name, network.spec.nodes[egress].name + ">" + network.spec.nodes[behind.index()].name,
                         "without grants"});
    });
  }
  return edges;
}

}  // namespace weft
