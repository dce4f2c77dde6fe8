// CC_Update frames, with and without an FCS.
#include "wire/credit_update.hh"

#include "header_target.hh"

namespace weft::wire {
namespace {

void check_frame(ByteView bytes, Fcs fcs) {
  const ParsedCreditUpdate first = parse_credit_update_frame(bytes, fcs);
  CHECK(first.refusal != CreditUpdateRefusal::fcs || fcs == Fcs::present);
  if (!first.ok()) return;
  std::array<std::byte, 64> room;
  const std::size_t size = build_credit_update_frame(first.source, first.update, fcs, room);
  CHECK(size != 0);
  const ParsedCreditUpdate second = parse_credit_update_frame(ByteView(room).first(size), fcs);
  CHECK(second.ok() && second.source == first.source && second.update == first.update);
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto input = weft::fuzz::view(data, size);
  check_frame(input, Fcs::absent);
  check_frame(input, Fcs::present);
  return 0;
}
