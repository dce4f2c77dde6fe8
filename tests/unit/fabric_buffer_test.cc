// The shared buffer's thresholds, headroom, pause and resume; the chance of an ECN mark.
#include <gtest/gtest.h>

#include <cmath>

#include "fabric/ecn_marker.hh"
#include "fabric/shared_buffer.hh"

namespace weft {
namespace {

BufferParameters parameters(std::int64_t buffer, std::int64_t static_xoff = -1) {
  return {.buffer = {buffer}, .alpha_num = 1, .alpha_den = 4, .static_xoff = static_xoff, .hysteresis = {1000}};
}

TEST(FabricSharedBuffer, HeadroomComesOffTheSharedPart) {
  const SharedBuffer b(parameters(100'000), {10'000, 20'000, 0});
  EXPECT_EQ(b.shared_limit(), 70'000);
  EXPECT_EQ(b.threshold(), 17'500);
  EXPECT_EQ(SharedBuffer(parameters(25'000), {10'000, 20'000}).shared_limit(), 0);
}

TEST(FabricSharedBuffer, DynamicThresholdFollowsTheFreeRoom) {
  SharedBuffer b(parameters(80'000), {0, 0});
  EXPECT_EQ(b.threshold(), 20'000);
  b.charge_shared(b.ingress(0), 40'000);
  EXPECT_EQ(b.threshold(), 10'000);
  b.charge_shared(b.ingress(1), 40'000);
  EXPECT_EQ(b.threshold(), 0);
  b.release(b.ingress(0), 40'000);
  EXPECT_EQ(b.threshold(), 10'000);
  EXPECT_EQ(SharedBuffer(parameters(80'000, 3'000), {0}).threshold(), 3'000);
}

TEST(FabricSharedBuffer, PausedTrafficGoesToHeadroomAndIsDroppedWhenThatIsFull) {
  SharedBuffer b(parameters(100'000, 20'000), {5'000, 0});
  Ingress& in = b.ingress(0);
  EXPECT_TRUE(b.charge_lossless(in, 20'000));
  EXPECT_FALSE(b.over_threshold(in));
  EXPECT_TRUE(b.charge_lossless(in, 1));
  EXPECT_TRUE(b.over_threshold(in));
  in.xoff = true;
  EXPECT_TRUE(b.charge_lossless(in, 4'000));
  EXPECT_EQ(in.headroom, 4'000U);
  EXPECT_EQ(in.shared, 20'001U);
  EXPECT_EQ(b.shared_used(), 20'001);
  EXPECT_FALSE(b.charge_lossless(in, 1'001)) << "headroom is full";
  EXPECT_TRUE(b.charge_lossless(in, 1'000));
  EXPECT_EQ(in.bytes(), 25'001U);
}

TEST(FabricSharedBuffer, WithTheSharedPartFullAPacketTakesHeadroom) {
  SharedBuffer b(parameters(30'000), {5'000, 5'000});
  b.charge_shared(b.ingress(1), 19'500);
  EXPECT_TRUE(b.charge_lossless(b.ingress(0), 1'000));
  EXPECT_EQ(b.ingress(0).headroom, 1'000U);
  EXPECT_TRUE(b.charge_lossless(b.ingress(0), 500));
  EXPECT_EQ(b.ingress(0).shared, 500U);
}

TEST(FabricSharedBuffer, HeadroomIsReleasedFirst) {
  SharedBuffer b(parameters(100'000, 10'000), {5'000});
  Ingress& in = b.ingress(0);
  b.charge_shared(in, 12'000);
  in.xoff = true;
  EXPECT_TRUE(b.charge_lossless(in, 3'000));
  b.release(in, 1'000);
  EXPECT_EQ(in.headroom, 2'000U);
  EXPECT_EQ(in.shared, 12'000U);
  b.release(in, 4'000);
  EXPECT_EQ(in.headroom, 0U);
  EXPECT_EQ(in.shared, 10'000U);
  EXPECT_EQ(b.shared_used(), 10'000);
}

TEST(FabricSharedBuffer, ResumesBelowTheThresholdOrWhenEmpty) {
  SharedBuffer b(parameters(100'000, 10'000), {5'000, 0});
  Ingress& in = b.ingress(0);
  b.charge_shared(in, 10'000);
  EXPECT_FALSE(b.may_resume(in)) << "hysteresis";
  b.release(in, 999);
  EXPECT_FALSE(b.may_resume(in));
  b.release(in, 1);
  EXPECT_TRUE(b.may_resume(in));
  in.xoff = true;
  EXPECT_TRUE(b.charge_lossless(in, 100));
  EXPECT_FALSE(b.may_resume(in)) << "headroom is in use";
}

// A dynamic threshold may fall to nothing because of others; an empty ingress must not wait for that.
TEST(FabricSharedBuffer, AnEmptyIngressResumesAtAThresholdOfZero) {
  SharedBuffer b(parameters(100'000), {0, 0});
  b.charge_shared(b.ingress(1), 100'000);
  EXPECT_EQ(b.threshold(), 0);
  EXPECT_TRUE(b.may_resume(b.ingress(0)));
  b.release(b.ingress(1), 2'000);
  b.charge_shared(b.ingress(0), 1);
  EXPECT_FALSE(b.may_resume(b.ingress(0)));
}

TEST(FabricSharedBuffer, ALossyQueueEndsAtTheThreshold) {
  SharedBuffer b(parameters(80'000), {0});
  EXPECT_TRUE(b.admits_lossy(0, 20'000));
  EXPECT_FALSE(b.admits_lossy(0, 20'001));
  EXPECT_TRUE(b.admits_lossy(19'000, 1'000));
  EXPECT_FALSE(b.admits_lossy(19'001, 1'000));
  b.charge_shared(b.ingress(0), 79'000);
  EXPECT_FALSE(b.admits_lossy(0, 1'001));
  SharedBuffer fixed(parameters(80'000, 5'000), {0});
  EXPECT_TRUE(fixed.admits_lossy(70'000, 10'000)) << "xoff is a threshold of lossless ingresses";
  EXPECT_FALSE(fixed.admits_lossy(70'000, 10'001));
}

TEST(FabricEcnMarker, EdgesAreExact) {
  const EcnMarker marker{.kmin = 1000, .kmax = 2000, .pmax = std::uint64_t{1} << 32};
  Random random(1);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(marker.marks(0, random));
    EXPECT_FALSE(marker.marks(1000, random));
    EXPECT_TRUE(marker.marks(2000, random));  // pmax 1 is reached at kmax
    EXPECT_TRUE(marker.marks(2001, random));
  }
  EXPECT_EQ(random.drawn(), 1000U) << "no draw outside (kmin, kmax]";
  const EcnMarker never{.kmin = 1000, .kmax = 2000, .pmax = 0};
  EXPECT_FALSE(never.marks(2000, random));
  EXPECT_TRUE(never.marks(2001, random));
  const EcnMarker step{.kmin = 1000, .kmax = 1000, .pmax = 0};
  EXPECT_FALSE(step.marks(1000, random));
  EXPECT_TRUE(step.marks(1001, random));
}

TEST(FabricEcnMarker, ProbabilityRisesLinearly) {
  const EcnMarker marker{.kmin = 400'000, .kmax = 1'600'000, .pmax = std::uint64_t{1} << 31};
  Random random(random_key(7, RandomRoom::test, 0));
  for (const std::uint64_t depth : {500'000U, 700'000U, 1'000'000U, 1'500'000U, 1'600'000U}) {
    constexpr double draws = 200'000;
    const double p = 0.5 * static_cast<double>(depth - 400'000) / 1'200'000;
    double marked = 0;
    for (int i = 0; i < static_cast<int>(draws); ++i) marked += marker.marks(depth, random) ? 1 : 0;
    EXPECT_NEAR(marked / draws, p, 4 * std::sqrt(p * (1 - p) / draws)) << depth;
  }
}

}  // namespace
}  // namespace weft
