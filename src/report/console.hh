// The lines that matter after a run, for the terminal: plain English, ten lines when all went well.
//
// Warnings, failed flows and waits follow, each bounded to a few lines with a count of the rest.
#pragma once

#include <string>
#include <vector>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

[[nodiscard]] std::vector<std::string> summary_lines(const ReportContext& context, const Results& results);

}  // namespace weft
