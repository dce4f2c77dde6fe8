#include "collective/cost_model.hh"

#include <algorithm>
#include <array>
#include <bit>

#include "base/error.hh"
#include "collective/cost_tables.hh"
#include "collective/servers.hh"

namespace weft::collective {
namespace {

constexpr std::array protocols{Protocol::ll, Protocol::ll128, Protocol::simple};
constexpr std::int64_t bits_per_megabyte = 8'000'000;

struct Shape {
  std::int64_t ranks = 0, servers = 0;
  bool grid = false;
  [[nodiscard]] std::int64_t per_server() const { return ranks / servers; }
  [[nodiscard]] std::int64_t log_servers() const {
    return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(servers))) - 1;
  }
  [[nodiscard]] std::size_t bucket() const { return servers == 1 ? 0 : servers == 2 ? 1 : 2; }
};

Shape shape_of(const Request& request) {
  Shape shape{
      .ranks = static_cast<std::int64_t>(request.ranks.size()), .servers = static_cast<std::int64_t>(request.ranks.size()), .grid = false};
  if (request.servers.empty()) return shape;
  std::vector<std::uint32_t> servers = request.servers;
  std::sort(servers.begin(), servers.end());
  shape.servers = std::unique(servers.begin(), servers.end()) - servers.begin();
  std::string why_not;
  shape.grid = find_server_grid(request, why_not).has_value();
  return shape;
}

std::string microseconds(Duration time) {
  const std::int64_t tenths = (time.v + 50'000) / 100'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " us";
}

std::int64_t thousandths(std::int64_t value, std::int64_t factor) { return value / 1000 * factor + value % 1000 * factor / 1000; }

// Weighs the algorithms of one request; rates inside are bits a second, latencies nanoseconds.
class Scale {
 public:
  Scale(const Request& request, const Machine& machine) : request_(request), machine_(machine), shape_(shape_of(request)) {}

  [[nodiscard]] const Shape& shape() const { return shape_; }

  std::vector<Candidate> weigh() {
    const bool all_reduce = request_.operation == Operation::all_reduce;
    for (const Protocol protocol : protocols) {
      if (protocol != Protocol::ll128 || machine_.inside == Machine::Inside::nvlink) weigh_ring(protocol);
    }
    for (const Protocol protocol : protocols) {
      if (all_reduce && (protocol != Protocol::ll128 || machine_.inside == Machine::Inside::nvlink)) weigh_tree(protocol);
    }
    if (all_reduce && machine_.server_switch_computes && (shape_.grid || shape_.servers == 1)) weigh_nvls();
    if (all_reduce && machine_.network_switch_computes) weigh_in_network();
    if (!all_reduce && shape_.per_server() == 1) weigh_pat();
    std::stable_sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) { return a.time < b.time; });
    return candidates_;
  }

 private:
  static std::size_t at(Protocol protocol) { return static_cast<std::size_t>(protocol); }
  [[nodiscard]] std::size_t generation() const { return static_cast<std::size_t>(machine_.generation); }
  [[nodiscard]] const cost::Hardware& inside() const { return machine_.inside == Machine::Inside::nvlink ? cost::nvlink : cost::pci; }
  [[nodiscard]] std::int64_t cap(const cost::ByGeneration& table) const { return table[generation()][shape_.bucket()] * bits_per_megabyte; }
  [[nodiscard]] std::int64_t channel_cap(const cost::ByGeneration& table) const { return cap(table) * machine_.channels; }
  [[nodiscard]] std::int64_t bus() const {
    return shape_.servers == 1        ? machine_.inside_rate.v
           : shape_.per_server() == 1 ? machine_.server_rate.v
                                      : std::min(machine_.inside_rate.v, machine_.server_rate.v);
  }
  [[nodiscard]] std::int64_t passes() const { return request_.operation == Operation::all_reduce ? 2 : 1; }
  // From bus to algorithm: n / steps.
  [[nodiscard]] std::int64_t by_steps(std::int64_t rate) const {
    return static_cast<std::int64_t>(static_cast<__int128>(rate) * shape_.ranks / (passes() * (shape_.ranks - 1)));
  }

  void add(const std::string& algorithm, Protocol protocol, std::int64_t latency_ns, std::int64_t rate) {
    if (rate <= 0) return;
    Candidate candidate{.algorithm = algorithm, .protocol = protocol, .latency = {latency_ns * 1000}, .bandwidth = {rate}, .time = {}};
    const __int128 moving = static_cast<__int128>(request_.bytes.v) * 8 * ps_per_second / rate;
    candidate.time = {candidate.latency.v + static_cast<std::int64_t>(std::min<__int128>(moving, Time::never().ps))};
    candidates_.push_back(candidate);
  }

  void weigh_ring(Protocol protocol) {
    std::int64_t rate = bus();
    if (protocol == Protocol::ll) rate = std::min(rate / 2, cap(cost::ll_cap));
    if (protocol == Protocol::ll128) rate = std::min(thousandths(rate, 920), channel_cap(cost::ring_ll128_cap));
    const std::int64_t steps = passes() * (shape_.ranks - 1);
    const std::int64_t between = passes() * (shape_.servers - 1);
    std::int64_t latency =
        cost::base_ring[at(protocol)] + (steps - between) * inside().ring[at(protocol)] + between * cost::network.ring[at(protocol)];
    const bool plateau = request_.bytes.v / (machine_.channels * shape_.ranks) >= 64;
    if (protocol == Protocol::simple && passes() == 2 && shape_.servers > 1 && plateau) latency = latency * 14 / 10;
    add("ring", protocol, latency, by_steps(rate));
  }

  void weigh_tree(Protocol protocol) {
    std::int64_t rate = std::min(thousandths(bus(), 920), channel_cap(cost::tree_cap));
    if (protocol == Protocol::ll) rate = std::min(rate / 38 * 10, cap(cost::ll_cap));
    if (protocol == Protocol::ll128) {
      const std::int64_t efficient = shape_.servers == 1 ? rate / 9 * 7 : rate / 128 * 120;
      rate = std::min(efficient, channel_cap(cost::tree_ll128_cap));
    }
    const auto size =
        static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(request_.bytes.v, 64) / 64)) - 1);
    const auto& correction = cost::tree_correction[at(protocol)];
    rate = rate / 2 / 10 * correction[std::min(size, correction.size() - 1)];
    const std::int64_t hops =
        (shape_.per_server() - 1) * inside().tree[at(protocol)] + shape_.log_servers() * cost::network.tree[at(protocol)];
    add("tree", protocol, cost::base_tree[at(protocol)] + 2 * hops, rate);
  }

  void weigh_nvls() {
    const std::int64_t efficient = thousandths(machine_.inside_rate.v, cost::nvls_efficiency[generation()]);
    const std::int64_t in_server = 2 * (efficient / machine_.channels * (machine_.channels - 1));
    if (shape_.servers == 1) {
      add("nvls", Protocol::simple, cost::base_simple + inside().nvls, by_steps(in_server));
      return;
    }
    const std::int64_t rate = std::min({in_server, bus(), channel_cap(cost::nvls_tree_cap)});
    const std::int64_t latency = cost::base_simple + inside().nvls_tree + 2 * shape_.log_servers() * cost::network.nvls_tree;
    add("nvls-tree", Protocol::simple, latency, by_steps(rate));
  }

  void weigh_in_network() {
    const std::int64_t peers = shape_.per_server() - 1;
    const std::int64_t in_server = (peers > 0 ? inside().in_network : 0) + peers * cost::in_network_per_peer;
    add("in-network", Protocol::simple, cost::base_simple + 2 * in_server + cost::network.in_network,
        machine_.server_rate.v / shape_.per_server());
  }

  void weigh_pat() {
    const std::int64_t latency = cost::base_simple + shape_.log_servers() * cost::network.pat * 10 / 35 + shape_.ranks * cost::pat_per_rank;
    add("pat", Protocol::simple, latency, thousandths(bus(), 750));
  }

  const Request& request_;
  const Machine& machine_;
  Shape shape_;
  std::vector<Candidate> candidates_;
};

std::string told(const Candidate& candidate) { return candidate.algorithm + " with " + protocol_name(candidate.protocol); }

std::string reason(const Request& request, const Shape& shape, const std::vector<Candidate>& candidates) {
  const Candidate& best = candidates.front();
  std::string why = told(best) + " is predicted to take " + microseconds(best.time) + " (" + microseconds(best.latency) + " latency, " +
                    std::to_string(best.bandwidth.v / 8'000'000'000) + " GB/s) for " + std::to_string(request.bytes.v) + " bytes on " +
                    std::to_string(shape.ranks) + " ranks in " + std::to_string(shape.servers) +
                    (shape.servers == 1 ? " server" : " servers");
  const auto other = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) { return c.algorithm != best.algorithm; });
  if (other != candidates.end()) why += "; " + told(*other) + " " + microseconds(other->time);
  return why;
}

Choice known(const std::string& algorithm, const std::string& why) {
  Choice choice;
  choice.algorithm = algorithm;
  choice.why = algorithm + ": " + why;
  return choice;
}

Choice choose_exchange(const Request& request) {
  std::string why_not;
  const auto grid = find_server_grid(request, why_not);
  if (grid && grid->servers > 1 && grid->per_server > 1) {
    const Member others = grid->servers - 1;
    return known("rail", std::to_string(others) + " messages a rank between servers, each on its rail, in place of " +
                             std::to_string(others * grid->per_server));
  }
  if (grid) why_not = grid->servers == 1 ? "all ranks stand in one server" : "there is one rank a server";
  return known("direct", why_not);
}

}  // namespace

std::string protocol_name(Protocol protocol) { return protocol == Protocol::ll ? "LL" : protocol == Protocol::ll128 ? "LL128" : "Simple"; }

Overhead protocol_overhead(Protocol protocol) {
  if (protocol == Protocol::ll) return {2, 1};
  return protocol == Protocol::ll128 ? Overhead{16, 15} : Overhead{};
}

Choice choose(const Request& request, const Machine& machine) {
  check_request(request);
  switch (request.operation) {
    case Operation::all_to_all: return choose_exchange(request);
    case Operation::barrier: return known("dissemination", "the only barrier");
    case Operation::send_receive: return known("direct", "one sender, one receiver");
    case Operation::broadcast:
    case Operation::reduce: return known("ring", "the only one that NCCL has for this operation");
    case Operation::all_reduce:
    case Operation::all_gather:
    case Operation::reduce_scatter: break;
  }
  if (request.ranks.size() == 1) return known("ring", "one rank, nothing to do");
  if (machine.inside_rate.v <= 0 || machine.server_rate.v <= 0 || machine.channels < 2) {
    throw InputError(request.where, "algorithm auto needs the rates inside and between servers and at least 2 channels",
                     "or name an algorithm");
  }
  Scale scale(request, machine);
  Choice choice;
  choice.candidates = scale.weigh();
  choice.algorithm = choice.candidates.front().algorithm;
  choice.protocol = choice.candidates.front().protocol;
  choice.why = reason(request, scale.shape(), choice.candidates);
  return choice;
}

}  // namespace weft::collective
