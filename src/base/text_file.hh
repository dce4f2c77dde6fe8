// Reading a text file whole, for the parsers of small formats (.cm, .topo, size distributions, scenarios).
//
// Errors: InputError naming the file when it cannot be read, is a directory, or is larger than `limit`.
#pragma once

#include <string>

#include "base/units.hh"

namespace weft {

[[nodiscard]] std::string read_text_file(const std::string& path, Bytes limit = Bytes{1'000'000'000});

}  // namespace weft
