// Profile: measured compute times of one micro-batch on one GPU under the scenario's plan, in place of FLOPs formulas.
//
// Format: lines `part,forward_us,backward_us`, decimal microseconds; `#` begins a comment; the line of column names may be there.
//   attention   a layer's attention           ffn        a dense layer's feed-forward part
//   experts     a rank's share of the routed experts when all experts get as many tokens
//   shared      router and shared experts     embedding, head   of the whole step
//   optimizer   the step itself; its second figure is 0
// A part that is not in the file is computed by the formula. Errors: InputError with file:line: a part that does not exist or
// comes twice, a figure that is no decimal number, more than 100 days.
#pragma once

#include <map>
#include <string>

#include "base/units.hh"

namespace weft::training {

struct PartTime {
  Duration forward{}, backward{};
};

using Profile = std::map<std::string, PartTime>;

[[nodiscard]] Profile read_profile(const std::string& file);
[[nodiscard]] Profile parse_profile(const std::string& text, const std::string& name);

}  // namespace weft::training
