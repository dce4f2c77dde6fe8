// LinkPlan: the topology's links with the scenario's conditions applied: rate, loss and down times of every direction, and the
// instants at which the set of dead links changes.
//
// Selectors: "leaf0-spine3" both directions, "leaf0>spine3" one; * stands for any run of characters.
// Errors: InputError naming the condition's line for a selector that fits no link (with the nearest name), and for an `up`
// that is not after `down`.
#pragma once

#include <string>
#include <vector>

#include "base/units.hh"
#include "fabric/egress_port.hh"
#include "link/conditions.hh"
#include "topology/spec.hh"

namespace weft {

struct DirectionPlan {
  Rate rate{};
  std::vector<LossParameters> loss;  // none or one
  double ber = 0;
  bool llr = false;
  std::vector<DownInterval> down;  // sorted, apart
};

struct LinkChange {
  Time at{};
  std::vector<LinkId> dead;  // all links that are down from then on
};

struct LinkPlan {
  std::vector<DirectionPlan> directions;  // by directed link
  std::vector<LinkChange> changes;        // in order of time
};

// True when `name` fits `pattern`, in which * stands for any run of characters.
[[nodiscard]] bool fits_pattern(const std::string& pattern, const std::string& name);
// Directed links that the selector names; `both` directions of "a-b" also when written "b-a".
[[nodiscard]] std::vector<std::uint32_t> select_links(const TopologySpec& spec, const std::string& selector);
// What links of the network are like where no condition says otherwise.
struct LinkDefaults {
  double ber = 0;
  bool llr = false;
};
[[nodiscard]] LinkPlan plan_links(const TopologySpec& spec, const std::vector<LinkCondition>& conditions, const std::string& file,
                                  const LinkDefaults& defaults = {});

}  // namespace weft
