// Task graphs whose switches compute, lowered to end points: every task in its place, every wait kept, the record moved along.
#include "workload/lower_in_network.hh"

#include <gtest/gtest.h>

#include "collective/graph_check.hh"
#include "collective/registry.hh"
#include "support/input_error.hh"

namespace weft {
namespace {

using namespace collective;

// Hosts 0 to 7 in two servers of 4 with reducers 8 and 9; hosts 0 to 5 on leaf0, whose reducer is 10, the others on leaf1.
NetworkShape shape() {
  NetworkShape s;
  s.hosts = 8;
  s.gpus_per_server = 4;
  s.reducers = {.switches = {"scaleup0", "scaleup1", "leaf0", "leaf1"}, .by_server = {8, 9}, .by_host = {10, 10, 10, 10, 10, 10, 11, 11}};
  return s;
}

TaskWork reduction(ComputingSwitch::Level level, std::vector<RankId> members) {
  TaskWork work;
  const SwitchId where = work.graph.add_switch(level, members);
  std::vector<TaskId> arrivals;
  for (const RankId member : members) arrivals.push_back(work.graph.add(upload(member, where, {100}, 2)));
  const TaskId sum = work.graph.add(network_reduce(where, {100}), arrivals);
  const TaskId copies = work.graph.add(multicast(where, {100}, 3), {sum});
  for (const RankId member : members) work.graph.add(join(member), {copies});
  work.job.hosts = {members.front().v, members.back().v};
  work.job.collectives = {{.ranks = 2, .begin = 0, .end = static_cast<std::uint32_t>(work.graph.size())}};
  work.job.spans = {{.first = {0}, .last = copies, .rank = 1}};
  work.job.iteration_ends = {{copies.v + 1}, {copies.v + 2}};
  return work;
}

void expect_task(const TaskGraph& graph, std::uint32_t id, TaskKind kind, std::uint32_t from, std::uint32_t to) {
  const Task& task = graph.task({id});
  EXPECT_EQ(task.kind, kind) << id;
  EXPECT_EQ(task.from, from) << id;
  EXPECT_EQ(task.to, to) << id;
}

TEST(LowerInNetwork, EachTaskIsWhereItsSwitchComputes) {
  const TaskWork work = lower_in_network(reduction(ComputingSwitch::Level::server, {{5}, {4}, {7}}), shape(), "t", 1000);
  const TaskGraph& graph = work.graph;
  ASSERT_EQ(graph.size(), 10U);
  EXPECT_EQ(graph.switch_count(), 0U);
  expect_task(graph, 0, TaskKind::transfer, 5, 9);
  expect_task(graph, 2, TaskKind::transfer, 7, 9);
  expect_task(graph, 3, TaskKind::delay, 9, 9);
  expect_task(graph, 4, TaskKind::transfer, 9, 5);
  expect_task(graph, 6, TaskKind::transfer, 9, 7);
  EXPECT_EQ(graph.task({0}).channel, 2);
  EXPECT_EQ(graph.task({5}).channel, 3);
  EXPECT_EQ(graph.dependencies({3}).size(), 3U);
  for (std::uint32_t copy = 4; copy < 7; ++copy) {
    EXPECT_EQ(graph.dependencies({copy}).front(), (TaskId{3}));
    EXPECT_EQ(graph.dependencies({copy + 3}).front(), (TaskId{copy}));
  }
  check_graph(graph, shape().end_points(), "t");
}

TEST(LowerInNetwork, TheRecordFollows) {
  const TaskWork work = lower_in_network(reduction(ComputingSwitch::Level::network, {{0}, {5}}), shape(), "t", 1000);
  EXPECT_EQ(work.job.collectives[0].begin, 0U);
  EXPECT_EQ(work.job.collectives[0].end, work.graph.size());
  EXPECT_EQ(work.job.spans[0].last, (TaskId{4}));  // the copy of host 5
  EXPECT_EQ(work.job.iteration_ends, (std::vector<TaskId>{{5}, {6}}));
  expect_task(work.graph, 0, TaskKind::transfer, 0, 10);
}

TEST(LowerInNetwork, EveryAlgorithmStaysAGraphThatRuns) {
  for (const char* algorithm : {"nvls", "nvls-tree", "in-network"}) {
    TaskWork work;
    Request request;
    request.algorithm = algorithm;
    for (std::uint32_t host = 0; host < 6; ++host) request.ranks.push_back({host < 3 ? host : host + 1});  // three of each server
    NetworkShape network = shape();
    network.reducers.by_host.assign(8, 10);
    for (std::uint32_t host = 0; host < 6; ++host) request.servers.push_back(host / 3);
    request.bytes = {9'600};
    request.channels = 2;
    request.chunk = {1'600};
    static_cast<void>(append(work.graph, request));
    const std::size_t before = work.graph.size();
    work = lower_in_network(std::move(work), network, "t", 100'000);
    EXPECT_GT(work.graph.size(), before) << algorithm;
    check_graph(work.graph, network.end_points(), algorithm);
  }
}

TEST(LowerInNetwork, WhatCannotMeetIsNamed) {
  const auto lower = [](ComputingSwitch::Level level, std::vector<RankId> members, const NetworkShape& network) {
    return [=] { static_cast<void>(lower_in_network(reduction(level, members), network, "s.yaml:7", 1000)); };
  };
  using Level = ComputingSwitch::Level;
  test::expect_input_error(lower(Level::server, {{0}, {3}, {4}}, shape()), "s.yaml:7", "hosts 0 and 4");
  test::expect_input_error(lower(Level::network, {{1}, {6}}, shape()), "s.yaml:7", "host 1 hangs on leaf0 and host 6 on leaf1");
  NetworkShape none;
  none.hosts = 8;
  test::expect_input_error(lower(Level::network, {{1}, {6}}, none), "s.yaml:7", "no switch of this network computes");
  test::expect_input_error(lower(Level::server, {{1}, {6}}, none), "s.yaml:7", "reduces: true");
  NetworkShape several = shape();
  several.reducers.by_host[1] = Reducers::none;
  test::expect_input_error(lower(Level::network, {{0}, {1}}, several), "s.yaml:7", "host 1 on several access switches");
}

}  // namespace
}  // namespace weft
