// PAUSE and PFC frames. The first byte says whether the rest ends with an FCS, which is then made right.
#include "wire/mac_control.hh"

#include <vector>

#include "header_target.hh"

namespace weft::wire {
namespace {

void check_frame(ByteView bytes, Fcs fcs) {
  const ParsedMacControl first = parse_mac_control_frame(bytes, fcs);
  CHECK(first.refusal != MacControlRefusal::fcs || fcs == Fcs::present);
  if (!first.ok()) return;
  std::array<std::byte, mac_control_frame_size> room;
  const std::size_t size = build_mac_control_frame(first.source, first.control, fcs, room);
  CHECK(size != 0);
  const ParsedMacControl second = parse_mac_control_frame(ByteView(room).first(size), fcs);
  CHECK(second.ok() && second.source == first.source && second.control == first.control);
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  if (size == 0) return 0;
  const auto input = weft::fuzz::view(data + 1, size - 1);
  weft::fuzz::check_header<Pause>(input);
  weft::fuzz::check_header<Pfc>(input);
  check_frame(input, Fcs::absent);
  check_frame(input, Fcs::present);
  if (data[0] % 2 == 0 || input.size() < fcs_size) return 0;
  std::vector<std::byte> repaired(input.begin(), input.end());
  Writer trailer(ByteRoom(repaired).last(fcs_size));
  trailer.le(Crc32().add(ByteView(repaired).first(repaired.size() - fcs_size)).value());
  check_frame(repaired, Fcs::present);
  return 0;
}
