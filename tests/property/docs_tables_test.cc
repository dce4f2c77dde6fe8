// The tables of docs/ are what the program says now: one cell of each, run as its command runs it.
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "app/examples.hh"
#include "base/text_file.hh"
#include "report/figures.hh"
#include "scenario/load.hh"
#include "sim/run.hh"

namespace weft {
namespace {

// The cell of the row that begins with `row`, counted from 1.
std::string cell_of(const std::string& file, const std::string& row, int column) {
  const std::string text = read_text_file(std::filesystem::path(WEFT_SOURCE_DIR) / "docs" / file);
  std::size_t at = text.find("\n| " + row + " |");
  for (; at != std::string::npos && column >= 0; --column) at = text.find('|', at + 1);
  return at == std::string::npos ? "" : text.substr(at + 2, text.find(' ', at + 2) - at - 2);
}

TEST(DocsTables, MultipathIsToDate) {
  const std::string links =
      "links=[{ link: leaf0-spine0, rate: 100Gbps }, { link: leaf4-spine4, rate: 100Gbps },"
      " { link: leaf8-spine8, rate: 100Gbps }, { link: leaf12-spine12, rate: 100Gbps },"
      " { link: leaf16-spine16, rate: 100Gbps }, { link: leaf20-spine20, rate: 100Gbps },"
      " { link: leaf24-spine24, rate: 100Gbps }, { link: leaf28-spine28, rate: 100Gbps }]";
  const std::string fabric = "fabric={ transport: uet, congestion: nscc, load_balancing: mixed }";
  double sum = 0;
  for (int seed = 1; seed <= 5; ++seed) {
    const Results r = run(parse_scenario(std::string(find_example("permutation-1024")), "permutation-1024.yaml",
                                         {links, fabric, "seed=" + std::to_string(seed)}),
                          {});
    const auto figures = flow_figures(r);
    ASSERT_TRUE(figures.fct_ps);
    sum += static_cast<double>(figures.fct_ps->max) / 1e6;
  }
  char measured[32];
  std::snprintf(measured, sizeof measured, "%.2f", sum / 5);
  EXPECT_EQ(cell_of("multipath.md", "NSCC, mixed", 2), measured) << "run the document's command again, for its table, chart and words";
}

}  // namespace
}  // namespace weft
