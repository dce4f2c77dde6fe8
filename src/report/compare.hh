// Two result folders side by side: a table for the terminal, and a page with both distributions in one chart.
//
// Rule: reads summary.json and flows.csv of both; ratio = second / first; "-" where one has no figure or the first is 0.
// Errors: InputError naming file and line for a folder without results, JSON that does not parse, a key or column missing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace weft {

struct RunFolder {
  std::string name;  // as shown: the folder's own name, or its path when both have the same name
  nlohmann::ordered_json summary;
  std::vector<std::int64_t> fct_ps;  // of the measured flows
};

struct Comparison {
  RunFolder first, second;
};

[[nodiscard]] Comparison read_comparison(const std::filesystem::path& first, const std::filesystem::path& second);

[[nodiscard]] std::vector<std::string> comparison_lines(const Comparison& comparison);
void write_comparison_page(const Comparison& comparison, const std::filesystem::path& file);  // whole or not at all

}  // namespace weft
