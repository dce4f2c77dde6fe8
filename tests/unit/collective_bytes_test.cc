// What every rank and every pair of ranks carries, against the formulas of the algorithms.
#include <gtest/gtest.h>

#include <bit>
#include <map>
#include <set>
#include <vector>

#include "collective/efficiency.hh"
#include "collective/tree_shape.hh"
#include "support/collective_samples.hh"

namespace weft::collective {
namespace {

struct Carried {
  std::map<std::uint32_t, std::int64_t> sent, received;                            // by rank: transfers
  std::map<std::uint32_t, std::int64_t> up, down;                                  // by rank: from and to computing switches
  std::map<std::uint32_t, std::int64_t> messages;                                  // by rank: transfers it sends
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::int64_t> pairs;           // bytes by sender and receiver
  std::map<std::pair<std::uint32_t, Channel>, std::set<std::uint32_t>> receivers;  // by sender and channel
};

Carried carried_by(const TaskGraph& graph) {
  Carried all;
  for (const Task& task : graph.tasks()) {
    if (task.kind == TaskKind::transfer) {
      all.sent[task.from] += task.amount;
      all.received[task.to] += task.amount;
      all.pairs[{task.from, task.to}] += task.amount;
      ++all.messages[task.from];
      all.receivers[{task.from, task.channel}].insert(task.to);
    } else if (task.kind == TaskKind::upload) {
      all.up[task.from] += task.amount;
    } else if (task.kind == TaskKind::download) {
      all.down[task.to] += task.amount;
    } else if (task.kind == TaskKind::multicast) {
      for (const RankId member : graph.members({task.from})) all.down[member.v] += task.amount;
    }
  }
  return all;
}

Carried carried_by(const Request& request) {
  TaskGraph graph;
  (void)append(graph, request);
  return carried_by(graph);
}

void expect_each(const std::map<std::uint32_t, std::int64_t>& by_rank, std::size_t ranks, std::int64_t amount) {
  EXPECT_EQ(by_rank.size(), ranks);
  for (const auto& [rank, carried] : by_rank) EXPECT_EQ(carried, amount) << "rank " << rank;
}

TEST(CollectiveBytes, RingUsesItsEdgesEqually) {
  for (const std::uint32_t n : {2U, 3U, 8U, 17U, 64U}) {
    const std::int64_t size = 4 * n * 6 * 100;
    for (const auto& [operation, passes] :
         {std::pair{Operation::all_reduce, 2U}, {Operation::reduce_scatter, 1U}, {Operation::all_gather, 1U}}) {
      Request request = test::sample_request(operation, "ring", n, size);
      request.channels = 2;
      request.chunk = {size / n / 6};
      const Carried all = carried_by(request);
      expect_each(all.sent, n, passes * (n - 1) * (size / n));
      expect_each(all.received, n, passes * (n - 1) * (size / n));
      EXPECT_EQ(all.pairs.size(), n) << "only neighbours talk";
      for (std::uint32_t i = 0; i < n; ++i) EXPECT_EQ(all.pairs.count({request.ranks[i].v, request.ranks[(i + 1) % n].v}), 1U);
    }
  }
}

// Sizes that no number divides are carried whole.
TEST(CollectiveBytes, RingOfOddSizesCarriesEveryByteOnce) {
  for (const std::int64_t elements : {1, 2, 100, 101, 1003}) {
    Request request = test::sample_request(Operation::all_gather, "ring", 7, 4 * elements);
    request.channels = 3;
    request.chunk = {20};
    std::int64_t total = 0;
    for (const auto& [rank, bytes] : carried_by(request).sent) total += bytes;
    EXPECT_EQ(total, 6 * 4 * elements);
  }
}

TEST(CollectiveBytes, TreesAndHalvingDoubling) {
  for (const std::uint32_t n : {2U, 3U, 8U, 17U, 64U}) {
    const std::int64_t size = 2 * 4 * 64 * 100;
    const Carried tree = carried_by(test::sample_request(Operation::all_reduce, "tree", n, size));
    std::int64_t total = 0;
    for (const auto& [rank, bytes] : tree.sent) {
      total += bytes;
      EXPECT_LE(bytes, 2 * size);
    }
    EXPECT_EQ(total, 2 * (n - 1) * size);
    const std::uint32_t p = std::bit_floor(n);
    const Carried halving = carried_by(test::sample_request(Operation::all_reduce, "halving-doubling", n, size));
    for (const auto& [rank, bytes] : halving.sent) {
      const std::uint32_t member = n - 1 - rank / 2;
      const std::int64_t inner = 2 * (p - 1) * (size / p);
      EXPECT_EQ(bytes, member >= p ? size : inner + (member < n - p ? size : 0)) << "member " << member;
    }
  }
}

// Every rank but at most one of each tree is a leaf of one tree and inner in the other.
TEST(CollectiveBytes, TreeShapes) {
  const Tree eight = binary_tree(8, TreeNumber::first);
  EXPECT_EQ(eight.parent, (std::vector<Member>{Tree::none, 2, 4, 2, 0, 6, 4, 6}));
  EXPECT_EQ(binary_tree(8, TreeNumber::second).parent, (std::vector<Member>{1, 3, 1, 7, 5, 3, 5, Tree::none}));
  EXPECT_EQ(binary_tree(5, TreeNumber::first).parent, (std::vector<Member>{Tree::none, 2, 4, 2, 0}));
  EXPECT_EQ(binary_tree(5, TreeNumber::second).parent, (std::vector<Member>{1, Tree::none, 3, 0, 3}));
  for (Member n = 2; n < 200; ++n) {
    const Tree first = binary_tree(n, TreeNumber::first);
    const Tree second = binary_tree(n, TreeNumber::second);
    for (const Tree* tree : {&first, &second}) {
      EXPECT_EQ(parents_first(*tree).size(), n) << "all are reached";
      EXPECT_LE(depth(*tree), static_cast<Member>(std::bit_width(n - 1)) + 1) << n;
    }
    for (Member r = 0; r < n; ++r) EXPECT_FALSE(first.children[r].size() == 2 && second.children[r].size() == 2) << r << " of " << n;
  }
}

TEST(CollectiveBytes, HierarchicalLeavesLittleForTheNics) {
  constexpr std::uint32_t g = 8, servers = 4;
  constexpr std::int64_t size = 4 * 64 * 1000;
  Request request = test::sample_request(Operation::all_reduce, "hierarchical", g * servers, size);
  test::in_servers_of(request, g);
  for (std::uint32_t i = 0; i < g * servers; ++i) ASSERT_EQ(request.servers[i], i / g);
  std::map<std::uint32_t, std::int64_t> inside, across;
  for (const auto& [pair, bytes] : carried_by(request).pairs) {
    const std::uint32_t from = g * servers - 1 - pair.first / 2, to = g * servers - 1 - pair.second / 2;
    (from / g == to / g ? inside : across)[from] += bytes;
    EXPECT_TRUE(from / g == to / g || from % g == to % g) << "stays on its rail";
  }
  expect_each(inside, g * servers, 2 * (g - 1) * (size / g));
  expect_each(across, g * servers, 2 * (servers - 1) * (size / (g * servers)));
}

TEST(CollectiveBytes, ComputingSwitches) {
  constexpr std::int64_t size = 8000;
  const Carried network = carried_by(test::sample_request(Operation::all_reduce, "in-network", 20, size));
  expect_each(network.up, 20, size);
  expect_each(network.down, 20, size);
  for (const char* algorithm : {"nvls", "nvls-tree"}) {
    Request request = test::sample_request(Operation::all_reduce, algorithm, 16, size);
    test::in_servers_of(request, 8);
    const Carried nvls = carried_by(request);
    expect_each(nvls.up, 16, size + size / 8);
    expect_each(nvls.down, 16, size + size / 8);
    EXPECT_EQ(nvls.sent.size(), 16U) << "its part goes across";
    expect_each(nvls.sent, 16, size / 8);
  }
  Request both = test::sample_request(Operation::all_reduce, "nvls-in-network", 16, size);
  test::in_servers_of(both, 8);
  const Carried carried = carried_by(both);
  expect_each(carried.up, 16, size + 2 * (size / 8));
  expect_each(carried.down, 16, size + 2 * (size / 8));
  EXPECT_TRUE(carried.sent.empty());
}

TEST(CollectiveBytes, AllToAllOnRailsNeedsFewMessages) {
  constexpr std::uint32_t g = 4, servers = 5, n = g * servers;
  constexpr std::int64_t size = 4 * n * 10;
  for (const char* algorithm : {"rail", "hierarchical"}) {
    Request request = test::sample_request(Operation::all_to_all, algorithm, n, size);
    test::in_servers_of(request, g);
    TaskGraph graph;
    (void)append(graph, request);
    std::map<std::uint32_t, std::int64_t> across, messages;
    for (const Task& task : graph.tasks()) {
      const std::uint32_t from = n - 1 - task.from / 2, to = n - 1 - task.to / 2;
      if (task.kind != TaskKind::transfer || from / g == to / g) continue;
      across[from] += task.amount;
      ++messages[from];
      EXPECT_EQ(from % g, to % g) << "stays on its rail";
    }
    expect_each(across, n, (servers - 1) * g * (size / n));
    expect_each(messages, n, servers - 1);
  }
  const Carried direct = carried_by(test::sample_request(Operation::all_to_all, "direct", n, size));
  expect_each(direct.sent, n, (n - 1) * (size / n));
  expect_each(direct.messages, n, n - 1);
}

// Message i waits for message i - parallel of the same rank, and for nothing else.
TEST(CollectiveBytes, AllToAllBoundsWhatIsUnderWay) {
  constexpr std::uint32_t n = 9;
  for (const std::uint32_t parallel : {0U, 1U, 3U, 20U}) {
    Request request = test::sample_request(Operation::all_to_all, "direct", n, 4 * n * 10);
    request.parallel = parallel;
    TaskGraph graph;
    (void)append(graph, request);
    std::map<std::uint32_t, std::vector<TaskId>> sent;
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
      if (graph.task({i}).kind == TaskKind::transfer) sent[graph.task({i}).from].push_back({i});
    }
    ASSERT_EQ(sent.size(), n);
    for (const auto& [rank, messages] : sent) {
      ASSERT_EQ(messages.size(), n - 1);
      for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto before = graph.dependencies(messages[i]);
        const bool waits = parallel != 0 && i >= parallel;
        ASSERT_EQ(before.size(), waits ? 1U : 0U) << "message " << i << ", parallel " << parallel;
        EXPECT_TRUE(!waits || before[0] == messages[i - parallel]);
      }
    }
  }
}

// Even servers: links between servers never leave a rail, and every NIC sends and receives the same.
TEST(CollectiveBytes, RingsOfChannelsShareTheNics) {
  constexpr std::uint32_t g = 4, servers = 6, n = g * servers;
  Request request = test::sample_request(Operation::all_reduce, "ring", n, 4 * n * g);
  request.channels = g;
  test::in_servers_of(request, g);
  std::map<std::uint32_t, std::int64_t> sent, received;
  for (const auto& [pair, bytes] : carried_by(request).pairs) {
    const std::uint32_t from = n - 1 - pair.first / 2, to = n - 1 - pair.second / 2;
    if (from / g == to / g) continue;
    EXPECT_EQ(from % g, to % g) << "stays on its rail";
    sent[from] += bytes;
    received[to] += bytes;
  }
  expect_each(sent, n, 2 * (n - 1) * 4);
  expect_each(received, n, 2 * (n - 1) * 4);
}

TEST(CollectiveBytes, OverheadOfProtocols) {
  Request request = test::sample_request(Operation::send_receive, "direct", 2, 1200);
  request.overhead = {2, 1};
  EXPECT_EQ(carried_by(request).sent[request.ranks[0].v], 2400);
  request.overhead = {16, 15};
  EXPECT_EQ(carried_by(request).sent[request.ranks[0].v], 1280);
  request.bytes = {4};
  EXPECT_EQ(carried_by(request).sent[request.ranks[0].v], 5) << "rounded up";
}

// Of a ring all messages weigh more; of NVLS those of the server's switch, not those of the ring across.
TEST(CollectiveBytes, EfficienciesOfAlgorithms) {
  const Efficiencies efficiencies{.ring = 500, .tree = 800, .pat = 750, .nvls = 850};
  Request ring = test::sample_request(Operation::all_reduce, "ring", 8, 8'000);
  apply(efficiencies, ring);
  expect_each(carried_by(ring).sent, 8, 2 * 14 * 1'000);
  for (const char* algorithm : {"tree", "single-tree"}) {
    Request tree = test::sample_request(Operation::all_reduce, algorithm, 2, 8'000);
    apply(efficiencies, tree);
    EXPECT_EQ(carried_by(tree).sent[tree.ranks[1].v], 10'000) << algorithm;
  }
  Request pat = test::sample_request(Operation::all_gather, "pat", 2, 6'000);
  apply(efficiencies, pat);
  expect_each(carried_by(pat).sent, 2, 4'000);
  Request nvls = test::sample_request(Operation::all_reduce, "nvls", 4, 6'800);
  test::in_servers_of(nvls, 2);
  const Carried raw = carried_by(nvls);
  apply(efficiencies, nvls);
  const Carried weighed = carried_by(nvls);
  for (const auto& [rank, bytes] : raw.up) EXPECT_EQ(weighed.up.at(rank), bytes * 100 / 85) << rank;
  EXPECT_EQ(weighed.sent, raw.sent) << "across";
}

// A token that goes to two members of a server travels there once; inside both copies count. In chunks the sums are the same.
TEST(CollectiveBytes, CopiesTravelOnceBetweenServers) {
  constexpr std::uint32_t g = 4, servers = 3, n = g * servers;
  constexpr std::int64_t part = 400;
  for (const char* algorithm : {"rail", "hierarchical"}) {
    for (const std::int64_t chunk : {0, 200}) {
      Request request = test::sample_request(Operation::all_to_all, algorithm, n, n * part);
      test::in_servers_of(request, g);
      request.chunk = {chunk};
      apply(Efficiencies{.copies = 2'000}, request);
      TaskGraph graph;
      (void)append(graph, request);
      std::map<std::uint32_t, std::int64_t> across, inside, messages;
      for (const Task& task : graph.tasks()) {
        const std::uint32_t from = n - 1 - task.from / 2, to = n - 1 - task.to / 2;
        if (task.kind != TaskKind::transfer) continue;
        (from / g == to / g ? inside : across)[from] += task.amount;
        if (from / g != to / g) ++messages[from];
      }
      expect_each(across, n, (servers - 1) * g * part / 2);
      expect_each(inside, n, (g - 1) * part + (servers - 1) * (g - 1) * part);
      expect_each(messages, n, (servers - 1) * (chunk == 0 ? 1 : 8));
    }
  }
}

TEST(CollectiveBytes, Bounds) {
  for (const Operation operation : {Operation::all_reduce, Operation::all_gather, Operation::reduce_scatter, Operation::all_to_all,
                                    Operation::broadcast, Operation::reduce, Operation::barrier}) {
    for (const std::string& algorithm : algorithm_names(operation)) {
      Request alone = test::sample_request(operation, algorithm, 1, 400);
      test::in_servers_of(alone, 1);
      TaskGraph graph;
      const Front ends = append(graph, alone);
      EXPECT_EQ(graph.size(), operation == Operation::all_to_all ? 1U : 0U) << algorithm << ": one rank, at most a copy";
      EXPECT_EQ(ends[0].valid(), operation == Operation::all_to_all);
      if (operation == Operation::barrier) continue;
      Request nothing = test::sample_request(operation, algorithm, 6, 0);
      test::in_servers_of(nothing, 2);
      TaskGraph empty;
      const TaskId before = empty.add(compute(nothing.ranks[2], {5}));
      const std::vector<TaskId> after{{}, {}, before, {}, {}, {}};
      EXPECT_EQ(append(empty, nothing, after), after) << "no bytes: nothing to do, the front stays";
      EXPECT_EQ(empty.size(), 1U);
    }
  }
}

}  // namespace
}  // namespace weft::collective
