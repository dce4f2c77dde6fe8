// Requests that make no sense: one message that names the culprit.
#include <gtest/gtest.h>

#include "collective/registry.hh"
#include "support/collective_samples.hh"
#include "support/input_error.hh"

namespace weft::collective {
namespace {

void expect_refused(const Request& request, const std::string& part) {
  TaskGraph graph;
  test::expect_input_error([&] { (void)append(graph, request); }, request.where, part);
  EXPECT_EQ(graph.size(), 0U) << "nothing half-built";
}

Request ring_of_eight() {
  Request request = test::sample_request(Operation::all_reduce, "ring", 8, 800);
  request.where = "job.yaml:12";
  return request;
}

TEST(CollectiveErrors, Ranks) {
  Request request = ring_of_eight();
  request.ranks[6] = request.ranks[2];
  expect_refused(request, "all-reduce: rank 11 is placed twice, at positions 2 and 6");
  request = ring_of_eight();
  request.ranks[3] = {};
  expect_refused(request, "position 3 of the group names no rank");
  request.ranks.clear();
  expect_refused(request, "no rank takes part");
  request = test::sample_request(Operation::send_receive, "direct", 2, 8);
  request.ranks.push_back({77});
  expect_refused(request, "needs two ranks, the sender and the receiver; there are 3");
  request = ring_of_eight();
  request.root = 8;
  expect_refused(request, "the root is position 8 of a group of 8");
}

TEST(CollectiveErrors, Sizes) {
  Request request = ring_of_eight();
  request.bytes = {-4};
  expect_refused(request, "-4 bytes is outside");
  request.bytes = {801};
  expect_refused(request, "801 bytes is no whole number of elements of 4 bytes | 800 or 804 bytes");
  request.bytes = {800};
  request.chunk = {6};
  expect_refused(request, "a chunk of 6 bytes is no whole number of elements");
  request = ring_of_eight();
  request.element = {0};
  expect_refused(request, "an element of 0 bytes");
  request = ring_of_eight();
  for (const Overhead wrong : {Overhead{1, 0}, Overhead{1, 2}, Overhead{2'000'000'000, 1}}) {
    request.overhead = wrong;
    expect_refused(request, "an overhead of");
  }
  request = ring_of_eight();
  request.bytes = {std::int64_t{1} << 40};
  request.chunk = {4};
  expect_refused(request, "chunks of 4 bytes | a larger chunk");
  request = ring_of_eight();
  for (const Channel channels : {Channel{0}, Channel{65}}) {
    request.channels = channels;
    expect_refused(request, std::to_string(channels) + " channels | 1 to 64");
  }
}

TEST(CollectiveErrors, Algorithms) {
  Request request = ring_of_eight();
  request.algorithm = "rign";
  expect_refused(request,
                 "all-reduce has no algorithm 'rign' | one of: ring, tree, single-tree, halving-doubling, hierarchical, in-network, nvls, "
                 "nvls-tree, nvls-in-network");
  request = test::sample_request(Operation::barrier, "ring", 4, 0);
  expect_refused(request, "one of: dissemination");
}

TEST(CollectiveErrors, GroupsThatDoNotDivide) {
  for (const auto& [operation, algorithm] : {std::pair{Operation::all_reduce, "hierarchical"},
                                             {Operation::all_reduce, "nvls"},
                                             {Operation::all_to_all, "rail"},
                                             {Operation::all_to_all, "hierarchical"}}) {
    Request request = test::sample_request(operation, algorithm, 8, 800);
    request.servers = {5, 5, 5, 5, 9, 9, 9, 2};
    expect_refused(request, "the group does not divide: server 9 has 3 of its ranks, server 5 has 4");
    request.servers = {5, 5, 5, 5, 9, 9, 9, 9};
    request.rails = {0, 1, 2, 3, 0, 1, 1, 3};
    expect_refused(request, "rank 5 and rank 3 are both on rail 1 of server 9");
    request.rails = {0, 1, 2, 3, 0, 1, 2, 4};
    expect_refused(request, "rank 1 of server 9 is on rail 4, server 5 has rail 3 instead");
    request.rails = {0, 1, 2, 3, 0, 1, 2};
    expect_refused(request, "7 rails for 8 ranks");
    request.rails.clear();
    request.servers.pop_back();
    expect_refused(request, "7 servers for 8 ranks");
  }
  expect_refused(test::sample_request(Operation::all_reduce, "hierarchical", 8, 800), "it is not known which rank stands in which server");
}

TEST(CollectiveErrors, Matrices) {
  Request request = test::sample_request(Operation::all_to_all, "direct", 3, 0);
  request.matrix.assign(8, Bytes{4});
  expect_refused(request, "a matrix of 8 entries for 3 ranks | 9 entries");
  request.matrix.assign(9, Bytes{4});
  request.matrix[5] = {6};
  expect_refused(request, "the part from rank 3 to rank 1 of 6 bytes is no whole number of elements");
  request = ring_of_eight();
  request.matrix.assign(64, Bytes{4});
  expect_refused(request, "takes no matrix");
}

}  // namespace
}  // namespace weft::collective
