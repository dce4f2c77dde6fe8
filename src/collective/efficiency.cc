#include "collective/efficiency.hh"

#include <array>
#include <string_view>

namespace weft::collective {
namespace {

Overhead times(Overhead overhead, std::int64_t share) {
  if (share == Efficiencies::whole) return overhead;
  return {overhead.wire * Efficiencies::whole, overhead.payload * share};
}

struct Family {
  std::string_view algorithm;
  std::int64_t Efficiencies::*share;
};

constexpr std::array families{Family{"ring", &Efficiencies::ring}, Family{"tree", &Efficiencies::tree},
                              Family{"single-tree", &Efficiencies::tree}, Family{"pat", &Efficiencies::pat}};
constexpr std::array<std::string_view, 3> by_server_switch{"nvls", "nvls-tree", "nvls-in-network"};
constexpr std::array<std::string_view, 2> on_two_levels{"rail", "hierarchical"};

template <class Names>
bool has(const Names& names, std::string_view algorithm) {
  for (const std::string_view name : names) {
    if (name == algorithm) return true;
  }
  return false;
}

}  // namespace

void apply(const Efficiencies& efficiencies, Request& request) {
  for (const Family& family : families) {
    if (request.algorithm == family.algorithm) request.overhead = times(request.overhead, efficiencies.*family.share);
  }
  if (has(by_server_switch, request.algorithm)) request.inside = times(request.inside, efficiencies.nvls);
  if (request.operation == Operation::all_to_all && has(on_two_levels, request.algorithm)) {
    request.between = times(request.between, efficiencies.copies);
  }
}

}  // namespace weft::collective
