// The collectives that `weft bench collectives` runs, each on a network where nothing is in its way: the scenario of a row, and
// what its closed form (collective/closed_form.hh) says of it.
//
// Networks, with RoCE, MTU 4096 and no congestion control: `nic`: one switch, 400 Gb/s and 1 us a link; `mesh`: 400 Gb/s and
// 300 ns between each pair of GPUs; `rails`: servers of eight, 3.6 Tb/s inside, 400 Gb/s across; `access`: one switch that adds.
// Rule: alpha is measured on the row's own network with one packet. Trees are cut into chunks of 1 MiB where their formula allows
// it, reductions in the network into 16.
// Units: bytes, picoseconds. Source: project profile.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/units.hh"

namespace weft {

struct CollectiveRow {
  std::string operation, algorithm;
  std::uint32_t ranks = 0;
  Bytes size{};
  std::string scenario;
  Duration expected{};
};

// Runs a scenario of one collective: from its start to its last result.
using CollectiveTime = std::function<Duration(const std::string& scenario)>;

// Sizes from 1 KB up to `most`, each rounded up to equal parts of whole elements.
[[nodiscard]] std::vector<CollectiveRow> collective_rows(Bytes most, const CollectiveTime& time);

}  // namespace weft
