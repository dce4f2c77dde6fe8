#include "collective/registry.hh"

#include <array>

#include "base/error.hh"
#include "collective/builder.hh"
#include "collective/ring.hh"

namespace weft::collective {
namespace {

struct Entry {
  Operation operation;
  const char* algorithm;
  void (*build)(Builder&);
};

constexpr std::array registry{
    Entry{Operation::all_reduce, "ring", ring_all_reduce},
    Entry{Operation::reduce_scatter, "ring", ring_reduce_scatter},
    Entry{Operation::all_gather, "ring", ring_all_gather},
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
