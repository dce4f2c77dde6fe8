#include "topology/bounds.hh"

#include <limits>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"

namespace weft {

void topology_error(const TopologyParameters& parameters, const std::string& message, std::string hint) {
  throw InputError(place(parameters.source, parameters.line), "topology (" + parameters.kind + "): " + message, std::move(hint));
}

void require_positive(const TopologyParameters& parameters, std::initializer_list<Count> counts) {
  for (const Count& count : counts) {
    if (count.value == 0) topology_error(parameters, std::string("`") + count.key + "` is missing or 0", "give a number of at least 1");
  }
}

std::uint64_t bounded_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? std::numeric_limits<std::uint64_t>::max() : product;
}

void require_buildable(const TopologyParameters& parameters, std::uint64_t hosts, std::uint64_t switches, std::uint64_t links) {
  const auto refuse = [&](const char* what, std::uint64_t limit) {
    topology_error(parameters, std::string("the network would have more than ") + std::to_string(limit) + ' ' + what, "make it smaller");
  };
  if (hosts > max_hosts) refuse("hosts", max_hosts);
  if (switches > max_switches) refuse("switches", max_switches);
  if (links > max_links) refuse("links", max_links);
}

}  // namespace weft
