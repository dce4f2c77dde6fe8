// Damaged SimAI texts and Chakra traces: an InputError that names the file, or something that holds together. Nothing else.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hh"
#include "support/chakra_writer.hh"
#include "support/mutate.hh"
#include "support/seeds.hh"
#include "support/simai_samples.hh"
#include "workload/chakra_graph.hh"
#include "workload/simai_sections.hh"

namespace weft {
namespace {

using namespace test;

TEST(SimaiProperty, DamageNeverCrashes) {
  std::uint64_t refused = 0;
  for_each_seed(3000, [&](Random& random, std::uint64_t) {
    const std::string text = mutate(simai_sample(), random);
    try {
      const SimaiFile file = parse_simai(text, "f.txt");
      const SimaiSections sections = simai_sections(file, true, 2, "f.txt");
      std::size_t layers = sections.before.end + sections.after.end - sections.after.begin;
      for (const auto& micro_batch : sections.micro_batches) layers += micro_batch.back().end - micro_batch.front().begin;
      ASSERT_EQ(layers, file.layers.size());
    } catch (const InputError& error) {
      ++refused;
      ASSERT_EQ(error.where().substr(0, 5), "f.txt");
    }
  });
  if (std::getenv("WEFT_TEST_SEED") == nullptr) { EXPECT_GT(refused, 1000U); }
}

std::string chakra_sample() {
  return chakra_text({ChakraNodeText(1, "groups", metadata_node).inputs("['[{\"pg_name\": \"3\", \"ranks\": [0, 1]}]']"), computing(2, 5),
                      calling(3, all_reduce_type, 4096).after({2}).word("pg_name", "3"), computing(4, 7).packed_after({2, 3}),
                      calling(5, reduce_scatter_type, 64).after({4}).controlled_by(2),
                      ChakraNodeText(6, "host", compute_node).micros(6).flag("is_cpu_op", true).number("tid", 4).after({5})});
}

TEST(ChakraProperty, DamageNeverCrashes) {
  std::uint64_t refused = 0;
  for_each_seed(3000, [&](Random& random, std::uint64_t) {
    try {
      const std::vector<ChakraTrace> traces{parse_chakra(mutate(chakra_sample(), random), "a.et"), parse_chakra(chakra_sample(), "b.et")};
      const ChakraGraph graph(traces, {0, 1}, random.below(2) == 0);
      ASSERT_FALSE(graph.order().empty());
    } catch (const InputError& error) {
      ++refused;
      ASSERT_TRUE(error.where() == "a.et" || error.where() == "b.et") << error.where();
    }
  });
  if (std::getenv("WEFT_TEST_SEED") == nullptr) { EXPECT_GT(refused, 1000U); }
}

// Two ranks of random nodes whose dependencies go back: every node comes once, after those it waits for.
TEST(ChakraProperty, EveryNodeComesAfterThoseItWaitsFor) {
  for_each_seed(100, [](Random& random, std::uint64_t) {
    std::vector<std::vector<ChakraNodeText>> nodes(2);
    for (std::uint64_t i = 1; i <= 40; ++i) {
      const std::uint64_t kind = random.below(4);
      const std::uint64_t from = random.below(2);
      for (std::uint64_t rank = 0; rank < 2; ++rank) {
        ChakraNodeText node = kind == 0      ? calling(i, all_reduce_type, 100 * i)
                              : kind > 1     ? computing(i, i)
                              : rank == from ? sending(i, 1 - rank, 0, i)
                                             : receiving(i, 1 - rank, 0, i);
        for (std::uint64_t d = i > 1 ? random.below(4) : 0; d > 0; --d) node.after({1 + random.below(i - 1)});
        nodes[rank].push_back(node);
      }
    }
    std::vector<ChakraTrace> traces;
    for (const auto& own : nodes) {
      std::string text = chakra_text({});
      for (const ChakraNodeText& node : own) text += delimited(node.bytes());
      traces.push_back(parse_chakra(text, "f.et"));
    }
    const ChakraGraph graph(traces, {0, 1}, false);
    std::vector<std::vector<bool>> done(2, std::vector<bool>(40, false));
    const auto take = [&](ChakraStep step) {
      for (const std::uint32_t before : graph.dependencies(step)) ASSERT_TRUE(done[step.rank][before]);
      ASSERT_FALSE(done[step.rank][step.node]);
      done[step.rank][step.node] = true;
    };
    for (const ChakraStep step : graph.order()) {
      if (graph.node(step).kind == ChakraKind::receive) { ASSERT_TRUE(done[1 - step.rank][graph.partner(step).node]); }
      if (graph.node(step).kind != ChakraKind::collective) {
        take(step);
        continue;
      }
      for (std::uint32_t rank = 0; rank < 2; ++rank) take({rank, graph.call(step).nodes[rank]});
    }
    for (const auto& own : done) ASSERT_EQ(std::count(own.begin(), own.end(), true), 40);
  });
}

}  // namespace
}  // namespace weft
