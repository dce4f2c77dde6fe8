// The library of models and machines in words, one a line: for `weft show --library`.
#pragma once

#include <string>
#include <vector>

namespace weft {

[[nodiscard]] std::vector<std::string> library_lines();

}  // namespace weft
