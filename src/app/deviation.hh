// How far a time that was simulated lies from the one it is held against, and both as text.
// Units: picoseconds in, hundredths of a per cent out.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "report/decimal.hh"

namespace weft {

[[nodiscard]] inline std::string in_microseconds(std::int64_t ps) { return fixed((ps + 5'000) / 10'000, 2); }

[[nodiscard]] inline std::int64_t deviation(std::int64_t ours, std::int64_t theirs) {
  return static_cast<std::int64_t>(static_cast<__int128>(ours - theirs) * 10'000 / theirs);
}

[[nodiscard]] inline std::string percent_text(std::int64_t hundredths) {
  return (hundredths < 0 ? "-" : "+") + fixed(std::abs(hundredths), 2) + " %";
}

}  // namespace weft
