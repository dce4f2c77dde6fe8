// The page, the console lines, the timeline and the comparison, made from hand-made results.
#include "report/page.hh"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hh"
#include "report/compare.hh"
#include "report/console.hh"
#include "report/csv_reader.hh"
#include "report/embedded.hh"
#include "report/page_data.hh"
#include "report/sampling.hh"
#include "report/timeline.hh"
#include "report/write.hh"
#include "report_sample.hh"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST(Page, HostileNamesStayText) {
  const std::string page = report_page(test::sample_context(), test::stuck_results());
  EXPECT_EQ(occurrences(page, "</script>"), 3U) << "the page has three script elements and nothing may end one early";
  EXPECT_EQ(occurrences(page, "<!--"), 0U);
  EXPECT_EQ(page.find("<b>"), std::string::npos);
  EXPECT_NE(page.find("<title>three flows &lt;/script&gt;&lt;b&gt;&quot;quoted&quot;, &amp; &#39;so on&#39; - weft</title>"),
            std::string::npos);
}

TEST(Page, DataReadsBackAsItWas) {
  const std::string page = report_page(test::sample_context(), test::stuck_results());
  const std::string_view open = R"(<script type="application/json" id="data">)";
  const std::size_t begin = page.find(open) + open.size();
  const auto data = nlohmann::json::parse(page.substr(begin, page.find("</script>", begin) - begin));
  EXPECT_EQ(data["summary"]["scenario"], test::sample_context().name);
  EXPECT_EQ(data["scenario"]["text"], test::sample_context().scenario_text);
  EXPECT_EQ(data["failed"][0]["error"], test::sample_results().flows[3].error);
}

TEST(Page, MarksInTheDataAreNotFilledIn) {
  ReportContext context = test::sample_context();
  context.name = "{{script}} {{data}}";
  const std::string page = report_page(context, test::sample_results());
  EXPECT_NE(page.find("<title>{{script}} {{data}} - weft</title>"), std::string::npos);
}

TEST(Page, AsksForNothingFromOutside) {
  const std::string page = report_page(test::sample_context(), test::sample_results());
  for (const char* const attribute : {"<link rel=\"stylesheet", "<script src", "@import", "<img", "<iframe"}) {
    EXPECT_EQ(page.find(attribute), std::string::npos) << attribute;
  }
  EXPECT_NE(page.find("Content-Security-Policy\" content=\"default-src 'none'"), std::string::npos);
}

TEST(Page, EmbeddedPartsAreTheFilesOfWeb) {
  std::string scripts;
  for (const char* const name :
       {"format", "tables", "charts_svg", "board", "sections", "section_charts", "gantt", "section_jobs", "compare", "main"}) {
    std::ifstream in(fs::path(WEFT_WEB_FOLDER) / "page" / (std::string(name) + ".js"), std::ios::binary);
    ASSERT_TRUE(in) << name;
    scripts.append(std::istreambuf_iterator<char>(in), {});
  }
  EXPECT_EQ(scripts, embedded::script());
  if (!embedded::charts().empty()) {
    std::ifstream in(fs::path(WEFT_WEB_FOLDER) / "dist" / "report.js", std::ios::binary);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), embedded::charts());
  }
}

TEST(PageData, StaysSmallForManyFlowsAndPorts) {
  Results results = test::sample_results();
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    results.flows.push_back(test::sample_flow(i, i + 1, 0, 50 + i % 977));
    results.flows.back().spec.size = {1000 + i};
    PortResult port = results.ports[i % 4];
    port.to += std::to_string(i);
    results.ports.push_back(port);
  }
  const auto data = page_data(test::sample_context(), results);
  EXPECT_EQ(data["fct_cdf"].size(), page_points);
  EXPECT_EQ(data["fct_cdf"].front()[0], 50.0);
  EXPECT_EQ(data["fct_cdf"].back()[1], 1.0);
  EXPECT_EQ(data["slowest"].size(), page_rows);
  EXPECT_EQ(data["ports"].size(), page_rows);
  EXPECT_EQ(data["sizes"].size(), page_points);
  EXPECT_EQ(data["totals"]["ports"], 20'004);
  EXPECT_LT(data.dump().size(), 400'000U);
}

TEST(PageData, SlowestComesFirst) {
  const auto data = page_data(test::sample_context(), test::sample_results());
  EXPECT_EQ(data["slowest"][0]["flow"], 2);
  EXPECT_EQ(data["slowest"][0]["slowdown"], 2.5);
  EXPECT_EQ(data["ports"][0]["from"], "spine0") << "80 % is the hottest";
}

TEST(PageData, TiersAndHeatMap) {
  Results results;
  for (const char* const from : {"leaf0", "leaf1"}) {
    for (const char* const to : {"spine0", "spine1"}) {
      results.ports.push_back({.from = from, .to = to, .rate = {1}, .paused = {}, .max_queue = {}, .utilisation = 0.25});
    }
  }
  results.ports[3].utilisation = 1.0;
  const auto data = page_data({}, results);
  ASSERT_EQ(data["tiers"].size(), 1U);
  EXPECT_EQ(data["tiers"][0]["name"], "leaf to spine");
  EXPECT_EQ(data["tiers"][0]["histogram"], (std::vector<int>{0, 0, 3, 0, 0, 0, 0, 0, 0, 1}));
  ASSERT_EQ(data["heatmaps"].size(), 1U);
  EXPECT_EQ(data["heatmaps"][0]["cells"][3], nlohmann::ordered_json({1, 1, 1.0}));
}

TEST(Sampling, ThinKeepsEveryPeak) {
  Points series;
  for (int i = 0; i < 10'000; ++i) series.emplace_back(i, i == 7777 ? 1000 : i % 3);
  const Points fewer = thin(series, 100);
  EXPECT_LE(fewer.size(), 100U);
  EXPECT_NE(std::find(fewer.begin(), fewer.end(), std::pair<double, double>(7777, 1000)), fewer.end());
  EXPECT_TRUE(std::is_sorted(fewer.begin(), fewer.end())) << "time must not run backwards";
}

TEST(Console, TenLinesWhenAllWentWell) {
  Results results = test::sample_results();
  results.flows.pop_back();
  results.warnings.clear();
  const std::vector<std::string> expected{
      "three flows </script><b>\"quoted\", & 'so on', seed 7: done",
      "3 of 3 flows completed in 100 us of simulated time",
      "flow completion time: min 50 us, mean 70 us, p50 60 us, p99 100 us, max 100 us",
      "slowdown: min 1.25, mean 1.75, p50 1.5, p99 2.5, max 2.5",
      "goodput: 480 Gb/s in all (6 MB of payload)",
      "losses: 12 drops (10 no buffer, 2 random losses, 0 link down, 0 no route, 0 bit errors), 0 trims, 12 retransmissions",
      "congestion: 10 ECN marks, 6 pauses",
      "busiest port: spine0>leaf0,\"odd\" at 80 %; deepest queue: 16.71 KB at spine0>leaf0,\"odd\"",
      "speed: 11,736 packet-hops/s (5,868 in 500 ms on 1 thread; set-up 250 ms; 64 MB of memory)",
      "state hash: 00000000deadbeef"};
  EXPECT_EQ(summary_lines(test::sample_context(), results), expected);
}

TEST(Console, StuckSaysWhoWaitsForWhom) {
  const auto lines = summary_lines(test::sample_context(), test::stuck_results());
  EXPECT_NE(lines[0].find("stuck, no payload was delivered for 10 ms"), std::string::npos) << lines[0];
  EXPECT_EQ(lines[10], "warning: headroom of leaf0 is below the physical need");
  EXPECT_EQ(lines[11], "failed: flow 103 from host 3 to host 0: retry limit, \"7\" times between <host3> & host0")
      << "one line, no line end in it";
  EXPECT_EQ(lines[12], "waits: leaf0 waits for spine0 (paused, class 3)");
}

TEST(Console, DetailsAreBounded) {
  Results results = test::stuck_results();
  results.waits.resize(1000, results.waits[0]);
  results.flows.resize(500, results.flows[3]);
  const auto lines = summary_lines(test::sample_context(), results);
  EXPECT_EQ(lines.size(), 10U + 1 + 6 + 6);
  EXPECT_EQ(lines.back(), "waits: and 995 more, in summary.json");
}

TEST(Timeline, IsJsonWithOneLaneForEachFlowAtATime) {
  Results results = test::sample_results();
  FlowResult overlap = results.flows[0];
  overlap.start = {1'000'000};
  results.flows.push_back(overlap);
  std::string text;
  write_timeline(results, [&](std::string_view part) { text += part; });
  const auto events = nlohmann::json::parse(text)["traceEvents"];
  std::vector<int> lanes;
  for (const auto& event : events) {
    if (event["ph"] == "X" && event["pid"] == 0) lanes.push_back(event["tid"]);
  }
  EXPECT_EQ(lanes, (std::vector<int>{0, 1})) << "they overlap, so they need two lanes";
  EXPECT_EQ(events[0]["dur"], 50.0);
}

TEST(Timeline, KeepsTheLongestFlows) {
  std::string text;
  write_timeline(
      test::sample_results(), [&](std::string_view part) { text += part; }, 2);
  EXPECT_EQ(occurrences(text, "\"ph\":\"X\""), 2U);
  EXPECT_NE(text.find("flow 2 to host 3"), std::string::npos) << "100 us is the longest";
}

TEST(Csv, ReadsBackWhatIsWritten) {
  std::string text;
  write_flows_csv(test::sample_context(), test::sample_results(), [&](std::string_view part) { text += part; });
  CsvReader reader(text);
  std::vector<std::string> fields, last;
  int rows = 0;
  for (; reader.next(fields); ++rows) last = fields;
  EXPECT_EQ(rows, 5);
  EXPECT_EQ(last.back(), test::sample_results().flows[3].error);
  EXPECT_EQ(reader.line(), 5);
}

class CompareTest : public ::testing::Test {
 protected:
  CompareTest() {
    std::string name = (fs::temp_directory_path() / "weft-compare-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
    write_results(test::sample_context(), test::sample_results(), root_ / "a");
    Results faster = test::sample_results();
    for (FlowResult& flow : faster.flows) flow.sender_done = flow.start + Duration{40'000'000};
    write_results(test::sample_context(), faster, root_ / "b");
  }
  ~CompareTest() override { fs::remove_all(root_); }

  void replace(const fs::path& file, const std::string& text) const { std::ofstream(root_ / file) << text; }
  [[nodiscard]] std::string error() const {
    try {
      (void)read_comparison(root_ / "a", root_ / "b");
    } catch (const InputError& error) { return fs::path(error.where()).filename().string() + ": " + error.what(); }
    return {};
  }
  fs::path root_;
};

TEST_F(CompareTest, ShowsFiguresAndRatios) {
  const auto lines = comparison_lines(read_comparison(root_ / "a", root_ / "b"));
  EXPECT_EQ(lines[0], "                                a                 b   ratio");
  EXPECT_EQ(lines[2], "state hash       00000000deadbeef  00000000deadbeef    same");
  EXPECT_EQ(lines[8], "FCT p99                    100 us             40 us     0.4");
}

TEST_F(CompareTest, PageHoldsBothDistributions) {
  write_comparison_page(read_comparison(root_ / "a", root_ / "b"), root_ / "compare.html");
  std::ifstream in(root_ / "compare.html");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(page.find(R"("fct_cdf":[[50.0,0.3333333333333333],[60.0,0.6666666666666666],[100.0,1.0]])"), std::string::npos);
}

TEST_F(CompareTest, BadFoldersNameFileAndLine) {
  EXPECT_EQ(error(), "");
  replace("b/summary.json", "{\n\"flows\": oops\n}");
  EXPECT_EQ(error(), "summary.json:2: this is not JSON");
  replace("b/summary.json", "{}");
  EXPECT_EQ(error(), "summary.json: the key /flows/count is missing");
  fs::remove(root_ / "b" / "summary.json");
  EXPECT_EQ(error(), "b: the folder holds no results: there is no summary.json");
  replace("a/flows.csv", "flow,fct_us,measured\n0,1.5,1\n1,fast,1\n");
  EXPECT_EQ(error(), "flows.csv:3: fct_us is not a number: fast");
  replace("a/flows.csv", "flow,measured\n");
  EXPECT_EQ(error(), "flows.csv:1: the column fct_us is missing");
}

}  // namespace
}  // namespace weft
