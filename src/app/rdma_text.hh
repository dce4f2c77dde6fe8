// How `weft rdma` tells of a run: lines for people, one JSON object a line for programs.
#pragma once

#include <string>

#include "live/rdma_options.hh"
#include "live/rdma_report.hh"

namespace weft {

// What a client prints at its end.
[[nodiscard]] std::string client_text(const live::RdmaClientOptions& options, const live::RdmaReport& report);
// A session in one line, as the server prints it.
[[nodiscard]] std::string server_text(const live::RdmaReport& report);
// One object without line breaks.
[[nodiscard]] std::string rdma_json(const live::RdmaReport& report);

}  // namespace weft
