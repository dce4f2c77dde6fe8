// SweepColumns: the figures that a sweep compares, by what the scenario is about, and the one that its chart draws.
//
// Of jobs: an iteration of the slowest one, and what of it is not computing. Of collectives: the mean of their times and busbw.
// Of flows: completion times; where links change meanwhile, what the first change did. A figure that a run does not have is NaN.
// Units: as the titles say.
#pragma once

#include <string>
#include <vector>

#include "app/sweep_runs.hh"
#include "scenario/scenario.hh"

namespace weft {

enum class SweepSubject : std::uint8_t { flows, collectives, jobs, faults };

struct SweepColumn {
  std::string title;  // "fct max us"
  double (*figure)(const SweepFigures&);
};

[[nodiscard]] SweepSubject subject_of(const Scenario& scenario);
[[nodiscard]] std::vector<SweepColumn> sweep_columns(SweepSubject subject);

// What the chart draws, and what is told apart by seeds.
struct SweepHeadline {
  SweepColumn column;
  std::string what;  // "the slowest flow"
};
[[nodiscard]] SweepHeadline sweep_headline(SweepSubject subject);

}  // namespace weft
