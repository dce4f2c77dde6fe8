// Requests for the tests of collectives, what their members hold before, and what they must hold after.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.hh"
#include "collective/graph_check.hh"
#include "collective/registry.hh"
#include "collective/split.hh"
#include "support/collective_values.hh"

namespace weft::test {

// Ranks are numbered backwards with gaps, so that a member is never its own rank.
inline std::vector<collective::RankId> sample_ranks(std::uint32_t n) {
  std::vector<collective::RankId> ranks;
  for (std::uint32_t i = 0; i < n; ++i) ranks.push_back({2 * (n - 1 - i) + 1});
  return ranks;
}

inline collective::Request sample_request(collective::Operation operation, const std::string& algorithm, std::uint32_t n,
                                          std::int64_t bytes) {
  collective::Request request;
  request.operation = operation;
  request.algorithm = algorithm;
  request.ranks = sample_ranks(operation == collective::Operation::send_receive ? 2 : n);
  request.bytes = {bytes};
  return request;
}

inline void in_servers_of(collective::Request& request, std::uint32_t per_server) {
  for (std::uint32_t i = 0; i < request.ranks.size(); ++i) {
    request.servers.push_back(i / per_server);
    request.rails.push_back(i % per_server);
  }
}

inline std::string named(const collective::Request& request) {
  return std::string(collective::operation_name(request.operation)) + " " + request.algorithm + ", " +
         std::to_string(request.ranks.size()) + " ranks, " + std::to_string(request.bytes.v) + " bytes, " +
         std::to_string(request.channels) + " channels, chunk " + std::to_string(request.chunk.v) + ", root " +
         std::to_string(request.root) + ", parallel " + std::to_string(request.parallel) + ", matrix " +
         std::to_string(request.matrix.size());
}

// The elements that member i sends to member j in an all-to-all.
inline std::int64_t exchanged(const collective::Request& request, std::uint32_t i, std::uint32_t j) {
  const auto n = static_cast<std::uint32_t>(request.ranks.size());
  if (!request.matrix.empty()) return request.matrix[std::size_t{i} * n + j].v / request.element.v;
  return collective::part_of({0, request.bytes.v / request.element.v}, n, j).elements();
}

// Element `e` of what member i holds before: all different, and sums of different sets differ.
inline std::int64_t contribution(std::uint32_t i, std::int64_t e) {
  return static_cast<std::int64_t>(mix64(std::uint64_t{i} * 1'000'003 + static_cast<std::uint64_t>(e) + 1) >> 20);
}

class CollectiveCase {
 public:
  explicit CollectiveCase(const collective::Request& request)
      : request_(request), n_(static_cast<std::uint32_t>(request.ranks.size())), elements_(request.bytes.v / request.element.v) {}

  // Builds it between a task before and a task behind every member's share, checks the graph, runs it in a random order. Each
  // member's result is compared as soon as its share has ended: others may still be at work then.
  void run(Random& random) {
    collective::TaskGraph graph(collective::TaskGraph::Keep::pieces);
    for (const collective::RankId rank : request_.ranks) before_.push_back(graph.add(collective::compute(rank, {1})));
    const collective::Front ends = append(graph, request_, before_);
    ASSERT_EQ(ends.size(), n_);
    const auto behind = static_cast<std::uint32_t>(graph.size());
    for (std::uint32_t i = 0; i < n_; ++i) {
      ASSERT_TRUE(ends[i].valid());
      graph.add(collective::compute(request_.ranks[i], {1}), {ends[i]});
    }
    ASSERT_NO_THROW(collective::check_graph(graph, 2 * n_ + 4, "test"));
    CollectiveValues values(graph);
    fill(values);
    values.watch = [&](collective::TaskId id) {
      if (id.v >= behind && !testing::Test::HasFailure()) compare(values, id.v - behind);
    };
    ASSERT_EQ(values.run(random), graph.size());
  }

 private:
  [[nodiscard]] collective::Range block(std::uint32_t i) const { return collective::part_of({0, elements_}, n_, i); }

  void fill(CollectiveValues& values) const {
    for (std::uint32_t i = 0; i < n_; ++i) {
      auto& data = values.data(request_.ranks[i]);
      std::int64_t length = elements_;
      if (!request_.matrix.empty()) {
        length = 0;
        for (std::uint32_t j = 0; j < n_; ++j) length += exchanged(request_, i, j);
      }
      for (std::int64_t e = 0; e < length; ++e) data.push_back(contribution(i, e));
    }
  }

  [[nodiscard]] std::int64_t sum(std::int64_t e) const {
    std::int64_t total = 0;
    for (std::uint32_t i = 0; i < n_; ++i) total += contribution(i, e);
    return total;
  }

  void compare(CollectiveValues& values, std::uint32_t i) const {
    using collective::Operation;
    EXPECT_TRUE(values.ended(before_[i])) << "member " << i << " ends before it entered";
    switch (request_.operation) {
      case Operation::all_reduce: return expect_sums(values, i, {0, elements_});
      case Operation::reduce_scatter: return expect_sums(values, i, block(i));
      case Operation::reduce: return i == request_.root ? expect_sums(values, i, {0, elements_}) : void();
      case Operation::broadcast: return expect_from(values, i, request_.root, {0, elements_});
      case Operation::send_receive: return expect_from(values, i, 0, {0, elements_});
      case Operation::all_to_all: return expect_exchanged(values, i);
      case Operation::all_gather:
        for (std::uint32_t j = 0; j < n_; ++j) expect_from(values, i, j, block(j));
        return;
      case Operation::barrier:
        for (std::uint32_t j = 0; j < n_; ++j) EXPECT_TRUE(values.ended(before_[j])) << "member " << i << " passes before " << j << " came";
    }
  }

  void expect_sums(CollectiveValues& values, std::uint32_t i, collective::Range range) const {
    for (std::int64_t e = range.begin; e < range.end; ++e) {
      ASSERT_EQ(values.data(request_.ranks[i])[static_cast<std::size_t>(e)], sum(e)) << "member " << i << " element " << e;
    }
  }

  void expect_from(CollectiveValues& values, std::uint32_t i, std::uint32_t source, collective::Range range) const {
    for (std::int64_t e = range.begin; e < range.end; ++e) {
      ASSERT_EQ(values.data(request_.ranks[i])[static_cast<std::size_t>(e)], contribution(source, e)) << "member " << i << " element " << e;
    }
  }

  void expect_exchanged(CollectiveValues& values, std::uint32_t i) const {
    CollectiveValues::Values expected;
    for (std::uint32_t j = 0; j < n_; ++j) {
      std::int64_t offset = 0;
      for (std::uint32_t k = 0; k < i; ++k) offset += exchanged(request_, j, k);
      for (std::int64_t e = 0; e < exchanged(request_, j, i); ++e) expected.push_back(contribution(j, offset + e));
    }
    ASSERT_EQ(values.result(request_.ranks[i]), expected) << "member " << i;
  }

  const collective::Request& request_;
  std::uint32_t n_;
  std::int64_t elements_;
  std::vector<collective::TaskId> before_;
};

}  // namespace weft::test
