// The files of examples/, as text inside the program: made at build time by embed_examples.cmake.
#pragma once

#include <span>
#include <string_view>

namespace weft {

struct Example {
  std::string_view name;  // "permutation-1024"
  std::string_view text;
};

[[nodiscard]] std::span<const Example> examples();                   // by name
[[nodiscard]] std::string_view find_example(std::string_view name);  // its text, or empty

}  // namespace weft
