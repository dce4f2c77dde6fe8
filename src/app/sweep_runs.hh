// SweepRuns: the runs of a sweep, several at a time, and the figures of each. Handed on in the order of the plan, whatever the
// order in which they end, so that what a sweep prints does not depend on how many run side by side.
//
// Errors: the first InputError of any run, after the others have ended. An interrupted run is not among the figures.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "app/exit_code.hh"
#include "app/scenario_options.hh"
#include "app/sweep_plan.hh"
#include "report/figures.hh"

namespace weft {

struct SweepFigures {
  RunStatus status = RunStatus::done;
  FlowFigures flows;
  double goodput = 0;  // Gb/s
  // Not a number where there is none.
  double iteration_us = std::nan(""), exposed_us = std::nan(""), collective_us = std::nan(""), busbw = std::nan("");
  struct {  // the first change of links; times since then
    double known_first_us = std::nan(""), known_last_us = std::nan(""), last_lost_us = std::nan("");
    double steady_us = std::nan(""), missing_mb = std::nan("");
  } fault;
  std::uint64_t drops = 0, trims = 0, pauses = 0, retransmissions = 0, state_hash = 0;
};

class SweepRuns {
 public:
  SweepRuns(const ScenarioOptions& scenario, const SweepPlan& plan, std::uint64_t seeds, const std::atomic<bool>* interrupt)
      : scenario_(scenario), plan_(plan), interrupt_(interrupt), figures_(plan.combinations() * seeds), seeds_(seeds) {}

  // `done(combination, seed)` for each run, in the order of the plan.
  void execute(unsigned jobs, const std::function<void(std::size_t, std::uint64_t)>& done);

  [[nodiscard]] std::uint64_t seeds() const { return seeds_; }
  [[nodiscard]] std::size_t combinations() const { return plan_.combinations(); }
  // Seeds count from 1.
  [[nodiscard]] const std::optional<SweepFigures>& of(std::size_t combination, std::uint64_t seed) const {
    return figures_[combination * seeds_ + seed - 1];
  }
  [[nodiscard]] ExitCode worst() const { return worst_; }

 private:
  [[nodiscard]] SweepFigures run_one(std::size_t combination, std::uint64_t seed);

  const ScenarioOptions& scenario_;
  const SweepPlan& plan_;
  const std::atomic<bool>* interrupt_;  // not owned
  std::vector<std::optional<SweepFigures>> figures_;
  std::uint64_t seeds_;
  ExitCode worst_ = ExitCode::done;
};

}  // namespace weft
