#include "sim/cyclic_wait.hh"

#include <algorithm>

namespace weft {

namespace {

struct Graph {
  std::vector<std::uint32_t> vertices;                 // directed link * slots + slot, in order
  std::vector<std::vector<std::uint32_t>> successors;  // positions in vertices
};

std::string port_name(const Network& network, std::uint32_t directed) {
  const LinkSpec& link = network.spec.links[directed / 2];
  const std::string& a = network.spec.nodes[link.a.index()].name;
  const std::string& b = network.spec.nodes[link.b.index()].name;
  return directed % 2 == 0 ? a + ">" + b : b + ">" + a;
}

bool without_credits(const PortDetail& detail, std::uint8_t slot) {
  return detail.layer && (detail.layer->credit_blocked >> slot & 1) != 0;
}

// Since when the port may not send of the class; never: it may.
Time waiting_since(const PortDetail& detail, std::uint8_t slot) {
  Time since = Time::never();
  if ((detail.pfc_paused >> slot & 1) != 0) since = detail.paused_since[slot];
  if (without_credits(detail, slot)) since = std::min(since, detail.layer->blocked_since[slot]);
  return since;
}

std::vector<std::uint32_t> long_waits(Network& network, Time now, Duration least) {
  std::vector<std::uint32_t> found;
  const std::uint8_t slots = network.classes.slots;
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const PortDetail& detail = network.detail_of(directed);
    for (std::uint8_t slot = 0; slot < slots; ++slot) {
      const Time since = waiting_since(detail, slot);
      if (since < Time::never() && since + least <= now) found.push_back(directed * slots + slot);
    }
  }
  return found;
}

std::string reason_of(Network& network, std::uint32_t directed, std::uint8_t slot) {
  const std::string priority = std::to_string(network.classes.priority[slot]);
  return without_credits(network.detail_of(directed), slot) ? "without credits (class " + priority + ")"
                                                            : "paused (PFC class " + priority + ")";
}

// The egress ports of the switch at the far end that hold packets which came over `directed`, and wait themselves.
void add_successors(Network& network, const std::vector<std::uint32_t>& vertices, std::uint32_t vertex, std::vector<std::uint32_t>& out) {
  const std::uint8_t slots = network.classes.slots;
  const std::uint32_t directed = vertex / slots;
  const auto slot = static_cast<std::uint8_t>(vertex % slots);
  const InLink& in = network.exchange.links[directed];
  Switch* node = network.switches[in.node];
  if (node == nullptr) return;
  const std::uint32_t in_port = in.bit - node->first_bit();
  for (std::size_t i = 0; i < node->port_count(); ++i) {
    bool holds = false;
    node->queue(i, slot).ring.for_each([&](const Record& record) { holds = holds || record.in_port == in_port; });
    if (!holds) continue;
    const std::uint32_t next = node->port(i).link * slots + slot;
    const auto at = std::lower_bound(vertices.begin(), vertices.end(), next);
    if (at != vertices.end() && *at == next) out.push_back(static_cast<std::uint32_t>(at - vertices.begin()));
  }
}

// Some cycle, as positions in order; empty if there is none. Iterative depth-first search.
std::vector<std::uint32_t> find_cycle(const Graph& graph) {
  enum : std::uint8_t { unseen, open, closed };
  std::vector<std::uint8_t> state(graph.vertices.size(), unseen);
  for (std::uint32_t root = 0; root < graph.vertices.size(); ++root) {
    if (state[root] != unseen) continue;
    std::vector<std::pair<std::uint32_t, std::size_t>> stack{{root, 0}};
    state[root] = open;
    while (!stack.empty()) {
      auto& [vertex, next] = stack.back();
      if (next == graph.successors[vertex].size()) {
        state[vertex] = closed;
        stack.pop_back();
        continue;
      }
      const std::uint32_t to = graph.successors[vertex][next++];
      if (state[to] == open) {
        std::vector<std::uint32_t> cycle;
        bool inside = false;
        for (const auto& entry : stack) {
          inside = inside || entry.first == to;
          if (inside) cycle.push_back(entry.first);
        }
        return cycle;
      }
      if (state[to] == unseen) {
        state[to] = open;
        stack.emplace_back(to, 0);
      }
    }
  }
  return {};
}

}  // namespace

void CyclicWait::look(Network& network, Time now) {
  if (found()) return;
  Graph graph;
  graph.vertices = long_waits(network, now, least_wait_);
  if (graph.vertices.size() < 2) return;
  graph.successors.resize(graph.vertices.size());
  for (std::size_t v = 0; v < graph.vertices.size(); ++v) add_successors(network, graph.vertices, graph.vertices[v], graph.successors[v]);
  const auto cycle = find_cycle(graph);
  if (cycle.empty()) return;
  found_at_ = now;
  const std::uint8_t slots = network.classes.slots;
  for (std::size_t i = 0; i < cycle.size(); ++i) {
    const std::uint32_t here = graph.vertices[cycle[i]], next = graph.vertices[cycle[(i + 1) % cycle.size()]];
    edges_.push_back({port_name(network, here / slots), port_name(network, next / slots),
                      reason_of(network, here / slots, static_cast<std::uint8_t>(here % slots))});
  }
}

bool any_without_credits(Network& network) {
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const auto& layer = network.detail_of(directed).layer;
    if (layer && layer->credit_blocked != 0) return true;
  }
  return false;
}

std::vector<WaitEdge> standing_waits(Network& network, std::size_t most) {
  std::vector<WaitEdge> edges;
  for (std::uint32_t directed = 0; directed < network.egress.size() && edges.size() < most; ++directed) {
    const PortDetail& detail = network.detail_of(directed);
    const bool credits = detail.layer && detail.layer->credit_blocked != 0;
    if (detail.pfc_paused == 0 && !credits) continue;
    edges.push_back({port_name(network, directed), network.spec.nodes[network.exchange.links[directed].node].name,
                     credits ? "without credits" : "paused (PFC)"});
  }
  return edges;
}

}  // namespace weft
