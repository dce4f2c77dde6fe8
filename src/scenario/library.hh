// The files of library/, as text inside the program: published models and machines, each figure with its source. Made at build
// time by embed_library.cmake.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct LibraryFile {
  std::string_view name;  // "llama-3-8b"
  std::string_view text;
};

[[nodiscard]] std::span<const LibraryFile> library_models();    // by name
[[nodiscard]] std::span<const LibraryFile> library_machines();  // by name

[[nodiscard]] std::vector<std::string> library_names(std::span<const LibraryFile> files);

}  // namespace weft
