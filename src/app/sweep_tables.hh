// SweepTables: what a sweep prints and writes: one line a seed without axes, one line a combination with them, a CSV file of
// all runs, a chart.
#pragma once

#include <string>
#include <vector>

#include "app/sweep_columns.hh"
#include "app/sweep_plan.hh"
#include "app/sweep_runs.hh"
#include "app/table.hh"

namespace weft {

// A mean over seeds and half the width of its 95 % confidence interval; 0 for a single value.
struct Estimate {
  double mean = 0, half_width = 0;
};
[[nodiscard]] Estimate estimate(const std::vector<double>& values);

class SweepTables {
 public:
  SweepTables(const SweepPlan& plan, std::uint64_t seeds, SweepSubject subject);
  [[nodiscard]] std::string header() const { return table_.header(); }
  // Without axes: one seed.
  [[nodiscard]] std::string line(const SweepRuns& runs, std::uint64_t seed) const;
  // With axes: one combination, over all seeds.
  [[nodiscard]] std::string line_of_means(const SweepRuns& runs, std::size_t combination) const;
  [[nodiscard]] std::string closing(const SweepRuns& runs) const;
  void write_csv(const SweepRuns& runs, const std::string& file) const;
  void write_svg(const SweepRuns& runs, const std::string& title, const std::string& file) const;

 private:
  [[nodiscard]] std::vector<std::string> names(std::size_t combination) const;
  [[nodiscard]] std::vector<std::string> cells(std::uint64_t seed, const SweepFigures& figures) const;

  const SweepPlan& plan_;
  SweepSubject subject_;
  std::vector<SweepColumn> columns_;
  Table table_;
};

}  // namespace weft
