// The `links:` list of a scenario: what is wrong with which link, and when.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"

namespace weft {

enum class LossKind : std::uint8_t { uniform, gilbert_elliott };
struct LossParameters {
  LossKind kind = LossKind::uniform;
  double p = 0;                                                          // uniform: chance that a frame is lost
  double good_to_bad = 0, bad_to_good = 1, loss_good = 0, loss_bad = 1;  // Gilbert-Elliott, per frame
};

struct LinkCondition {
  std::string link;  // "leaf0-spine3", with * as a wildcard; "leaf0>spine3": that direction only
  std::optional<LossParameters> loss;
  std::optional<double> ber;  // bit error rate
  std::optional<bool> llr;    // link-level retry of the frames sent in this direction
  std::optional<Rate> rate;   // degraded rate, for the whole run
  std::optional<Time> down;   // goes down then ...
  std::optional<Time> up;     // ... and comes up again; absent: stays down
  int line = 0;
};

}  // namespace weft
