// The names of a task graph: ranks, tasks, and the switches that compute.
//
// RankId is a rank's number in the whole run (0 .. ranks-1); a Member is a position in a collective's list of ranks.
#pragma once

#include <cstdint>

#include "base/id.hh"

namespace weft::collective {

using RankId = Id<struct RankTag>;
using TaskId = Id<struct TaskTag>;
using SwitchId = Id<struct ComputingSwitchTag>;  // position in TaskGraph's list of computing switches
using Member = std::uint32_t;
using Channel = std::uint16_t;

}  // namespace weft::collective
