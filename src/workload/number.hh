// A number in a message or a name, in decimal digits.
#pragma once

#include <cstdint>
#include <string>

namespace weft {

[[nodiscard]] inline std::string number(std::uint64_t value) { return std::to_string(value); }

}  // namespace weft
