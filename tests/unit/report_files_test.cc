// The file formats: a golden summary, escaping of hostile names, and equal bytes whatever the locale.
#include <gtest/gtest.h>

#include <locale>
#include <nlohmann/json.hpp>
#include <sstream>

#include "report/summary.hh"
#include "report/tables.hh"
#include "report_sample.hh"

namespace weft {
namespace {

std::string flows_csv(const Results& results) {
  std::string text;
  write_flows_csv(test::sample_context(), results, [&](std::string_view part) { text += part; });
  return text;
}

std::string links_csv(const Results& results) {
  std::string text;
  write_links_csv(results, [&](std::string_view part) { text += part; });
  return text;
}

std::string traces_csv(const Results& results) {
  std::string text;
  write_traces_csv(results, [&](std::string_view part) { text += part; });
  return text;
}

constexpr const char* golden_summary = R"({
  "scenario": "three flows </script><b>\"quoted\", & 'so on'",
  "seed": 7,
  "weft_version": "1.2.3",
  "status": "stuck",
  "status_reason": "no payload was delivered for 10 ms and 1 flow is unfinished",
  "warnings": [
    "headroom of leaf0 is below the physical need"
  ],
  "waits": [
    {
      "waiter": "leaf0",
      "waits_for": "spine0",
      "reason": "paused, class 3"
    },
    {
      "waiter": "spine0",
      "waits_for": "leaf0",
      "reason": "paused, class 3"
    }
  ],
  "notes": [
    "frames are IPv4, untagged"
  ],
  "simulated_time_s": 0.0001,
  "setup_s": 0.25,
  "run_s": 0.5,
  "packet_hops": 5868,
  "other_hops": 1500,
  "packet_hops_per_s": 11736.0,
  "peak_rss_bytes": 64000000,
  "threads": 1,
  "state_hash": "00000000deadbeef",
  "flows": {
    "count": 4,
    "completed": 3,
    "failed": 1,
    "measured": 3,
    "fct_us": {
      "min": 50.0,
      "mean": 70.0,
      "p50": 60.0,
      "p99": 100.0,
      "max": 100.0
    },
    "slowdown": {
      "min": 1.25,
      "mean": 1.75,
      "p50": 1.5,
      "p99": 2.5,
      "max": 2.5
    }
  },
  "goodput_gbps": 560.0,
  "drops": 12,
  "drops_by_reason": {
    "buffer": 10,
    "loss": 2,
    "down": 0,
    "no_route": 0,
    "corrupted": 0,
    "link_init": 0
  },
  "corrupted": 0,
  "trims": 0,
  "ecn_marks": 10,
  "pauses": 6,
  "retransmissions": 12
}
)";

TEST(Summary, Golden) { EXPECT_EQ(summary_json(test::sample_context(), test::stuck_results()), golden_summary); }

TEST(Summary, MissingFiguresAreNull) {
  const auto summary = nlohmann::json::parse(summary_json({}, {}));
  EXPECT_TRUE(summary["flows"]["fct_us"]["p99"].is_null());
  EXPECT_EQ(summary["packet_hops_per_s"], 0.0);
}

TEST(Summary, BytesThatAreNotUtf8DoNotThrow) {
  ReportContext context;
  context.name = "caf\xe9";
  EXPECT_EQ(nlohmann::json::parse(summary_json(context, {}))["scenario"], "caf\xEF\xBF\xBD");
}

TEST(Tables, CsvFieldsAreQuotedWhenNeeded) {
  EXPECT_EQ(csv_field("plain > text"), "plain > text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"no\"\nnow"), "\"say \"\"no\"\"\nnow\"");
}

TEST(Tables, FlowsGolden) {
  const std::string expected =
      "flow,label,workload,workload_kind,src,dst,operation,size_bytes,status,start_us,sender_done_us,receiver_done_us,fct_us,"
      "receiver_fct_us,ideal_us,slowdown,goodput_gbps,delivered_bytes,packets,retransmissions,timeouts,naks,cnps,ecn_marked,"
      "measured,error\n"
      "0,100,0,permutation,0,1,write,2000000,completed,0.000000,50.000000,48.000001,50.000000,48.000001,40.000000,1.250000,"
      "320.000000,2000000,489,0,0,0,0,0,1,\n"
      "1,101,1,incast,1,2,write,2000000,completed,10.000000,70.000000,68.000001,60.000000,58.000001,40.000000,1.500000,"
      "266.666667,2000000,489,12,0,0,0,0,1,\n"
      "2,102,0,permutation,2,3,write,2000000,completed,0.000000,100.000000,98.000001,100.000000,98.000001,40.000000,2.500000,"
      "160.000000,2000000,489,0,0,0,3,0,1,\n"
      "3,103,0,permutation,3,0,write,2000000,failed,5.000000,,,,,40.000000,,,1000000,489,0,0,0,0,0,0,"
      "\"retry limit, \"\"7\"\" times\nbetween <host3> & host0\"\n";
  EXPECT_EQ(flows_csv(test::sample_results()), expected);
}

TEST(Tables, LinksGolden) {
  const std::string text = links_csv(test::sample_results());
  EXPECT_NE(text.find("\n2,leaf0,spine0,400000000000,3000,12534000,0.600000,12534,0,0,0,0,3,2,0,4.500000,"), std::string::npos) << text;
  EXPECT_NE(text.find("\n3,spine0,\"leaf0,\"\"odd\"\"\",400000000000,"), std::string::npos) << text;
}

TEST(Tables, TracesGolden) {
  const std::string text = traces_csv(test::sample_results());
  EXPECT_EQ(text.rfind("series,what,unit,at_us,value\nflow 100,rate,Gb/s,0.000000,400\n", 0), 0U) << text.substr(0, 100);
  EXPECT_NE(text.find("flow 100,rate,Gb/s,5.000000,312.5\n"), std::string::npos);
}

// A locale of its own, since a machine may have none installed: commas in numbers, groups of two.
class OddNumbers : public std::numpunct<char> {
  [[nodiscard]] char do_decimal_point() const override { return ','; }
  [[nodiscard]] char do_thousands_sep() const override { return '_'; }
  [[nodiscard]] std::string do_grouping() const override { return "\2"; }
};

TEST(Tables, LocaleDoesNotMatter) {
  const Results results = test::sample_results();
  const auto everything = [&] { return flows_csv(results) + links_csv(results) + traces_csv(results) + summary_json({}, results); };
  const std::string before = everything();
  const std::locale usual = std::locale::global(std::locale(std::locale(), new OddNumbers));
  std::ostringstream odd;
  odd << 12345;
  const std::string after = everything();
  std::locale::global(usual);
  EXPECT_EQ(odd.str(), "1_23_45") << "the odd locale must be in force for this test to mean anything";
  EXPECT_EQ(before, after);
}

}  // namespace
}  // namespace weft
