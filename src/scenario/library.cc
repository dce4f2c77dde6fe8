#include "scenario/library.hh"

namespace weft {

std::vector<std::string> library_names(std::span<const LibraryFile> files) {
  std::vector<std::string> names;
  for (const LibraryFile& file : files) names.emplace_back(file.name);
  return names;
}

}  // namespace weft
