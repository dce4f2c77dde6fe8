#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "workload/cm_file.hh"
#include "workload/generators.hh"

namespace weft {

Draft generate_matrix(const WorkloadParameters& parameters, const Surroundings& around) {
  if (parameters.matrix.empty()) workload_error(parameters, "`matrix` is missing", "matrix: traffic.cm");
  CmFile file = parse_cm(read_text_file(parameters.matrix), parameters.matrix);
  if (file.nodes > around.hosts) {
    throw InputError(place(parameters.matrix, file.nodes_line),
                     "the matrix is for " + std::to_string(file.nodes) + " hosts, but the network has " + std::to_string(around.hosts),
                     "use a larger topology");
  }
  for (FlowSpec& flow : file.traffic.flows) flow.operation = parameters.operation;
  return {.traffic = std::move(file.traffic),
          .file = parameters.matrix,
          .line = file.nodes_line,
          .flow_lines = std::move(file.flow_lines),
          .trigger_lines = std::move(file.trigger_lines)};
}

}  // namespace weft
