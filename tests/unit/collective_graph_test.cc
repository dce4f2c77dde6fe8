// The task graph, its check, and who follows whom.
#include <gtest/gtest.h>

#include <array>

#include "collective/graph_check.hh"
#include "collective/successors.hh"
#include "support/input_error.hh"

namespace weft::collective {
namespace {

void expect_refused(const TaskGraph& graph, std::uint32_t ranks, const std::string& part) {
  test::expect_input_error([&] { check_graph(graph, ranks, "job a"); }, "job a", part);
}

TEST(TaskGraph, KeepsWhatWasAdded) {
  TaskGraph graph(TaskGraph::Keep::pieces);
  const Piece piece{{Buffer::data, 3}, {Buffer::scratch, 5}, 7};
  const TaskId first = graph.add(compute({2}, {1000}));
  const TaskId second = graph.add(transfer({2}, {4}, {28}, 3), {first, TaskId{}}, {&piece, 1});
  const TaskId third = graph.add(reduce({4}, {28}), {second});
  EXPECT_EQ(graph.size(), 3U);
  EXPECT_EQ(graph.dependency_count(), 2U) << "an invalid id is no dependency";
  EXPECT_TRUE(graph.dependencies(first).empty());
  ASSERT_EQ(graph.dependencies(second).size(), 1U);
  EXPECT_EQ(graph.dependencies(second)[0], first);
  EXPECT_EQ(graph.dependencies(third)[0], second);
  ASSERT_EQ(graph.pieces(second).size(), 1U);
  EXPECT_EQ(graph.pieces(second)[0].elements, 7);
  EXPECT_TRUE(graph.pieces(third).empty());
  EXPECT_EQ(graph.task(second).bytes(), Bytes{28});
  EXPECT_EQ(graph.task(second).duration(), Duration{0});
  EXPECT_EQ(graph.task(first).duration(), Duration{1000});
  EXPECT_EQ(graph.task(first).bytes(), Bytes{0});
  EXPECT_EQ(graph.describe(first), "task 0 (compute at rank 2, 1000 ps)");
  EXPECT_EQ(graph.describe(second), "task 1 (transfer from rank 2 to rank 4, 28 bytes)");
  TaskGraph sizes;
  sizes.add(transfer({0}, {1}, {28}), {}, {&piece, 1});
  EXPECT_TRUE(sizes.pieces({0}).empty());
}

TEST(TaskGraph, PlacesOfEachKind) {
  const SwitchId where{6};
  const Place at_switch{Place::Kind::computing_switch, 6}, at_rank{Place::Kind::rank, 2};
  EXPECT_EQ(upload({2}, where, {1}).start(), at_rank);
  EXPECT_EQ(upload({2}, where, {1}).end(), at_switch);
  EXPECT_EQ(download(where, {2}, {1}).start(), at_switch);
  EXPECT_EQ(download(where, {2}, {1}).end(), at_rank);
  EXPECT_EQ(multicast(where, {1}).start(), at_switch);
  EXPECT_EQ(network_reduce(where, {1}).start(), at_switch);
  EXPECT_EQ(network_reduce(where, {1}).end(), at_switch);
  for (const Task& task : {reduce({2}, {1}), copy({2}, {1}), compute({2}, {1}), join({2})}) {
    EXPECT_EQ(task.start(), at_rank);
    EXPECT_EQ(task.end(), at_rank);
    EXPECT_FALSE(task.is_message());
  }
}

TEST(TaskGraph, HasALimit) {
  TaskGraph graph(TaskGraph::Keep::sizes, 2);
  graph.add(join({0}));
  graph.add(join({0}));
  test::expect_input_error([&] { graph.add(join({0})); }, "task graph", "more than 2 tasks");
}

TEST(TaskGraph, Successors) {
  TaskGraph graph;
  const TaskId late{2};
  const TaskId a = graph.add(join({0}), {late});
  const TaskId b = graph.add(join({0}), {a});
  graph.add(join({0}));
  const TaskId d = graph.add(join({0}), {late, a});
  const Successors successors(graph);
  EXPECT_EQ(std::vector<TaskId>(successors.of(late).begin(), successors.of(late).end()), (std::vector<TaskId>{a, d}));
  EXPECT_EQ(std::vector<TaskId>(successors.of(a).begin(), successors.of(a).end()), (std::vector<TaskId>{b, d}));
  EXPECT_TRUE(successors.of(b).empty());
  EXPECT_TRUE(successors.of(d).empty());
}

TEST(GraphCheck, AcceptsBothEndsOfAMessageAndLaterTasks) {
  TaskGraph graph;
  const std::array members{RankId{0}, RankId{1}};
  const SwitchId where = graph.add_switch(ComputingSwitch::Level::network, members);
  const TaskId message = graph.add(transfer({0}, {1}, {8}), {TaskId{6}});
  graph.add(reduce({1}, {8}), {message});
  graph.add(copy({0}, {8}), {message});
  const TaskId up = graph.add(upload({1}, where, {8}), {message});
  const TaskId sum = graph.add(network_reduce(where, {8}), {up});
  const TaskId copies = graph.add(multicast(where, {8}), {sum});
  graph.add(join({0}));
  graph.add(join({1}), {copies, up});
  graph.add(join({0}), {copies});
  EXPECT_NO_THROW(check_graph(graph, 2, "job a"));
}

TEST(GraphCheck, NamesWhatIsWrong) {
  TaskGraph ranks;
  ranks.add(transfer({0}, {9}, {8}));
  EXPECT_NO_THROW(check_graph(ranks, 10, "job a"));
  expect_refused(ranks, 9, "task 0 (transfer from rank 0 to rank 9, 8 bytes): no such rank or switch; there are 9 ranks");
  TaskGraph itself;
  itself.add(transfer({3}, {3}, {8}));
  expect_refused(itself, 4, "sends to itself");
  TaskGraph negative;
  negative.add(reduce({0}, {-1}));
  expect_refused(negative, 1, "negative");
  TaskGraph missing;
  missing.add(join({0}), {TaskId{7}});
  expect_refused(missing, 1, "waits for task 7, which does not exist");
  TaskGraph elsewhere;
  const TaskId message = elsewhere.add(transfer({0}, {1}, {8}));
  elsewhere.add(join({2}), {message});
  expect_refused(elsewhere, 3,
                 "task 1 (join at rank 2): waits for task 0 (transfer from rank 0 to rank 1, 8 bytes), which never ends there");
  TaskGraph outsider;
  const std::array members{RankId{0}, RankId{1}};
  const SwitchId where = outsider.add_switch(ComputingSwitch::Level::server, members);
  outsider.add(join({2}), {outsider.add(multicast(where, {8}))});
  expect_refused(outsider, 3, "never ends there");
  for (const Task& task : {upload({2}, where, {8}), download(where, {2}, {8})}) {
    TaskGraph graph;
    (void)graph.add_switch(ComputingSwitch::Level::server, members);
    graph.add(task);
    expect_refused(graph, 3, "no member of this switch");
  }
  TaskGraph no_switch;
  no_switch.add(network_reduce({0}, {8}));
  expect_refused(no_switch, 3, "no such rank or switch");
}

TEST(GraphCheck, NamesTheCircle) {
  TaskGraph graph;
  graph.add(compute({0}, {5}));
  graph.add(join({0}), {TaskId{3}});                // behind the circle
  graph.add(transfer({1}, {0}, {8}), {TaskId{4}});  // 2 waits for 4
  graph.add(transfer({0}, {1}, {8}), {TaskId{2}});  // 3 waits for 2
  graph.add(reduce({1}, {8}), {TaskId{3}});         // 4 waits for 3
  graph.add(join({1}), {TaskId{2}});
  expect_refused(graph, 2,
                 "a circle of dependencies: task 3 (transfer from rank 0 to rank 1, 8 bytes) waits for task 2 (transfer from rank 1 "
                 "to rank 0, 8 bytes) waits for task 4 (reduce at rank 1, 8 bytes) waits for the first");
  TaskGraph alone;
  alone.add(join({0}), {TaskId{0}});
  expect_refused(alone, 1, "a circle of dependencies: task 0 (join at rank 0) waits for the first");
  TaskGraph longer;
  for (std::uint32_t i = 0; i < 20; ++i) longer.add(join({0}), {TaskId{(i + 1) % 20}});
  expect_refused(longer, 1, "waits for ...");
}

}  // namespace
}  // namespace weft::collective
