// The published table of the UEC group's simulator (published.csv): its rows, and the keys by which a plain scenario,
// examples/uec/uec-table.yaml, becomes each of them.
//
// Columns: experiment, congestion_control, matrix, paths, min_fct_us, tail_fct_us, and counts that are not read. Every row runs
// on a k-ary three-tier fat tree of as many hosts as the matrix has nodes (k^3/4), with 100 Gb/s and 1 us a hop.
// Units: picoseconds. Errors: InputError with file and line. Source: ultraethernet/uet-htsim, its results table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

struct UecRow {
  std::string experiment, congestion, matrix;
  std::uint32_t paths = 1;
  std::int64_t least_ps = 0, tail_ps = 0;
  // Where the path is the hash's choice alone, the tail is luck; one flow alone has none.
  [[nodiscard]] bool single_path() const { return paths == 1; }
};

[[nodiscard]] std::vector<UecRow> read_uec_table(const std::string& folder);

// The `--set` options for the row; errors as for the matrix, which must lie in `folder`.
[[nodiscard]] std::vector<std::string> uec_overrides(const UecRow& row, const std::string& folder);

}  // namespace weft
