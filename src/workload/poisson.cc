#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "workload/exponential.hh"
#include "workload/generators.hh"
#include "workload/participants.hh"
#include "workload/size_distribution.hh"

namespace weft {
namespace {

constexpr int gap_bits = 16;  // fractional bits of a picosecond that gaps carry
constexpr Duration longest_length{std::int64_t{86'400} * ps_per_second};

std::uint64_t load_in_billionths(const WorkloadParameters& parameters) {
  if (!(parameters.load > 0 && parameters.load <= 1)) {
    workload_error(parameters, "`load` must be above 0 and at most 1", "0.8 is 80 % of each host's link rate");
  }
  return static_cast<std::uint64_t>(std::max(1LL, std::llround(parameters.load * 1e9)));
}

// Mean time between arrivals at one host, in 2^-16 ps: mean size * 8 / (load * rate).
std::uint64_t mean_gap(const WorkloadParameters& parameters, const SizeDistribution& sizes, Rate host_rate) {
  const std::uint64_t load = load_in_billionths(parameters);
  if (host_rate.v <= 0) workload_error(parameters, "the hosts' link rate is not known");
  // Twice the mean comes scaled by 1e9, and so does the load.
  const unsigned __int128 bytes_per_load = sizes.twice_mean_scaled() * 4 / load;  // bits * 2^-0, whole
  const unsigned __int128 remainder = sizes.twice_mean_scaled() * 4 % load;
  const auto rate = static_cast<std::uint64_t>(host_rate.v);
  const unsigned __int128 scale = static_cast<unsigned __int128>(ps_per_second) << gap_bits;
  constexpr auto limit = static_cast<unsigned __int128>(std::numeric_limits<std::int64_t>::max());
  if (bytes_per_load > limit * rate / scale) workload_error(parameters, "`load` is so small that flows would be minutes apart");
  const unsigned __int128 gap = (bytes_per_load * scale + remainder * scale / load) / rate;
  return static_cast<std::uint64_t>(std::max<unsigned __int128>(gap, 1));
}

std::uint32_t another_host(const std::vector<std::uint32_t>& hosts, std::size_t self, Random& random) {
  const std::uint64_t pick = random.below(hosts.size() - 1);
  return hosts[pick < self ? pick : pick + 1];
}

// The arrivals at hosts[self].
void add_arrivals(Draft& draft, const WorkloadParameters& parameters, const std::vector<std::uint32_t>& hosts, std::size_t self,
                  std::uint64_t gap, const SizeDistribution& sizes, Random random) {
  const unsigned __int128 end = static_cast<unsigned __int128>(parameters.length.v) << gap_bits;
  unsigned __int128 now = 0;
  for (;;) {
    now += static_cast<unsigned __int128>(gap) * exponential_fixed(random.next()) >> exponential_bits;
    if (now >= end) return;
    require_flow_count(parameters, draft.traffic.flows.size() + 1);
    add_flow(draft, parameters, hosts[self], another_host(hosts, self, random));
    FlowSpec& flow = draft.traffic.flows.back();
    flow.size = sizes.draw(random);
    flow.start = parameters.start + Duration{static_cast<std::int64_t>(now >> gap_bits)};
  }
}

}  // namespace

Draft generate_poisson(const WorkloadParameters& parameters, const Surroundings& around) {
  require_start(parameters);
  if (parameters.length.v <= 0 || parameters.length > longest_length) {
    workload_error(parameters, "`length` is missing, not above 0, or above one day", "for example 10ms");
  }
  const std::vector<std::uint32_t> hosts = participants(parameters, around, 2);
  const SizeDistribution sizes = SizeDistribution::named(parameters);
  const std::uint64_t gap = mean_gap(parameters, sizes, around.host_rate);
  const unsigned __int128 expected = (static_cast<unsigned __int128>(parameters.length.v) << gap_bits) / gap * hosts.size();
  require_flow_count(parameters, expected);
  Draft draft = draft_for(parameters);
  draft.traffic.flows.reserve(static_cast<std::size_t>(expected + expected / 64 + 1024));
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    add_arrivals(draft, parameters, hosts, i, gap, sizes, workload_random(around, hosts[i]));
  }
  auto& flows = draft.traffic.flows;
  std::sort(flows.begin(), flows.end(),
            [](const FlowSpec& a, const FlowSpec& b) { return std::tie(a.start, a.src, a.label) < std::tie(b.start, b.src, b.label); });
  for (std::size_t i = 0; i < flows.size(); ++i) flows[i].label = static_cast<std::uint32_t>(i);
  return draft;
}

}  // namespace weft
