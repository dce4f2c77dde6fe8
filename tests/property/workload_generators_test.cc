// The generators over random seeds and sizes: who sends to whom, and that seed and entry alone decide it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "support/seeds.hh"
#include "workload/registry.hh"

namespace weft {
namespace {

WorkloadParameters sized(const std::string& kind) {
  WorkloadParameters p;
  p.kind = kind;
  p.size = {2'000'000};
  return p;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs(const Traffic& traffic) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const FlowSpec& flow : traffic.flows) pairs.emplace_back(flow.src.v, flow.dst.v);
  return pairs;
}

TEST(GeneratorsProperty, PermutationIsOneCycle) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    const auto hosts = static_cast<std::uint32_t>(2 + random.below(200));
    const Traffic traffic = generate({sized("permutation")}, hosts, Rate{1}, seed);
    ASSERT_EQ(traffic.flows.size(), hosts);
    std::map<std::uint32_t, std::uint32_t> next;
    for (const FlowSpec& flow : traffic.flows) {
      ASSERT_TRUE(next.emplace(flow.src.v, flow.dst.v).second);
      ASSERT_EQ(flow.label, flow.src.v);
    }
    std::uint32_t at = 0;
    for (std::uint32_t step = 1; step < hosts; ++step) {
      at = next[at];
      ASSERT_NE(at, 0U) << "back after " << step;
    }
    ASSERT_EQ(next[at], 0U);
  });
}

TEST(GeneratorsProperty, IncastGroupsAreDisjoint) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    WorkloadParameters p = sized("incast");
    p.groups = static_cast<std::uint32_t>(1 + random.below(5));
    p.fan_in = static_cast<std::uint32_t>(random.below(20));  // 0: all that are left
    const auto hosts = static_cast<std::uint32_t>(p.groups * (p.fan_in + 2) + random.below(30));
    const Traffic traffic = generate({p}, hosts, Rate{1}, seed);
    std::map<std::uint32_t, std::uint32_t> of_receiver;
    std::set<std::uint32_t> senders;
    for (const FlowSpec& flow : traffic.flows) {
      ++of_receiver[flow.dst.v];
      ASSERT_TRUE(senders.insert(flow.src.v).second);
    }
    ASSERT_EQ(of_receiver.size(), p.groups);
    for (const auto& [receiver, count] : of_receiver) {
      ASSERT_EQ(count, p.fan_in != 0 ? p.fan_in : hosts / p.groups - 1);
      ASSERT_EQ(senders.count(receiver), 0U);
    }
  });
}

TEST(GeneratorsProperty, AllToAllIsEveryPairOnce) {
  test::for_each_seed(50, [](Random& random, std::uint64_t seed) {
    WorkloadParameters p = sized("all-to-all");
    p.parallel = static_cast<std::uint32_t>(random.below(6));
    const auto hosts = static_cast<std::uint32_t>(2 + random.below(20));
    auto found = pairs(generate({p}, hosts, Rate{1}, seed));
    std::sort(found.begin(), found.end());
    ASSERT_EQ(found.size(), std::size_t{hosts} * (hosts - 1));
    ASSERT_EQ(std::adjacent_find(found.begin(), found.end()), found.end());
  });
}

TEST(GeneratorsProperty, SeedAndEntryDecide) {
  for (const char* kind : {"permutation", "incast", "poisson"}) {
    WorkloadParameters p = sized(kind);
    p.fan_in = 30;
    p.load = 0.5;
    p.length = {1'000'000'000};
    const auto first = pairs(generate({p}, 64, Rate{400'000'000'000}, 5));
    EXPECT_EQ(first, pairs(generate({p}, 64, Rate{400'000'000'000}, 5))) << kind;
    EXPECT_NE(first, pairs(generate({p}, 64, Rate{400'000'000'000}, 6))) << kind;
    const Traffic twice = generate({p, p}, 64, Rate{400'000'000'000}, 5);
    const auto both = pairs(twice);
    EXPECT_TRUE(std::equal(first.begin(), first.end(), both.begin())) << kind;
    EXPECT_FALSE(std::equal(first.begin(), first.end(), both.end() - static_cast<std::ptrdiff_t>(first.size()))) << kind;
  }
}

}  // namespace
}  // namespace weft
