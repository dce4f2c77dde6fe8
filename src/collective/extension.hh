// How long tasks take that stand for work which is not simulated.
//
// extend: millionths of the time since its first dependency was done.
// extrapolate: a collective of S bytes of which parts a, b and c (c > b) were simulated one after the other. Its first dependency
// ends with a, its second with b, and it begins when c is done. The first part lets late ranks come in; the other two, taking t_b
// and t_c, give the two terms of t = l + S p: p = (t_c - t_b) / (c - b), l = t_b - p b. Three parts paid l three times, the whole
// pays it once, so what is left is (S - a - b - c) p - 2 l = (S - a + b - c) p - 2 t_b, and no less than 0.
// Units: picoseconds; the amount of an extrapolation is (S - a + b - c) / (c - b) in millionths. Source: project profile.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "collective/task.hh"

namespace weft::collective {

constexpr Duration scaled_by_millionths(Duration time, std::int64_t millionths) {
  return {static_cast<std::int64_t>(static_cast<__int128>(time.v) * millionths / 1'000'000)};
}

constexpr Duration extension(const Task& task, Time since, Time now) { return scaled_by_millionths(now - since, task.amount); }

constexpr Duration extrapolation(const Task& task, Time first_done, Time second_done, Time now) {
  const Duration second = second_done - first_done, third = now - second_done;
  const Duration rest = scaled_by_millionths({std::max<std::int64_t>((third - second).v, 0)}, task.amount);
  return {std::max<std::int64_t>(rest.v - 2 * second.v, 0)};
}

}  // namespace weft::collective
