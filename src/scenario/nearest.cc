#include "scenario/nearest.hh"

#include <algorithm>
#include <cctype>

namespace weft {
namespace {

char folded(char c) {
  if (c == '-') return '_';
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), previous(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = folded(a[i - 1]) == folded(b[j - 1]) ? 0 : 1;
      row[j] = std::min({previous[j] + 1, row[j - 1] + 1, previous[j - 1] + replace});
      const bool swapped = i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, row);
  }
  return previous[b.size()];
}

std::string nearest(std::string_view word, const std::vector<std::string>& valid) {
  constexpr std::size_t longest = 64;
  if (word.size() > longest) return {};
  std::string best;
  std::size_t least = longest;
  for (const std::string& candidate : valid) {
    const std::size_t distance = edit_distance(word, candidate);
    const std::size_t limit = std::max(word.size(), candidate.size()) / 3 + 1;
    if (distance <= limit && distance < std::max(word.size(), candidate.size()) && distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

std::string suggest(std::string_view word, const std::vector<std::string>& valid) {
  const std::string near = nearest(word, valid);
  return near.empty() ? "valid: " + joined(valid) : "did you mean '" + near + "'?";
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string all;
  for (const std::string& word : words) {
    if (!all.empty()) all += between;
    all += word;
  }
  return all;
}

}  // namespace weft
