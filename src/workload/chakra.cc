#include <algorithm>

#include "base/error.hh"
#include "base/text_file.hh"
#include "workload/chakra_files.hh"
#include "workload/chakra_job.hh"
#include "workload/generators.hh"
#include "workload/job_settings.hh"
#include "workload/number.hh"

namespace weft {
namespace {

// By rank, the position of its trace.
std::vector<std::uint32_t> ranks_of(const std::vector<ChakraTrace>& traces, const WorkloadParameters& parameters, std::uint32_t hosts) {
  const auto files = static_cast<std::uint32_t>(traces.size());
  const std::uint32_t asked = parameters.job.ranks;
  if (parameters.chakra.replicate) {
    if (files != 1) workload_error(parameters, "`replicate` takes the trace of one rank, but there are " + number(files));
    const auto& nodes = traces.front().nodes;
    const auto message = std::find_if(nodes.begin(), nodes.end(), [](const ChakraNode& node) {
      return node.kind == ChakraKind::send || node.kind == ChakraKind::receive;
    });
    if (message != nodes.end()) {
      workload_error(parameters, "a trace with messages cannot be replicated: " +
                                     traces.front().describe(static_cast<std::size_t>(message - nodes.begin())) + " names another rank");
    }
    return std::vector<std::uint32_t>(asked != 0 ? asked : hosts, 0);
  }
  if (asked != 0 && asked != files) {
    workload_error(parameters, "the trace has files of " + number(files) + " ranks, not of " + number(asked) + " (`ranks`)",
                   asked > files ? "the file of rank " + number(files) + " is missing" : "drop `ranks`");
  }
  if (files == 1 && std::any_of(traces[0].nodes.begin(), traces[0].nodes.end(),
                                [](const ChakraNode& node) { return node.kind == ChakraKind::collective; })) {
    workload_error(parameters, "the trace of one rank has collectives, but the others' traces are missing",
                   "`replicate: true` lets it stand for every rank");
  }
  std::vector<std::uint32_t> ranks;
  for (std::uint32_t rank = 0; rank < files; ++rank) ranks.push_back(rank);
  return ranks;
}

void say(JobBuilder& builder, const WorkloadParameters& parameters, const ChakraGraph& graph) {
  if (parameters.chakra.replicate) { builder.scaled("the trace of one rank stands for all " + number(graph.ranks()) + " ranks"); }
  if (!parameters.chakra.control_dependencies && graph.control_dependencies() > 0) {
    builder.scaled(number(graph.control_dependencies()) + " control dependencies of the trace were not followed, as Chakra's own feeder " +
                   "does not (`control_dependencies`)");
  }
}

}  // namespace

Draft generate_chakra(const WorkloadParameters& parameters, const Surroundings& around) {
  if (parameters.trace.empty()) workload_error(parameters, "`trace` is missing", "trace: folder/prefix");
  std::vector<ChakraTrace> traces;
  for (const std::string& file : chakra_files(parameters.trace)) traces.push_back(parse_chakra(read_text_file(file), file));
  const ChakraGraph graph(traces, ranks_of(traces, parameters, hosts_for(parameters, around)), parameters.chakra.control_dependencies);
  JobBuilder builder(job_settings(parameters, around, graph.ranks()));
  say(builder, parameters, graph);
  ChakraJob job(graph, static_cast<std::uint64_t>(parameters.chakra.operations_per_second), builder);
  for (std::uint32_t i = 0; i < parameters.job.iterations; ++i) job.run_iteration();
  return draft_of(parameters, around, builder.finish());
}

}  // namespace weft
