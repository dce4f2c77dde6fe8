// GSE headers and fault blocks: what wire_header_suite.hh asks of every header, and each message out of its header again.
#include <gtest/gtest.h>

#include "support/gse_samples.hh"
#include "support/wire_header_suite.hh"

namespace weft::wire {

template <>
struct HeaderSample<GseHeader> {
  static GseHeader draw(Random& random) { return samples::any_gse_header(random); }
};
template <>
struct HeaderSample<GseFaultBlock> {
  static GseFaultBlock draw(Random& random) { return GseFaultBlock::of(samples::any_gse_fault(random)); }
};

namespace {

using GseHeaders = testing::Types<GseHeader, GseFaultBlock>;
INSTANTIATE_TYPED_TEST_SUITE_P(Gse, WireHeaders, GseHeaders);

TEST(GseMessages, ComeBackFromTheirHeaders) {
  test::for_each_seed(500, [](Random& random, std::uint64_t) {
    const GseHeader data = samples::any_gse_header(random, GseType::data);
    EXPECT_EQ(gse_header(gse_data(data)), data);
    const GseRequest request = samples::any_gse_request(random);
    EXPECT_EQ(gse_request(gse_header(request)), request);
    const GseGrant grant = samples::any_gse_grant(random);
    EXPECT_EQ(gse_grant(gse_header(grant)), grant);
    const GseFault fault = samples::any_gse_fault(random);
    EXPECT_EQ(gse_fault(gse_header(fault)), fault);
  });
}

// Totals beyond 2^24 units: the difference of what stands in the headers is that of the totals, as long as it is in bounds.
TEST(GseMessages, CyclicTotalsCompareAsTheTotalsDo) {
  test::for_each_seed(500, [](Random& random, std::uint64_t) {
    const auto total = static_cast<std::int64_t>(random.below(std::uint64_t{1} << 45));
    const auto more = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(gse_outstanding_limit)));
    const std::int64_t start = (total + gse_unit.v - 1) / gse_unit.v;
    const Bytes later{(start + more) * gse_unit.v};
    EXPECT_EQ(gse_ahead(gse_units(later), gse_units(Bytes{total})), more);
    EXPECT_EQ(gse_ahead(gse_units(Bytes{total}), gse_units(later)), -more);
  });
}

}  // namespace
}  // namespace weft::wire
