// Damages a text as careless hands and broken disks do: for parsers that must answer with InputError and nothing else.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/random.hh"

namespace weft::test {

// One to four damages: a byte changed, a piece cut out, doubled or moved to the front, a number swollen, the end cut off.
inline std::string mutate(std::string text, Random& random) {
  constexpr std::array<std::string_view, 8> words{"-1", "0", "4294967296", "99999999999999999999", "1e9", "\n", " ", "->"};
  for (std::uint64_t damage = 1 + random.below(4); damage > 0 && !text.empty(); --damage) {
    const std::size_t at = random.below(text.size());
    const std::size_t length = random.below(40);
    const std::string piece = text.substr(at, length);
    switch (random.below(6)) {
      case 0: text[at] = static_cast<char>(random.next()); break;
      case 1: text.erase(at, length); break;
      case 2: text.insert(at, piece); break;
      case 3: text.insert(0, piece); break;
      case 4: text.insert(at, words[random.below(words.size())]); break;
      default: text.resize(at); break;
    }
  }
  return text;
}

}  // namespace weft::test
