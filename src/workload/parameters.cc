#include "workload/parameters.hh"

#include <algorithm>

namespace weft {

std::optional<collective::Operation> operation_named(const std::string& word) {
  const auto found = std::find(collective_operations.begin(), collective_operations.end(), word);
  if (found == collective_operations.end()) return std::nullopt;
  return static_cast<collective::Operation>(found - collective_operations.begin());
}

std::string operation_words() {
  std::string words;
  for (const char* word : collective_operations) words += (words.empty() ? "" : ", ") + std::string(word);
  return words;
}

}  // namespace weft
