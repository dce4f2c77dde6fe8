// What the console says of jobs and their collectives, a line each: those that took most time first; alike ones of an entry
// together, with the means of their figures.
#pragma once

#include <string>
#include <vector>

#include "report/results.hh"

namespace weft {

[[nodiscard]] std::vector<std::string> job_lines(const Results& results);
[[nodiscard]] std::vector<std::string> collective_lines(const Results& results);

}  // namespace weft
