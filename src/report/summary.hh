// summary.json: the figures of a run for other programs. docs/results.md documents every key with its unit.
//
// Key order is fixed; a figure that does not exist (the completion time of no flow) is null, never 0.
// The text ends with a newline. Doubles are printed with the fewest digits that read back to the same value.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

[[nodiscard]] nlohmann::ordered_json summary_object(const ReportContext& context, const Results& results);
[[nodiscard]] std::string summary_json(const ReportContext& context, const Results& results);

// 64 bits as 16 hexadecimal digits.
[[nodiscard]] std::string hex64(std::uint64_t value);

}  // namespace weft
