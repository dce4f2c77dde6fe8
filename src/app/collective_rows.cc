#include "app/collective_rows.hh"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "collective/closed_form.hh"

namespace weft {
namespace {

using collective::MessageCost;

constexpr std::array<std::int64_t, 6> sizes{1'000, 64'000, 1'000'000, 16'777'216, 268'435'456, 1'000'000'000};
constexpr std::int64_t mtu = 4096, tree_chunk = 1'048'576, switch_chunks = 16, gpus = 8;
constexpr Rate network_rate{400'000'000'000}, inside_rate{3'600'000'000'000};

std::string text(std::int64_t value) { return std::to_string(value); }

std::string on_switch(std::uint32_t n, const std::string& more) {
  return "topology: { kind: switch, hosts: " + text(n) + ", link: { rate: 400Gbps, delay: 1us }" + more + " }\n";
}
std::string nic(std::uint32_t n) { return on_switch(n, ""); }
std::string mesh(std::uint32_t n) {
  return on_switch(n, ", server: { gpus: " + text(n) + ", scale_up: { kind: mesh, rate: 400Gbps, delay: 300ns } }");
}
std::string access(std::uint32_t n) { return on_switch(n, ", reduction: access"); }
std::string rails(std::uint32_t n) {
  return "topology: { kind: rail, servers: " + text(n / gpus) + ", gpus_per_server: " + text(gpus) +
         ", link: { rate: 400Gbps, delay: 1us }, server: { scale_up: { rate: 3600Gbps } } }\n";
}

std::string scenario_of(const std::string& network, std::uint32_t last_host, const std::string& collective) {
  return network + "fabric: { transport: roce, congestion: none, lossless: pfc, mtu: " + text(mtu) +
         " }\nworkloads: [ { kind: collective, hosts: [0-" + text(last_host) + "], " + collective + " } ]\n";
}

MessageCost roce(Rate rate, std::int64_t stores) {
  return {.rate = rate, .packet = {mtu}, .unit = {4}, .per_packet = {82}, .per_message = {16}, .one_packet = {}, .stores = stores};
}

struct Asked {
  std::uint32_t n = 0;
  Bytes size{}, chunk{};
  MessageCost cost, inside;  // between servers or hosts, within a server
};

struct Family {
  const char* operation;
  const char* algorithm;
  std::vector<std::uint32_t> ranks;
  std::string (*network)(std::uint32_t n);
  Duration (*formula)(const Asked& asked);
};

collective::Pipeline tree_pipeline(const Asked& asked, std::int64_t steps, std::int64_t trees) {
  return {.steps = steps, .chunks = std::max<std::int64_t>(asked.size.v / trees / asked.chunk.v, 1), .chunk = asked.chunk};
}

const std::vector<std::uint32_t> group_sizes{2, 3, 8, 17, 64};

std::vector<Family> families() {
  using A = const Asked&;
  const auto half_ring = [](A a) { return collective::ring_time(a.n, a.size, a.cost); };
  const auto log_steps = [](A a) { return collective::log_steps_time(a.n, a.size, a.cost); };
  return {
      {"all-reduce", "ring", group_sizes, nic, [](A a) { return collective::ring_all_reduce_time(a.n, a.size, a.cost); }},
      {"all-reduce", "tree", group_sizes, mesh,
       [](A a) { return stepwise_pipeline_time(tree_pipeline(a, collective::double_tree_steps(a.n), 2), a.cost); }},
      {"all-reduce", "single-tree", group_sizes, mesh,
       [](A a) { return stepwise_pipeline_time(tree_pipeline(a, collective::single_tree_steps(a.n), 1), a.cost); }},
      {"all-reduce", "halving-doubling", group_sizes, mesh, [](A a) { return collective::halving_doubling_time(a.n, a.size, a.cost); }},
      {"all-reduce",
       "hierarchical",
       {16, 24, 64},
       rails,
       [](A a) {
         return collective::hierarchical_time(a.size, {a.n / gpus, gpus, a.inside, a.cost});
       }},
      {"all-reduce", "in-network", group_sizes, access, [](A a) { return collective::in_network_time(switch_chunks, a.chunk, a.cost); }},
      {"all-gather", "ring", group_sizes, nic, half_ring},
      {"all-gather", "bruck", group_sizes, nic, log_steps},
      {"reduce-scatter", "ring", group_sizes, nic, half_ring},
      {"reduce-scatter", "pat", group_sizes, nic, log_steps},
      {"all-to-all", "direct", group_sizes, nic, [](A a) { return collective::all_to_all_time(a.n, a.size, a.cost); }},
  };
}

// Sizes in parts of whole elements, and how many bytes travel as one message.
Bytes rounded_up(Bytes size, std::int64_t unit) { return {(size.v + unit - 1) / unit * unit}; }

void cut(const Family& family, Asked& asked) {
  const std::string algorithm = family.algorithm;
  asked.size = rounded_up(asked.size, std::int64_t{4} * asked.n * switch_chunks);
  if (algorithm == "in-network") asked.chunk = asked.size / switch_chunks;
  if (algorithm == "tree") asked.chunk = asked.size / 2;
  if (algorithm != "single-tree") return;
  if (asked.size.v > tree_chunk) asked.size = rounded_up(asked.size, tree_chunk);
  asked.chunk = {std::min(asked.size.v, tree_chunk)};
}

class Rows {
 public:
  explicit Rows(const CollectiveTime& time) : time_(time) {}

  void add(const Family& family, std::uint32_t n, Bytes size) {
    Asked asked{.n = n, .size = size, .chunk = {}, .cost = {}, .inside = {}};
    cut(family, asked);
    const std::string network = family.network(n);
    measure(family, network, asked);
    const std::string chunk = asked.chunk.v > 0 ? ", chunk: " + text(asked.chunk.v) + "B" : "";
    rows_.push_back({family.operation, family.algorithm, n, asked.size,
                     scenario_of(network, n - 1,
                                 std::string("operation: ") + family.operation + ", algorithm: " + family.algorithm + ", size: " +
                                     text(asked.size.v) + "B" + chunk + (family.network == mesh ? ", ranks_per_server: 1" : "")),
                     family.formula(asked)});
  }
  std::vector<CollectiveRow> take() { return std::move(rows_); }

 private:
  void measure(const Family& family, const std::string& network, Asked& asked) {
    const auto one_packet = [&](std::uint32_t to) {
      return once(network + "fabric: { transport: roce, congestion: none, mtu: " + text(mtu) +
                  " }\nworkloads: [ { kind: collective, operation: send-receive, hosts: [0, " + text(to) + "], size: " + text(mtu) +
                  "B } ]\n");
    };
    asked.cost = roce(network_rate, family.network == mesh ? 0 : 1);
    asked.inside = roce(inside_rate, 1);
    if (family.network == access) {  // up and down, a packet of each member: they take turns on the way to what adds
      asked.cost.one_packet =
          once(scenario_of(network, asked.n - 1, "operation: all-reduce, algorithm: in-network, size: " + text(mtu) + "B")) / 2;
      return;
    }
    asked.cost.one_packet = one_packet(family.network == rails ? gpus : 1);
    if (family.network == rails) asked.inside.one_packet = one_packet(1);
  }

  Duration once(const std::string& scenario) {
    const auto [found, fresh] = measured_.try_emplace(scenario);
    if (fresh) found->second = time_(scenario);
    return found->second;
  }

  const CollectiveTime& time_;
  std::map<std::string, Duration> measured_;
  std::vector<CollectiveRow> rows_;
};

}  // namespace

std::vector<CollectiveRow> collective_rows(Bytes most, const CollectiveTime& time) {
  Rows rows(time);
  for (const Family& family : families()) {
    for (const std::uint32_t n : family.ranks) {
      for (const std::int64_t size : sizes) {
        if (size <= most.v) rows.add(family, n, {size});
      }
    }
  }
  return rows.take();
}

}  // namespace weft
