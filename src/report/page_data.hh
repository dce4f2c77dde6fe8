// What report.html draws, as one JSON object of bounded size: the summary, distributions of at most 2,000 points, tables of at
// most 200 rows. web/page/sections.js reads it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nlohmann/json_fwd.hpp>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

inline constexpr std::size_t page_points = 2'000;  // of a curve
inline constexpr std::size_t page_rows = 200;      // of a table
inline constexpr std::size_t page_bars = 20;       // of a ranking
inline constexpr std::size_t page_series = 48;     // traced series
inline constexpr std::size_t page_cells = 16'384;  // of all heat maps together

[[nodiscard]] nlohmann::ordered_json page_data(const ReportContext& context, const Results& results);

[[nodiscard]] inline double in_microseconds(std::int64_t picoseconds) { return static_cast<double>(picoseconds) / 1e6; }

// The parts of it that are about links and about jobs; here because they have files of their own.
void add_link_data(nlohmann::ordered_json& data, const Results& results);
void add_job_data(nlohmann::ordered_json& data, const Results& results);

}  // namespace weft
