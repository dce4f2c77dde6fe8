// What results say of jobs: exposed and hidden communication, the timeline, the page, the summary, the console.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "report/console.hh"
#include "report/job_figures.hh"
#include "report/page_data.hh"
#include "report/summary.hh"
#include "report/timeline.hh"
#include "report_sample.hh"

namespace weft {
namespace {

constexpr std::int64_t us = 1'000'000;

JobSpanResult span(std::uint32_t rank, std::uint32_t label, SpanKind kind, std::int64_t start, std::int64_t end) {
  return {rank, label, kind, {start * us}, {end * us}};
}

// Two ranks compute from 0 to 10; gradients go from 6 to 14 and from 8 to 18, activations from 14 to 15.
Results one_job() {
  Results results;
  JobResult job{.name = "llm </script>", .hosts = {4, 5}, .labels = {"layer", "gradients", "activations", "rest"}};
  job.iteration_ends = {{20 * us}};
  job.iteration = {20 * us};
  job.compute = {10 * us};
  job.scaled = {"2 of 4 layers"};
  for (std::uint32_t rank = 0; rank < 2; ++rank) {
    job.spans.push_back(span(rank, 1, SpanKind::communication, 6, 14));
    job.spans.push_back(span(rank, 0, SpanKind::compute, 0, 10));
    job.spans.push_back(span(rank, 1, SpanKind::communication, 8, 18));
    job.spans.push_back(span(rank, 2, SpanKind::communication, 14, 15));
    job.spans.push_back(span(rank, 3, SpanKind::extension, 18, 20));
  }
  job.spans.push_back({1, 1, SpanKind::communication, {19 * us}, Time::never()});
  results.jobs.push_back(std::move(job));
  results.loads.push_back({.name = "host to leaf", .ports = 2, .interval = {us}, .share = {0.5, 1}});
  return results;
}

TEST(JobFigures, WhatIsExposedIsWhatNoComputingHides) {
  const auto costs = label_costs(one_job().jobs[0], {0, 1});
  ASSERT_EQ(costs.size(), 2U);
  EXPECT_EQ(costs[0].label, 1U);
  EXPECT_EQ(costs[0].hidden, (Duration{4 * us}));
  EXPECT_EQ(costs[0].exposed, (Duration{8 * us}));
  EXPECT_EQ(costs[1].hidden, (Duration{}));
  EXPECT_EQ(costs[1].exposed, (Duration{us}));
}

TEST(JobFigures, ChosenRanksHoldTheFirstAndTheLast) {
  JobResult job;
  job.hosts.resize(1024);
  const auto ranks = chosen_ranks(job, 16);
  ASSERT_EQ(ranks.size(), 16U);
  EXPECT_EQ(ranks.front(), 0U);
  EXPECT_EQ(ranks.back(), 1023U);
  job.hosts.resize(3);
  EXPECT_EQ(chosen_ranks(job, 16), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST(JobReport, SummaryHasTheJob) {
  const auto summary = summary_object(test::sample_context(), one_job());
  const auto& job = summary.at("jobs").at(0);
  EXPECT_EQ(job.at("name"), "llm </script>");
  EXPECT_DOUBLE_EQ(job.at("iteration_s").get<double>(), 20e-6);
  EXPECT_DOUBLE_EQ(job.at("compute_s").get<double>(), 10e-6);
  EXPECT_DOUBLE_EQ(job.at("exposed_communication_s").get<double>(), 10e-6);
  EXPECT_DOUBLE_EQ(job.at("efficiency").get<double>(), 0.5);
  EXPECT_EQ(job.at("scaled").size(), 1U);
  Results unfinished = one_job();
  unfinished.jobs[0].iteration_ends = {Time::never()};
  EXPECT_TRUE(summary_object(test::sample_context(), unfinished).at("jobs").at(0).at("iteration_s").is_null());
}

TEST(JobReport, TimelineIsJsonWithALaneForWhatOverlaps) {
  std::string text;
  write_timeline(one_job(), [&](std::string_view part) { text += part; });
  const auto events = nlohmann::json::parse(text).at("traceEvents");
  std::size_t bars = 0, most_lane = 0;
  for (const auto& event : events) {
    if (event.at("ph") != "X") continue;
    ++bars;
    most_lane = std::max(most_lane, event.at("tid").get<std::size_t>());
    EXPECT_EQ(event.at("tid") == 0, event.at("cat") != "communication");
  }
  EXPECT_EQ(bars, 10U);
  EXPECT_EQ(most_lane, 2U);
}

TEST(JobReport, PageHasRowsForTheRanks) {
  const auto data = page_data(test::sample_context(), one_job());
  const auto& job = data.at("jobs").at(0);
  EXPECT_EQ(job.at("spans").size(), 10U);
  EXPECT_EQ(job.at("hosts"), nlohmann::ordered_json({4, 5}));
  EXPECT_EQ(job.at("costs").at(0).at("label"), "gradients");
  EXPECT_EQ(data.at("loads").at(0).at("points").size(), 2U);
}

TEST(JobReport, ConsoleBeginsWithTheJob) {
  const auto lines = summary_lines(test::sample_context(), one_job());
  ASSERT_GT(lines.size(), 2U);
  EXPECT_NE(lines[1].find("an iteration takes 20 us: computing 10 us (50 %)"), std::string::npos) << lines[1];
  EXPECT_NE(lines[2].find("2 of 4 layers"), std::string::npos) << lines[2];
}

}  // namespace
}  // namespace weft
