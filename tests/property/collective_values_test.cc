// Every algorithm on whole numbers, in random topological orders: all members end with exactly the sums, parts or permutation
// that the operation promises. See support/collective_values.hh for how strict that is.
#include <gtest/gtest.h>

#include <array>

#include "support/collective_samples.hh"
#include "support/seeds.hh"

namespace weft::collective {
namespace {

constexpr std::array operations{Operation::all_reduce, Operation::all_gather, Operation::reduce_scatter, Operation::all_to_all,
                                Operation::broadcast,  Operation::reduce,     Operation::barrier,        Operation::send_receive};
constexpr std::array<std::uint32_t, 6> group_sizes{2, 3, 5, 8, 17, 64};

// The largest divisor of n that still leaves several servers, at most 8; 1 for a prime.
std::uint32_t server_size(std::uint32_t n) {
  for (std::uint32_t g = 8; g > 1; --g) {
    if (n % g == 0 && n > g) return g;
  }
  return 1;
}

void run_one(Request request, Random& random) {
  SCOPED_TRACE(test::named(request));
  test::CollectiveCase(request).run(random);
}

TEST(CollectiveValues, EveryAlgorithmAtEveryGroupSize) {
  test::for_each_seed(3, [](Random& random, std::uint64_t) {
    for (const Operation operation : operations) {
      for (const std::string& algorithm : algorithm_names(operation)) {
        for (const std::uint32_t n : group_sizes) {
          for (const std::int64_t elements : {std::int64_t{1}, std::int64_t{7}, std::int64_t{3 * n + 2}}) {
            Request request = test::sample_request(operation, algorithm, n, 4 * elements);
            test::in_servers_of(request, server_size(n));
            request.channels = static_cast<Channel>(1 + random.below(2));
            request.root = static_cast<Member>(random.below(request.ranks.size()));
            run_one(request, random);
            if (testing::Test::HasFailure()) return;
          }
        }
      }
    }
  });
}

// Sizes, channels, chunks, servers, roots and uneven parts at random.
TEST(CollectiveValues, RandomRequests) {
  test::for_each_seed(150, [](Random& random, std::uint64_t) {
    for (const Operation operation : operations) {
      for (const std::string& algorithm : algorithm_names(operation)) {
        const auto servers = static_cast<std::uint32_t>(1 + random.below(5));
        const auto per_server = static_cast<std::uint32_t>(1 + random.below(5));
        Request request =
            test::sample_request(operation, algorithm, servers * per_server, static_cast<std::int64_t>(4 * random.below(120)));
        test::in_servers_of(request, operation == Operation::send_receive ? 1 : per_server);
        const auto n = static_cast<std::uint32_t>(request.ranks.size());
        request.channels = static_cast<Channel>(1 + random.below(4));
        request.chunk = {static_cast<std::int64_t>(4 * random.below(20))};
        request.root = static_cast<Member>(random.below(n));
        request.parallel = static_cast<std::uint32_t>(random.below(4));
        if (operation == Operation::all_to_all && random.below(2) == 0) {
          for (std::uint32_t i = 0; i < n * n; ++i) request.matrix.push_back({static_cast<std::int64_t>(4 * random.below(6))});
        }
        run_one(request, random);
        if (testing::Test::HasFailure()) return;
      }
    }
  });
}

}  // namespace
}  // namespace weft::collective
