// Sweeps: which combinations there are, what their figures are, and that the number of jobs changes nothing that is printed.
#include <gtest/gtest.h>

#include "app/sweep_plan.hh"
#include "app/sweep_tables.hh"
#include "app/uec_table.hh"
#include "base/error.hh"
#include "program_runner.hh"
#include "report/bars_svg.hh"

namespace weft {
namespace {

TEST(SweepPlan, CommasInsideBracketsSeparateNothing) {
  const SweepAxis axis = parse_vary("links=[],[ { link: a-b, rate: 1Gbps } ],\"x,y\"");
  ASSERT_EQ(axis.choices.size(), 3U);
  EXPECT_EQ(axis.choices[1].overrides.front(), "links=[ { link: a-b, rate: 1Gbps } ]");
  EXPECT_EQ(axis.choices[2].name, "\"x,y\"");
}

TEST(SweepPlan, TheLastAxisTurnsFastest) {
  const SweepPlan plan = make_sweep_plan("", {"a=1,2", "b=x,y,z"});
  ASSERT_EQ(plan.combinations(), 6U);
  EXPECT_EQ(plan.combination(0)[1]->name, "x");
  EXPECT_EQ(plan.combination(2)[1]->name, "z");
  EXPECT_EQ(plan.combination(3)[0]->name, "2");
  EXPECT_EQ(make_sweep_plan("", {}).combinations(), 1U);
}

TEST(SweepPlan, RefusesWhatItCannotMean) {
  EXPECT_THROW((void)parse_vary("fabric.mtu"), InputError);
  EXPECT_THROW((void)parse_vary("=1"), InputError);
  EXPECT_THROW((void)make_sweep_plan("", {"a=1", "a=2"}), InputError);
  const std::string hundred = "=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22";
  EXPECT_EQ(make_sweep_plan("", {"a" + hundred, "b" + hundred}).combinations(), 484U);
  EXPECT_THROW((void)make_sweep_plan("", {"a" + hundred, "b" + hundred, "c" + hundred}), InputError) << "10,648 combinations";
}

// 2, 4, 6: mean 4, standard deviation 2, t(2) = 4.303: 4.303 * 2 / sqrt(3).
TEST(SweepEstimate, IsStudents) {
  const Estimate e = estimate({2, 4, 6});
  EXPECT_DOUBLE_EQ(e.mean, 4);
  EXPECT_NEAR(e.half_width, 4.969, 0.001);
  EXPECT_EQ(estimate({7}).half_width, 0);
  EXPECT_EQ(estimate({}).mean, 0);
}

TEST(BarsSvg, DrawsEveryBarAndEscapesNames) {
  const std::string svg = bars_svg(
      {.title = "a < b", .unit = "us", .groups = {"g1", "g2"}, .series = {"s1", "s2"}, .bars = {{{10, 1}, {20, 0}}, {{-1, 0}, {5, 2}}}});
  std::size_t bars = 0;
  for (std::size_t at = svg.find("<title>"); at != std::string::npos; at = svg.find("<title>", at + 1)) ++bars;
  EXPECT_EQ(bars, 3U) << "one is missing";
  EXPECT_NE(svg.find("a &lt; b"), std::string::npos);
  EXPECT_EQ(svg.find("a < b"), std::string::npos);
  EXPECT_NE(svg.find("g2, s2: 5 us"), std::string::npos);
  EXPECT_EQ(svg.find("(log)"), std::string::npos);
  const std::string wide = bars_svg({.title = "", .unit = "us", .groups = {"g"}, .series = {"a", "b"}, .bars = {{{10, 0}, {10000, 0}}}});
  EXPECT_NE(wide.find("us (log)"), std::string::npos);
  EXPECT_NE(wide.find(">1000<"), std::string::npos) << "a mark for each decade";
}

TEST(UecTable, NamesTheLineThatIsWrong) {
  const auto folder = std::filesystem::temp_directory_path() / "weft_uec_table";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "published.csv") << "experiment,congestion_control,matrix,paths,min_fct_us,tail_fct_us\n"
                                          << "\"one, alone\",nscc,one.cm,1,1.5,2.25\n";
  const auto rows = read_uec_table(folder);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].experiment, "one, alone");
  EXPECT_TRUE(rows[0].single_path());
  EXPECT_EQ(rows[0].tail_ps, 2'250'000);
  std::ofstream(folder / "one.cm") << "Nodes 20\nConnections 1\n0->1 start 0 size 10\n";
  EXPECT_THROW((void)uec_overrides(rows[0], folder), InputError) << "no fat tree has 20 hosts";
  std::ofstream(folder / "published.csv") << "experiment\nx,nscc,one.cm,many,1,2\n";
  try {
    (void)read_uec_table(folder);
    FAIL();
  } catch (const InputError& error) { EXPECT_NE(error.where().find("published.csv:2"), std::string::npos) << error.where(); }
  std::filesystem::remove_all(folder);
}

class SweepProgram : public ProgramTest {
 protected:
  void SetUp() override {
    ProgramTest::SetUp();
    write("s.yaml",
          "topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }\n"
          "workloads: [ { kind: permutation, size: 100KB } ]\n");
    write("axes.yaml",
          "axes:\n  network:\n    healthy: {}\n    slow: { links: [ { link: leaf0-spine0, rate: 10Gbps } ] }\n"
          "  transport:\n    roce: {}\n    uet: { fabric.transport: uet, fabric.congestion: nscc }\n");
  }
};

TEST_F(SweepProgram, TheNumberOfJobsChangesNothing) {
  const std::string options = "sweep s.yaml --axes axes.yaml --vary fabric.mtu=1024,4096 --seeds 2 ";
  const Said one = weft(options + "--jobs 1 --csv one.csv --svg one.svg"), three = weft(options + "--jobs 3 --csv three.csv");
  EXPECT_EQ(one.code, 0) << one.err;
  EXPECT_EQ(one.out, three.out);
  EXPECT_EQ(text("one.csv"), text("three.csv"));
  std::size_t lines = 0;
  for (const char c : text("one.csv")) lines += c == '\n' ? 1 : 0;
  EXPECT_EQ(lines, 1U + 2 * 2 * 2 * 2) << text("one.csv");
  EXPECT_NE(text("one.svg").find("uet, 4096"), std::string::npos);
}

TEST_F(SweepProgram, MistakesAreNamed) {
  const Said key = weft("sweep s.yaml --vary fabric.mut=1024");
  EXPECT_EQ(key.code, 2);
  EXPECT_NE(key.err.find("mtu"), std::string::npos) << key.err;
  write("axes.yaml", "axes:\n  network: [ 1 ]\n");
  const Said axes = weft("sweep s.yaml --axes axes.yaml");
  EXPECT_EQ(axes.code, 2);
  EXPECT_NE(axes.err.find("axes.yaml:2"), std::string::npos) << axes.err;
  EXPECT_EQ(weft("sweep s.yaml --axes missing.yaml").code, 2);
}

}  // namespace
}  // namespace weft
