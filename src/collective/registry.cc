#include "collective/registry.hh"

#include <array>

#include "base/error.hh"
#include "collective/all_to_all.hh"
#include "collective/builder.hh"
#include "collective/halving_doubling.hh"
#include "collective/hierarchical.hh"
#include "collective/in_network.hh"
#include "collective/log_steps.hh"
#include "collective/nvls.hh"
#include "collective/point_to_point.hh"
#include "collective/ring.hh"
#include "collective/tree.hh"

namespace weft::collective {
namespace {

struct Entry {
  Operation operation;
  const char* algorithm;
  void (*build)(Builder&);
};

constexpr std::array registry{
    Entry{Operation::all_reduce, "ring", ring_all_reduce},
    Entry{Operation::all_reduce, "tree", tree_all_reduce},
    Entry{Operation::all_reduce, "single-tree", single_tree_all_reduce},
    Entry{Operation::all_reduce, "halving-doubling", halving_doubling_all_reduce},
    Entry{Operation::all_reduce, "hierarchical", hierarchical_all_reduce},
    Entry{Operation::all_reduce, "in-network", in_network_all_reduce},
    Entry{Operation::all_reduce, "nvls", nvls_all_reduce},
    Entry{Operation::all_reduce, "nvls-tree", nvls_tree_all_reduce},
    Entry{Operation::all_reduce, "nvls-in-network", nvls_in_network_all_reduce},
    Entry{Operation::reduce_scatter, "ring", ring_reduce_scatter},
    Entry{Operation::reduce_scatter, "pat", pat_reduce_scatter},
    Entry{Operation::reduce_scatter, "bruck", bruck_reduce_scatter},
    Entry{Operation::all_gather, "ring", ring_all_gather},
    Entry{Operation::all_gather, "pat", pat_all_gather},
    Entry{Operation::all_gather, "bruck", bruck_all_gather},
    Entry{Operation::all_to_all, "direct", direct_all_to_all},
    Entry{Operation::all_to_all, "rail", rail_all_to_all},
    Entry{Operation::all_to_all, "hierarchical", hierarchical_all_to_all},
    Entry{Operation::broadcast, "ring", chain_broadcast},
    Entry{Operation::broadcast, "tree", tree_broadcast},
    Entry{Operation::reduce, "ring", chain_reduce},
    Entry{Operation::reduce, "tree", tree_reduce},
    Entry{Operation::barrier, "dissemination", dissemination_barrier},
    Entry{Operation::send_receive, "direct", send_receive},
};

const Entry& entry_of(const Request& request) {
  std::string known;
  for (const Entry& entry : registry) {
    if (entry.operation != request.operation) continue;
    if (request.algorithm == entry.algorithm) return entry;
    known += (known.empty() ? "" : ", ") + std::string(entry.algorithm);
  }
  throw InputError(request.where, std::string(operation_name(request.operation)) + " has no algorithm '" + request.algorithm + "'",
                   "one of: " + known);
}

}  // namespace

Front append(TaskGraph& graph, const Request& request, std::span<const TaskId> after) {
  check_request(request);
  const Entry& entry = entry_of(request);
  Builder builder(graph, request, after);
  const bool exchange = request.operation == Operation::all_to_all;
  const bool nothing = request.bytes.v == 0 && request.operation != Operation::barrier && request.matrix.empty();
  if (!nothing && (builder.size() > 1 || exchange)) entry.build(builder);
  return builder.finish();
}

std::vector<std::string> algorithm_names(Operation operation) {
  std::vector<std::string> names;
  for (const Entry& entry : registry) {
    if (entry.operation == operation) names.emplace_back(entry.algorithm);
  }
  return names;
}

}  // namespace weft::collective
