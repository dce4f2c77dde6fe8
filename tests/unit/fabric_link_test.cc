// What a link does to frames: PFC's times and room, random loss, being down.
#include <gtest/gtest.h>

#include <cmath>

#include "fabric/egress_port.hh"
#include "link/loss.hh"
#include "link/pfc.hh"

namespace weft {

using namespace literals;

namespace {

TEST(LinkPfc, QuantaAndResponseOfTheRates) {
  EXPECT_EQ(quantum(400_Gbps).v, 1'280);
  EXPECT_EQ(quantum(100_Gbps).v, 5'120);
  EXPECT_EQ((quantum(400_Gbps) * 65535).v, 83'884'800);  // 83.9 us
  struct Row {
    std::int64_t gbps, quanta;
  };
  for (const Row& row : {Row{10, 67}, Row{25, 80}, Row{40, 118}, Row{50, 147}, Row{100, 394}, Row{200, 453}, Row{400, 905}}) {
    const Rate rate{row.gbps * 1'000'000'000};
    EXPECT_EQ(pfc_response(rate).v, row.quanta * 512 * 1000 / row.gbps) << row.gbps;
  }
  EXPECT_EQ(pfc_response(400_Gbps).v, 905 * 1'280);
  EXPECT_EQ(pfc_response(800_Gbps).v, 905 * 1'280) << "above the table the quanta scale with the rate: the time stays";
  EXPECT_EQ(pfc_response(56_Gbps).v, 394LL * 512 * 1000 / 56) << "between two rows: the higher";
}

// (2*delay + response) * R/8 + 2*MTU, rounded up to 1,024 bytes.
TEST(LinkPfc, PhysicalHeadroom) {
  // 1 us and 400 Gb/s: 100,000 bytes on the link and back, 57,920 in the response, two frames.
  EXPECT_EQ(pfc_response(400_Gbps).v * 400 / 8 / 1000, 57'920);
  const std::int64_t raw = 100'000 + 57'920 + 2 * 4178;
  EXPECT_EQ(physical_headroom(400_Gbps, 1_us, pfc_response(400_Gbps), 4178_B).v, (raw + 1023) / 1024 * 1024);
  EXPECT_EQ(physical_headroom(100_Gbps, 0_ns, 0_ns, 500_B).v, 1024);
  for (const std::int64_t delay : {100'000LL, 333'333LL, 5'000'001LL}) {
    const Bytes room = physical_headroom(25_Gbps, {delay}, 2_us, 1538_B);
    const double needed = (2.0 * static_cast<double>(delay) + 2e6) * 25e9 / 8e12 + 2 * 1538;
    EXPECT_GE(static_cast<double>(room.v), needed);
    EXPECT_LT(static_cast<double>(room.v), needed + 1026);
    EXPECT_EQ(room.v % 1024, 0);
  }
}

// The public formula's own numbers at 400 Gb/s and 5 m (1.98e8 m/s): cable 2,525 bytes, peer 57.9 KB, doubled 115.8 KB.
TEST(LinkPfc, VendorHeadroom) {
  const Duration five_metres{25'253};  // rounded up, so that the product is not a byte short
  EXPECT_EQ(2 * five_metres.v * 400 / 8 / 1000, 2'525);
  constexpr std::int64_t cable = 2'525, peer = 57'920, mtu = 9'100;
  EXPECT_EQ(vendor_headroom(400_Gbps, five_metres, {mtu}).v, (mtu + mtu + cable + 2 * peer + 1023) / 1024 * 1024);
  EXPECT_EQ(vendor_headroom(10_Gbps, 0_ns, 1518_B).v, (1518 + 1518 + 2 * 67 * 64 + 1023) / 1024 * 1024);
}

double measured_loss(const LossParameters& parameters, int frames, std::uint64_t seed) {
  LossProcess process(parameters);
  Random random(random_key(seed, RandomRoom::link, 3));
  double lost = 0;
  for (int i = 0; i < frames; ++i) lost += process.loses(random) ? 1 : 0;
  return lost / frames;
}

TEST(LinkLoss, UniformMean) {
  constexpr int frames = 1'000'000;
  for (const double p : {0.001, 0.01, 0.3, 0.9}) {
    LossParameters parameters;
    parameters.p = p;
    EXPECT_NEAR(measured_loss(parameters, frames, 5), p, 4 * std::sqrt(p * (1 - p) / frames));
  }
  LossParameters none;
  EXPECT_FALSE(LossProcess(none).active());
  EXPECT_EQ(measured_loss(none, 10'000, 5), 0);
  none.p = 1;
  EXPECT_EQ(measured_loss(none, 10'000, 5), 1);
}

// Mean (b*lg + g*lb) / (g+b). Frames of one state come in runs, so the variance of the mean is larger than that of independent
// frames: by (1+r)/(1-r) for the part that the states cause, with r = 1 - g - b.
TEST(LinkLoss, GilbertElliottMean) {
  constexpr int frames = 2'000'000;
  struct Case {
    double g, b, good, bad;
  };
  for (const Case& c : {Case{0.01, 0.3, 0, 1}, Case{0.001, 0.1, 0.0001, 0.5}, Case{0.5, 0.5, 0.1, 0.9}, Case{0.2, 0.05, 0.02, 0.3}}) {
    LossParameters parameters{LossKind::gilbert_elliott, 0, c.g, c.b, c.good, c.bad};
    EXPECT_TRUE(LossProcess(parameters).active());
    const double mean = (c.b * c.good + c.g * c.bad) / (c.g + c.b);
    const double bad_share = c.g / (c.g + c.b);
    const double r = 1 - c.g - c.b;
    const double states = bad_share * (1 - bad_share) * (c.bad - c.good) * (c.bad - c.good);
    const double variance = mean * (1 - mean) + states * ((1 + r) / (1 - r) - 1);
    EXPECT_NEAR(measured_loss(parameters, frames, 11), mean, 4 * std::sqrt(variance / frames)) << c.g << ' ' << c.b;
  }
}

TEST(FabricDown, AFrameIsLostIfTheLinkIsDownAtAnyInstantOfIt) {
  PortDetail detail;
  detail.down = {{Time{100}, Time{200}}, {Time{300}, Time{301}}, {Time{500}, Time::never()}};
  const auto meets = [&](std::int64_t start, std::int64_t end) { return meets_down(detail, Time{start}, Time{end}); };
  EXPECT_FALSE(meets(0, 99));
  EXPECT_TRUE(meets(0, 100));
  EXPECT_TRUE(meets(50, 150));
  EXPECT_TRUE(meets(50, 250));
  EXPECT_TRUE(meets(199, 250));
  EXPECT_FALSE(meets(200, 299)) << "up again at that instant";
  EXPECT_TRUE(meets(250, 400));
  EXPECT_FALSE(meets(301, 499));
  EXPECT_TRUE(meets(301, 500));
  EXPECT_TRUE(meets(600, 601));
  EXPECT_TRUE(meets(1'000'000, 1'000'001));
}

}  // namespace
}  // namespace weft
