// Finding the files of a Chakra trace: PREFIX.0.et, PREFIX.1.et, ..., one a rank.
//
// `trace` is the prefix, or one of the files, or a folder that holds the files of one prefix.
// Errors: InputError naming what is missing: no file at all, several prefixes in a folder, a rank's file in between.
#pragma once

#include <string>
#include <vector>

namespace weft {

// By rank.
[[nodiscard]] std::vector<std::string> chakra_files(const std::string& trace);

}  // namespace weft
