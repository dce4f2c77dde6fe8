#include "topology/servers.hh"

#include <algorithm>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"
#include "topology/bounds.hh"

namespace weft {
namespace {

constexpr std::uint32_t default_gpus = 8;

[[noreturn]] void server_error(const TopologyParameters& p, const std::string& message, std::string hint = {}) {
  const int line = p.server && p.server->line != 0 ? p.server->line : p.line;
  throw InputError(place(p.source, line), "topology.server: " + message, std::move(hint));
}

std::string text(std::uint64_t number) { return std::to_string(number); }

struct Shape {
  std::uint32_t gpus = 0, nics = 0;
  std::uint32_t parallel = 1;  // links to the network, or NICs, of a GPU that has any
};

Shape shape_of(const TopologySpec& network, const TopologyParameters& p) {
  const ServerParameters& server = *p.server;
  const bool rail = network.kind == "rail" || network.kind == "rail-pods";
  Shape shape;
  shape.gpus = server.gpus != 0 ? server.gpus : rail ? p.gpus_per_server : default_gpus;
  if (rail && shape.gpus != p.gpus_per_server) {
    server_error(p, "`gpus` is " + text(shape.gpus) + ", but `gpus_per_server` of the rails is " + text(p.gpus_per_server),
                 "leave `gpus` out, or write the same number");
  }
  if (network.hosts % shape.gpus != 0) {
    server_error(p, text(network.hosts) + " hosts do not divide into servers of " + text(shape.gpus) + " GPUs",
                 "`gpus` must divide the number of hosts");
  }
  shape.nics = server.nics != 0 ? server.nics : shape.gpus;
  if (shape.nics < shape.gpus && !server.pcie) {
    server_error(p, text(shape.nics) + " NICs for " + text(shape.gpus) + " GPUs can only be shared through PCIe", "add pcie: {}");
  }
  if (shape.nics > shape.gpus && shape.nics % shape.gpus != 0) {
    server_error(p, text(shape.nics) + " NICs for " + text(shape.gpus) + " GPUs", "as many as GPUs, fewer, or a multiple");
  }
  shape.parallel = std::max(1U, shape.nics / shape.gpus);
  return shape;
}

class Assembly {
 public:
  Assembly(TopologySpec network, const TopologyParameters& p) : old_(std::move(network)), p_(p) {
    if (p.server) shape_ = shape_of(old_, p);
    servers_ = shape_.gpus == 0 ? 0 : old_.hosts / shape_.gpus;
    scale_up_ = p.server && p.server->scale_up ? &*p.server->scale_up : nullptr;
    switched_ = scale_up_ != nullptr && scale_up_->kind == ScaleUpParameters::Kind::through_switch;
    pcie_ = p.server && p.server->pcie ? &*p.server->pcie : nullptr;
  }

  TopologySpec build() {
    find_computing_switches();
    require_size();
    add_nodes();
    for (const LinkSpec& link : old_.links) add_network_link(link);
    if (pcie_ != nullptr) add_pcie();
    if (switched_) add_scale_up_switches();
    if (scale_up_ != nullptr && !switched_) add_mesh();
    require_links();
    add_reducer_links();
    return std::move(spec_);
  }

 private:
  [[nodiscard]] bool is_host(NodeId node) const { return node.v < old_.hosts; }
  [[nodiscard]] NodeId moved(NodeId node) const { return is_host(node) ? node : NodeId{node.v + spec_.reducers}; }
  [[nodiscard]] bool has_nic(NodeId host) const { return shape_.gpus == 0 || host.v % shape_.gpus < shape_.nics; }
  [[nodiscard]] NodeId nic(std::uint32_t server, std::uint32_t number) const { return {first_nic_ + server * shape_.nics + number}; }
  void connect(NodeId a, NodeId b, Rate rate, Duration delay, LinkRole role) {
    spec_.links.push_back({.a = a, .b = b, .rate = rate, .delay = delay, .role = role});
  }
  void connect_network(NodeId a, NodeId b, const LinkSpec& old) {
    spec_.links.push_back({.a = a, .b = b, .rate = old.rate, .delay = old.delay, .cost = old.cost});
  }

  // Access switches by their number in the network as it was.
  void find_computing_switches() {
    if (switched_ && scale_up_->reduces) spec_.reducers = servers_;
    if (p_.reduction != Reduction::access) return;
    std::vector<bool> access(old_.nodes.size(), false);
    for (const LinkSpec& link : old_.links) {
      if (is_host(link.a) && !is_host(link.b)) access[link.b.index()] = true;
      if (is_host(link.b) && !is_host(link.a)) access[link.a.index()] = true;
    }
    for (std::uint32_t node = old_.hosts; node < old_.nodes.size(); ++node) {
      if (access[node]) access_.push_back({node});
    }
    spec_.reducers += static_cast<std::uint32_t>(access_.size());
  }

  void require_size() const {
    const std::uint64_t gpus = shape_.gpus, nics = pcie_ != nullptr ? bounded_product(servers_, shape_.nics) : 0;
    const std::uint64_t devices = old_.nodes.size() - old_.hosts + nics + (switched_ ? servers_ : 0);
    if (nics > 0 && devices > max_switches) {
      server_error(p_,
                   "the network would have more than " + text(max_switches) + " switches, among which its " + text(nics) +
                       " NICs behind PCIe are counted",
                   "drop pcie, or make it smaller; NICs that schedule (fabric.gse.mode: e2e) are behind PCIe, and may be 65535 at most: "
                   "write mode: n2n");
    }
    const std::uint64_t mesh = scale_up_ != nullptr && !switched_ ? bounded_product(servers_, gpus * (gpus - 1) / 2) : 0;
    const std::uint64_t inside = std::uint64_t{old_.hosts} * (switched_ ? 1 : 0) + mesh + nics + spec_.reducers;
    require_buildable(p_, std::uint64_t{old_.hosts} + spec_.reducers, devices,
                      bounded_product(old_.links.size(), shape_.parallel) + inside);
  }

  void add_nodes() {
    spec_.kind = old_.kind;
    spec_.hosts = old_.hosts;
    spec_.gpus_per_server = shape_.gpus;
    spec_.scale_up = scale_up_ != nullptr;
    spec_.apart = old_.apart;
    for (std::uint32_t node = 0; node < old_.hosts; ++node) spec_.nodes.push_back(std::move(old_.nodes[node]));
    for (std::uint32_t i = 0; i < spec_.reducers; ++i) spec_.nodes.push_back({.name = "reducer" + text(i), .tier = 0, .latency = {}});
    for (std::size_t node = old_.hosts; node < old_.nodes.size(); ++node) spec_.nodes.push_back(std::move(old_.nodes[node]));
    first_nic_ = static_cast<std::uint32_t>(spec_.nodes.size());
    const std::uint32_t nics = pcie_ != nullptr ? servers_ * shape_.nics : 0;
    for (std::uint32_t i = 0; i < nics; ++i) {
      spec_.nodes.push_back({.name = "nic" + text(i), .tier = 1, .latency = {}, .role = NodeRole::nic});
    }
    first_scale_up_ = static_cast<std::uint32_t>(spec_.nodes.size());
    for (std::uint32_t i = 0; switched_ && i < servers_; ++i) {
      spec_.nodes.push_back({.name = "scaleup" + text(i), .tier = 1, .latency = scale_up_->latency, .role = NodeRole::scale_up_switch});
    }
  }

  // The end of a network link at a GPU, of which there may be several.
  [[nodiscard]] NodeId network_end(NodeId host, std::uint32_t number) const {
    if (pcie_ == nullptr) return host;
    return nic(host.v / shape_.gpus, host.v % shape_.gpus * shape_.parallel + number);
  }

  void add_network_link(const LinkSpec& link) {
    const bool a_host = is_host(link.a), b_host = is_host(link.b);
    if (!a_host && !b_host) return connect_network(moved(link.a), moved(link.b), link);
    if (a_host && b_host && pcie_ != nullptr) {
      server_error(p_, "the link " + spec_.nodes[link.a.index()].name + " - " + spec_.nodes[link.b.index()].name + " joins two GPUs",
                   "GPUs behind PCIe meet through switches only");
    }
    if ((a_host && !has_nic(link.a)) || (b_host && !has_nic(link.b))) return;
    for (std::uint32_t i = 0; i < shape_.parallel; ++i) {
      connect_network(a_host ? network_end(link.a, i) : moved(link.a), b_host ? network_end(link.b, i) : moved(link.b), link);
    }
  }

  void add_pcie() {
    for (std::uint32_t host = 0; host < spec_.hosts; ++host) {
      const std::uint32_t server = host / shape_.gpus, gpu = host % shape_.gpus;
      const std::uint32_t first = shape_.nics < shape_.gpus ? gpu % shape_.nics : gpu * shape_.parallel;
      for (std::uint32_t i = 0; i < shape_.parallel; ++i) {
        connect({host}, nic(server, first + i), pcie_->rate, pcie_->delay, LinkRole::pcie);
      }
    }
  }

  void add_scale_up_switches() {
    for (std::uint32_t host = 0; host < spec_.hosts; ++host) {
      connect({host}, {first_scale_up_ + host / shape_.gpus}, scale_up_->rate, scale_up_->delay, LinkRole::scale_up);
    }
  }

  void add_mesh() {
    for (std::uint32_t host = 0; host < spec_.hosts; ++host) {
      const std::uint32_t end = (host / shape_.gpus + 1) * shape_.gpus;
      for (std::uint32_t peer = host + 1; peer < end; ++peer) {
        connect({host}, {peer}, scale_up_->rate, scale_up_->delay, LinkRole::scale_up);
      }
    }
  }

  // Fewer NICs than GPUs may leave a switch with nobody.
  void require_links() const {
    std::vector<bool> used(spec_.nodes.size(), false);
    for (const LinkSpec& link : spec_.links) used[link.a.index()] = used[link.b.index()] = true;
    for (std::uint32_t node = spec_.end_points(); node < spec_.nodes.size(); ++node) {
      if (used[node]) continue;
      server_error(
          p_,
          "no NIC is left on " + spec_.nodes[node].name + ": a server of " + text(shape_.gpus) + " GPUs has " + text(shape_.nics) + " NICs",
          "as many rails or switches as NICs");
    }
  }

  void add_reducer_links() {
    std::vector<Rate> sum(spec_.nodes.size());
    for (const LinkSpec& link : spec_.links) {
      for (const NodeId end : {link.a, link.b}) sum[end.index()] = std::min(sum[end.index()] + link.rate, largest_rate);
    }
    for (std::uint32_t i = 0; i < spec_.reducers; ++i) {
      const std::uint32_t inside = spec_.reducers - static_cast<std::uint32_t>(access_.size());
      const NodeId at = i < inside ? NodeId{first_scale_up_ + i} : moved(access_[i - inside]);
      connect({spec_.hosts + i}, at, sum[at.index()], p_.reduction_delay, LinkRole::internal);
    }
  }

  TopologySpec old_, spec_;
  const TopologyParameters& p_;
  Shape shape_;
  const ScaleUpParameters* scale_up_ = nullptr;
  const PcieParameters* pcie_ = nullptr;
  bool switched_ = false;
  std::uint32_t servers_ = 0, first_nic_ = 0, first_scale_up_ = 0;
  std::vector<NodeId> access_;  // that compute
};

}  // namespace

TopologySpec add_servers(TopologySpec network, const TopologyParameters& parameters) {
  if (!parameters.server && parameters.reduction == Reduction::none) return network;
  return Assembly(std::move(network), parameters).build();
}

std::vector<NodeId> reducer_switches(const TopologySpec& spec) {
  std::vector<NodeId> switches(spec.reducers);
  for (const LinkSpec& link : spec.links) {
    if (link.role == LinkRole::internal) switches[link.a.v - spec.hosts] = link.b;
  }
  return switches;
}

bool inside_server(const TopologySpec& spec, const std::vector<NodeId>& switches, NodeId a, NodeId b) {
  if (!spec.scale_up) return false;
  for (const NodeId end : {a, b}) {
    if (end.v < spec.hosts) continue;
    return spec.nodes[switches[end.v - spec.hosts].index()].role == NodeRole::scale_up_switch;
  }
  return server_of(spec, a) == server_of(spec, b);
}

}  // namespace weft
