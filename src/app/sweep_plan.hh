// SweepPlan: which scenarios a sweep runs: every combination of one choice from each axis.
//
// --vary "fabric.paths=1,16,128"   an axis of three choices; commas inside brackets, braces or quotes separate nothing
// --axes FILE                      axes whose choices change several keys at once:
//     axes:
//       network:
//         healthy: {}
//         one slow link: { links: [ { link: spine0-leaf0, rate: 100Gbps } ] }
//       fabric:
//         RoCE, ECMP: { fabric.transport: roce, fabric.load_balancing: ecmp }
// A later axis changes keys after an earlier one. Bound: 10,000 combinations.
// Errors: InputError for what cannot be read, a repeated axis, an axis without choices, too many combinations.
#pragma once

#include <string>
#include <vector>

namespace weft {

struct SweepChoice {
  std::string name;
  std::vector<std::string> overrides;  // as for --set
};

struct SweepAxis {
  std::string name;
  std::vector<SweepChoice> choices;
};

struct SweepPlan {
  std::vector<SweepAxis> axes;

  [[nodiscard]] std::size_t combinations() const;
  // By axis; the last axis turns fastest.
  [[nodiscard]] std::vector<const SweepChoice*> combination(std::size_t number) const;
};

[[nodiscard]] SweepAxis parse_vary(const std::string& option);
[[nodiscard]] std::vector<SweepAxis> read_axes(const std::string& file);
[[nodiscard]] SweepPlan make_sweep_plan(const std::string& axes_file, const std::vector<std::string>& vary);

}  // namespace weft
