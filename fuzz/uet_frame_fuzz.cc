// Whole Ultra Ethernet frames. Check sums stop nearly every random input at the door, so the target repairs the one that a parse
// complains of and tries again; then what is accepted must mean the same after another round.
#include "wire/uet_frame.hh"

#include <algorithm>
#include <vector>

#include "frame_repair.hh"
#include "header_target.hh"

namespace weft::wire {
namespace {

ParsedUetFrame parse_repaired(std::vector<std::byte>& bytes, EndCrc crc) {
  ParsedUetFrame parsed = parse_uet_frame(bytes, Fcs::absent, crc);
  if (parsed.refusal == FrameRefusal::ip_checksum) {
    fuzz::repair_ip_checksum(bytes);
    parsed = parse_uet_frame(bytes, Fcs::absent, crc);
    CHECK(parsed.refusal != FrameRefusal::ip_checksum);
  }
  if (parsed.refusal == FrameRefusal::end_crc) {
    const auto parts = fuzz::parts_of(bytes);
    const ByteRoom covered = parts.datagram.first(parts.datagram.size() - end_crc_size);
    Writer(parts.datagram.last(end_crc_size)).le(end_crc_of(parts.ip, parts.udp, covered));
    parsed = parse_uet_frame(bytes, Fcs::absent, crc);
    CHECK(parsed.ok(), "refusal", name_of(parsed));
  }
  return parsed;
}

bool same(const UetFrame& a, const UetFrame& b) {
  return a.destination == b.destination && a.source == b.source && a.vlan == b.vlan && a.ip == b.ip && a.udp == b.udp && a.uet == b.uet &&
         std::ranges::equal(a.payload, b.payload);
}

void check_rebuilt(const UetFrame& frame, Fcs fcs, EndCrc crc) {
  std::array<std::byte, frame_limit> once;
  const std::size_t size = build_uet_frame(frame, fcs, crc, once);
  CHECK(size != 0);
  const ParsedUetFrame second = parse_uet_frame(ByteView(once).first(size), fcs, crc);
  CHECK(second.ok(), "refusal", name_of(second));
  CHECK(same(second.frame, frame));
  std::array<std::byte, frame_limit> twice;
  CHECK(build_uet_frame(second.frame, fcs, crc, twice) == size);
  CHECK(std::ranges::equal(ByteView(once).first(size), ByteView(twice).first(size)));
}

void check_trimmed(const UetFrame& frame, EndCrc crc) {
  if (pds_size(frame.uet.type) > uet_trim_least - UdpHeader::size) return;
  std::array<std::byte, frame_limit> room;
  const std::size_t size = build_trimmed_uet_frame(frame, Fcs::absent, crc, {.trim = Trim::trimmed_last_hop}, room);
  const ParsedUetFrame left = parse_uet_frame(ByteView(room).first(size), Fcs::absent, crc);
  CHECK(left.trim == Trim::trimmed_last_hop || left.extent == UetExtent::whole, "trim", static_cast<int>(left.trim));
  CHECK(left.ok() && left.payload_sent == frame.payload.size(), "refusal", name_of(left), "sent", left.payload_sent);
  CHECK(left.frame.uet.psn == frame.uet.psn && left.frame.ip.index() == frame.ip.index());
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto input = weft::fuzz::view(data, size);
  for (const EndCrc crc : {EndCrc::absent, EndCrc::present}) {
    std::vector<std::byte> bytes(input.begin(), input.end());
    const ParsedUetFrame parsed = parse_repaired(bytes, crc);
    if (!parsed.ok() || parsed.extent != UetExtent::whole) continue;
    check_rebuilt(parsed.frame, Fcs::absent, crc);
    check_rebuilt(parsed.frame, Fcs::present, crc);
    check_trimmed(parsed.frame, crc);
  }
  return 0;
}
