// Damaged `.cm` texts: an InputError that names the place, or traffic that passes every check. Nothing else.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hh"
#include "support/cm_samples.hh"
#include "support/mutate.hh"
#include "support/seeds.hh"
#include "workload/cm_file.hh"
#include "workload/trigger_check.hh"

namespace weft {
namespace {

TEST(CmFileProperty, DamageNeverCrashes) {
  std::uint64_t refused = 0;
  test::for_each_seed(3000, [&](Random& random, std::uint64_t) {
    const std::string text = test::mutate(test::cm_sample, random);
    try {
      CmFile file = parse_cm(text, "f.cm");
      const Draft draft{.traffic = std::move(file.traffic),
                        .file = "f.cm",
                        .line = 1,
                        .flow_lines = std::move(file.flow_lines),
                        .trigger_lines = std::move(file.trigger_lines)};
      check_flows(draft, file.nodes);
      check_triggers(draft);
    } catch (const InputError& error) {
      ++refused;
      ASSERT_EQ(error.where().substr(0, 4), "f.cm");
    }
  });
  if (std::getenv("WEFT_TEST_SEED") == nullptr) { EXPECT_GT(refused, 1000U); }
}

}  // namespace
}  // namespace weft
