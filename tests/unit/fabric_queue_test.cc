// Which class is served next, and how the classes of a scenario become slots.
#include <gtest/gtest.h>

#include "fabric/class_table.hh"
#include "fabric/egress_port.hh"

namespace weft {
namespace {

TEST(FabricClassTable, SlotsAreTheClassesInUseHighestFirst) {
  FabricParameters f;
  f.data_class = 3;
  f.ack_class = 5;
  f.notify_class = 6;
  f.lossless = Lossless::pfc;
  const ClassTable t = make_class_table(f);
  ASSERT_EQ(t.slots, 3);
  EXPECT_EQ(t.priority[0], 6);
  EXPECT_EQ(t.priority[1], 5);
  EXPECT_EQ(t.priority[2], 3);
  EXPECT_EQ(t.notify_slot, 0);
  EXPECT_EQ(t.respond_slot, 1);
  EXPECT_EQ(t.data_slot, 2);
  EXPECT_EQ(t.strict_mask, 7);
  EXPECT_FALSE(t.lossless(t.notify_slot));
  EXPECT_TRUE(t.lossless(t.respond_slot));
  EXPECT_TRUE(t.lossless(t.data_slot));
}

TEST(FabricClassTable, ClassesMayBeSharedAndWeighted) {
  FabricParameters f;
  f.data_class = f.ack_class = f.notify_class = 2;
  f.lossless = Lossless::none;
  ClassTable t = make_class_table(f);
  EXPECT_EQ(t.slots, 1);
  EXPECT_EQ(t.lossless_mask, 0);
  EXPECT_EQ(t.data_slot + t.respond_slot + t.notify_slot, 0);
  f.notify_class = 7;
  f.dwrr_weight[2] = 4;
  t = make_class_table(f);
  EXPECT_EQ(t.slots, 2);
  EXPECT_EQ(t.strict_mask, 1);
  EXPECT_EQ(t.weight[1], 4U);
}

ClassTable table(std::array<std::uint32_t, most_slots> weights) {
  ClassTable t;
  t.slots = most_slots;
  t.weight = weights;
  for (std::uint8_t s = 0; s < most_slots; ++s) {
    if (weights[s] == 0) t.strict_mask = static_cast<std::uint8_t>(t.strict_mask | (1U << s));
  }
  return t;
}

TEST(FabricChooseSlot, StrictClassesGoFirstWhateverTheirPlace) {
  const ClassTable t = table({2, 0, 0, 1});
  Deficits deficits;
  const std::array<std::uint32_t, most_slots> heads{1000, 1000, 1000, 1000};
  EXPECT_EQ(choose_slot(t, 0b111, deficits, heads), 1);
  EXPECT_EQ(choose_slot(t, 0b101, deficits, heads), 2);
  EXPECT_EQ(choose_slot(t, 0b001, deficits, heads), 0);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(choose_slot(t, 0b111, deficits, heads), 1);
}

// Classes that always have something to send share in proportion to their weights, whatever the sizes of their packets.
TEST(FabricChooseSlot, SharesAreProportionalToWeights) {
  struct Case {
    std::array<std::uint32_t, most_slots> weights, sizes;
  };
  for (const Case& c : {Case{{1, 1, 1, 1}, {4178, 4178, 4178, 4178}}, Case{{1, 2, 3, 1}, {4178, 84, 1500, 84}},
                        Case{{10, 1, 1, 2}, {84, 4178, 4178, 64}}, Case{{7, 5, 3, 1}, {333, 1082, 9000, 700}}}) {
    const ClassTable t = table(c.weights);
    Deficits deficits;
    std::array<double, most_slots> served{};
    double total = 0, weights = 0;
    for (int i = 0; i < 200'000; ++i) {
      const std::uint8_t slot = choose_slot(t, 0b1111, deficits, c.sizes);
      served[slot] += c.sizes[slot];
      total += c.sizes[slot];
    }
    for (const std::uint32_t w : c.weights) weights += w;
    for (std::size_t s = 0; s < most_slots; ++s)
      EXPECT_NEAR(served[s] / total, c.weights[s] / weights, 0.01 * c.weights[s] / weights) << "slot " << s;
  }
}

TEST(FabricChooseSlot, AnIdleClassSavesNothing) {
  const ClassTable t = table({1, 1, 1, 1});
  Deficits deficits;
  const std::array<std::uint32_t, most_slots> heads{1000, 1000, 1000, 1000};
  for (int i = 0; i < 10'000; ++i) static_cast<void>(choose_slot(t, 0b011, deficits, heads));
  int third = 0;
  for (int i = 0; i < 300; ++i) third += choose_slot(t, 0b111, deficits, heads) == 2 ? 1 : 0;
  EXPECT_NEAR(third, 100, 2);
}

}  // namespace
}  // namespace weft
