// The UEC group's published table, as `weft bench uec` runs it: the rows of 16 and 128 hosts in every check, all of them in a
// full one; and, without any file, the one flow whose time can be worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "app/examples.hh"
#include "app/uec_table.hh"
#include "report/figures.hh"
#include "scenario/load.hh"
#include "sim/run.hh"
#include "support/real_data.hh"
#include "support/sim_runs.hh"

namespace weft {
namespace {

double slowest_us(const std::vector<std::string>& overrides, std::uint64_t seed) {
  std::vector<std::string> all = overrides;
  all.push_back("seed=" + std::to_string(seed));
  const Results results = run(parse_scenario(std::string(find_example("uec-table")), "uec-table.yaml", all), {});
  EXPECT_EQ(test::completed(results), results.flows.size());
  const auto figures = flow_figures(results);
  return figures.fct_ps ? static_cast<double>(figures.fct_ps->max) / 1e6 : 0;
}

std::vector<double> tails(const UecRow& row, std::uint64_t seeds) {
  std::vector<double> all;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) all.push_back(slowest_us(uec_overrides(row, test::real_data("uet-htsim")), seed));
  std::sort(all.begin(), all.end());
  return all;
}

// The first link takes 489 packets of 4150 bytes, five more stores and forwards of a full packet follow, then the last packet
// of 1946 + 64 bytes; six links of 1 us; an ACK of 64 bytes back over as many.
TEST(UecTable, OneFlowTakesWhatArithmeticSays) {
  constexpr double full = 4150 * 8e-5, last = (2'000'000 - 489 * 4086 + 64) * 8e-5, ack = 64 * 8e-5;
  const double expected = 489 * full + last + 5 * full + 6 + 6 + 6 * ack;
  const double measured = slowest_us({"workloads=[{ kind: flows, flows: [ { src: 0, dst: 13, size: 2MB } ] }]"}, 1);
  EXPECT_NEAR(expected, 176.20, 0.01);
  EXPECT_NEAR(measured, expected, 0.001 * expected);
}

TEST(UecTable, PublishedRowsComeOut) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  std::size_t rows = 0;
  for (const UecRow& row : read_uec_table(test::real_data("uet-htsim"))) {
    const bool large = row.experiment.find("1024") != std::string::npos;
    if (large && !test::full()) continue;
    ++rows;
    SCOPED_TRACE(row.experiment + ", " + row.congestion);
    const double published = static_cast<double>(row.tail_ps) / 1e6;
    const std::vector<double> ours = tails(row, row.single_path() ? 20 : 3);
    if (row.single_path()) {
      EXPECT_LE(ours.front(), published);
      EXPECT_GE(ours.back(), published);
    } else {
      EXPECT_NEAR(ours[ours.size() / 2], published, 0.05 * published);
    }
  }
  EXPECT_GE(rows, 21U);
}

// Set-ups of the same kind that the table does not have, run with the group's program by ourselves (docs/fidelity.md): what losses,
// credit and probes do to one another. `theirs`: median of their seeds 1 to 5.
struct Outside {
  const char* matrix;
  std::vector<std::string> keys;
  double theirs;
};

TEST(UecTable, RowsOutsideItComeOut) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  const std::string large =
      "topology={ kind: clos, pods: 8, leaves_per_pod: 4, hosts_per_leaf: 4, aggs_per_pod: 4, cores: 16,"
      " link: { rate: 100Gbps, delay: 1us } }";
  const Outside rows[] = {
      {"perm_128n_128c_2MB.cm", {large, "fabric.congestion=rccc", "fabric.paths=16"}, 227.23},
      {"perm_128n_128c_2MB.cm", {large, "fabric.congestion=rccc", "fabric.load_balancing=reps", "fabric.paths=64"}, 212.59},
      {"incast.cm", {"fabric.trimming=false", "fabric.recovery=sleek", "fabric.paths=64"}, 2454.45},
  };
  for (const Outside& row : rows) {
    std::vector<std::string> keys = row.keys;
    keys.push_back("workloads=[ { kind: cm, matrix: " + test::real_data("uet-htsim") + "/" + row.matrix + " } ]");
    std::vector<double> ours;
    for (std::uint64_t seed = 1; seed <= 5; ++seed) ours.push_back(slowest_us(keys, seed));
    std::sort(ours.begin(), ours.end());
    EXPECT_NEAR(ours[2], row.theirs, 0.01 * row.theirs) << row.matrix << ' ' << row.keys.back();
  }
}

}  // namespace
}  // namespace weft
