// No allocation while nodes run: ten times the packets cost no more calls of operator new. What a run takes, it takes at set-up
// or, when there are more of something than ever before, once.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sim/simulation.hh"
#include "support/sim_runs.hh"

namespace {
std::atomic<std::uint64_t> allocations{0};

void* counted(std::size_t size, std::size_t alignment) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* p = alignment <= alignof(std::max_align_t) ? std::malloc(size == 0 ? 1 : size)
                                                   : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (p == nullptr) throw std::bad_alloc();
  return p;
}
}  // namespace

// Not inline: g++ would see free() meet a new that it did not look into, and call it a mismatch.
void* operator new(std::size_t size) { return counted(size, 1); }
void* operator new[](std::size_t size) { return counted(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
void* operator new[](std::size_t size, std::align_val_t alignment) { return counted(size, static_cast<std::size_t>(alignment)); }
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete[](void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace weft {

using namespace test;

namespace {

struct Cost {
  std::uint64_t allocations = 0, hops = 0;
};

Cost cost(const std::string& fabric, const std::string& workload, unsigned threads) {
  const Scenario scenario = scenario_of(
      "topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 8, link: { rate: 400Gbps, delay: 1us } }\nfabric: { " + fabric +
      " }\nworkloads:\n  - { " + workload + " }\n");
  RunOptions options;
  options.threads = threads;
  Simulation simulation(scenario, options);
  const std::uint64_t before = allocations.load();
  simulation.execute();
  const std::uint64_t after = allocations.load();
  const Results results = simulation.results();
  EXPECT_EQ(completed(results), results.flows.size());
  return {after - before, results.counters.packet_hops};
}

struct Case {
  const char* name;
  const char* fabric;
  const char* workload;
};

class CoreAllocation : public testing::TestWithParam<Case> {};

TEST_P(CoreAllocation, MorePacketsAreNotMoreAllocations) {
  const Case& c = GetParam();
  for (const unsigned threads : {1U, 2U}) {
    const Cost few = cost(c.fabric, std::string(c.workload) + ", size: 200KB", threads);
    const Cost many = cost(c.fabric, std::string(c.workload) + ", size: 2MB", threads);
    EXPECT_GT(many.hops, 8 * few.hops);
    EXPECT_LE(many.allocations, few.allocations + 32) << threads << " threads, " << many.hops - few.hops << " more packet-hops";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Fabrics, CoreAllocation,
    testing::Values(Case{"GoBackN", "congestion: none", "kind: permutation"}, Case{"Dcqcn", "congestion: dcqcn", "kind: permutation"},
                    Case{"Selective", "congestion: none, recovery: selective, load_balancing: spray-random", "kind: permutation"},
                    Case{"PfcIncast", "congestion: none, buffer: 2MB", "kind: incast, fan_in: 8"}),
    [](const auto& c) { return std::string(c.param.name); });

}  // namespace
}  // namespace weft
