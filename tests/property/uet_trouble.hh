// What happens to packets on the way between two contexts.
#pragma once

#include <array>

#include "support/seeds.hh"
#include "unit/uet_pipe.hh"

namespace weft::uet::test {

using weft::test::for_each_seed;

// Chances of each packet, in both directions alike.
struct Trouble {
  double loss = 0, late = 0, duplicate = 0, trim = 0;
  Duration lateness{5'000'000};

  [[nodiscard]] PipeConfig on_the_way(std::uint64_t seed) const {
    PipeConfig wire;
    wire.seed = seed;
    wire.lateness = lateness;
    for (std::size_t i = 0; i < 2; ++i) {
      wire.loss[i] = chance(loss);
      wire.late[i] = chance(late);
      wire.duplicate[i] = chance(duplicate);
      wire.trim[i] = chance(trim);
    }
    return wire;
  }
};

struct Condition {
  const char* name;
  Trouble trouble;
};
// Late by so much that packets wait for others, for a timeout, for the next life of a context.
inline constexpr std::array conditions{
    Condition{"Clean", {}},
    Condition{"Loss", {.loss = 0.03}},
    Condition{"Trimming", {.trim = 0.1}},
    Condition{"Late5us", {.late = 0.1}},
    Condition{"Late5usTwice", {.late = 0.1, .duplicate = 0.1}},
    Condition{"Late20us", {.late = 0.1, .lateness = Duration{20'000'000}}},
    Condition{"Late20usTwice", {.late = 0.1, .duplicate = 0.1, .lateness = Duration{20'000'000}}},
    Condition{"Late200usTwice", {.late = 0.1, .duplicate = 0.1, .lateness = Duration{200'000'000}}},
    Condition{"Everything", {.loss = 0.02, .late = 0.05, .duplicate = 0.05, .trim = 0.05, .lateness = Duration{20'000'000}}},
};

}  // namespace weft::uet::test
