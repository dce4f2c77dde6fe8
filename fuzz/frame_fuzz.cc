// Whole frames. Check sums stop nearly every random input at the door, so the target repairs the one that a parse complains
// of and tries again; then what is accepted must mean the same after another round.
#include "wire/frame.hh"

#include <algorithm>
#include <vector>

#include "frame_repair.hh"
#include "header_target.hh"

namespace weft::wire {
namespace {

void repair_icrc(ByteRoom frame) {
  const auto parts = fuzz::parts_of(frame);
  const ByteRoom covered = parts.datagram.first(parts.datagram.size() - icrc_size);
  Writer(parts.datagram.last(icrc_size)).le(icrc_of_bytes(parts.ip, parts.udp, covered));
}

ParsedFrame parse_repaired(std::vector<std::byte>& bytes) {
  ParsedFrame parsed = parse_frame(bytes, Fcs::absent);
  if (parsed.refusal == FrameRefusal::ip_checksum) {
    fuzz::repair_ip_checksum(bytes);
    parsed = parse_frame(bytes, Fcs::absent);
    CHECK(parsed.refusal != FrameRefusal::ip_checksum);
  }
  if (parsed.refusal == FrameRefusal::roce && parsed.roce == RoceRefusal::icrc) {
    repair_icrc(bytes);
    parsed = parse_frame(bytes, Fcs::absent);
    CHECK(parsed.ok(), "refusal", name_of(parsed));
  }
  return parsed;
}

bool same(const RoceFrame& a, const RoceFrame& b) {
  return a.destination == b.destination && a.source == b.source && a.vlan == b.vlan && a.ip == b.ip && a.udp == b.udp && a.roce == b.roce &&
         std::ranges::equal(a.payload, b.payload);
}

void check_rebuilt(const RoceFrame& frame, Fcs fcs) {
  std::array<std::byte, frame_limit> once;
  const std::size_t size = build_frame(frame, fcs, once);
  CHECK(size != 0);
  const ParsedFrame second = parse_frame(ByteView(once).first(size), fcs);
  CHECK(second.ok(), "refusal", name_of(second));
  CHECK(same(second.frame, frame));
  std::array<std::byte, frame_limit> twice;
  CHECK(build_frame(second.frame, fcs, twice) == size);
  CHECK(std::ranges::equal(ByteView(once).first(size), ByteView(twice).first(size)));
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto input = weft::fuzz::view(data, size);
  CHECK(parse_frame(input, Fcs::present).refusal != FrameRefusal::none || size > fcs_size);
  std::vector<std::byte> bytes(input.begin(), input.end());
  const ParsedFrame parsed = parse_repaired(bytes);
  if (!parsed.ok()) return 0;
  check_rebuilt(parsed.frame, Fcs::absent);
  check_rebuilt(parsed.frame, Fcs::present);
  return 0;
}
