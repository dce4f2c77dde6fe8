// "Did you mean": the word of a list that takes the fewest edits from what was written.
//
// Rule: optimal string alignment distance (insert, delete, replace, swap neighbours), case ignored; nothing is suggested
// beyond a third of the longer word's length plus one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft {

[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

// Empty when nothing is near.
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& valid);

// "did you mean 'mtu'?" or, when nothing is near, "valid: a, b, c".
[[nodiscard]] std::string suggest(std::string_view word, const std::vector<std::string>& valid);

[[nodiscard]] std::string joined(const std::vector<std::string>& words, std::string_view between = ", ");

}  // namespace weft
