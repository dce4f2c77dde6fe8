// Whole frames. Check sums stop nearly every random input at the door, so the target repairs the one that a parse complains
// of and tries again; then what is accepted must mean the same after another round.
#include "wire/frame.hh"

#include <algorithm>
#include <vector>

#include "header_target.hh"

namespace weft::wire {
namespace {

std::size_t ip_offset(ByteView frame) {
  const bool tagged = frame.size() > 14 && frame[12] == std::byte{0x81} && frame[13] == std::byte{0x00};
  return EthernetHeader::size + (tagged ? VlanTag::size : 0);
}

void repair_ip_checksum(ByteRoom frame) {
  const ByteRoom ip = frame.subspan(ip_offset(frame), Ipv4Header::size);
  ip[10] = ip[11] = std::byte{0};
  Writer(ip.subspan(10, 2)).be(static_cast<std::uint16_t>(~internet_sum(ip)));
}

// Only called when everything but the ICRC was accepted, so the lengths are those that the headers say.
void repair_icrc(ByteRoom frame) {
  const ByteRoom ip = frame.subspan(ip_offset(frame));
  const bool v4 = std::to_integer<unsigned>(ip[0]) >> 4 == 4;
  const std::size_t head = v4 ? Ipv4Header::size : Ipv6Header::size;
  Reader length(ByteView(ip).subspan(head + 4, 2));
  const ByteRoom datagram = ip.subspan(head, length.be<std::uint16_t>());
  const ByteRoom covered = datagram.subspan(UdpHeader::size, datagram.size() - UdpHeader::size - icrc_size);
  Writer(datagram.last(icrc_size)).le(icrc_of_bytes(ip.first(head), datagram.first(UdpHeader::size), covered));
}

ParsedFrame parse_repaired(std::vector<std::byte>& bytes) {
  ParsedFrame parsed = parse_frame(bytes, Fcs::absent);
  if (parsed.refusal == FrameRefusal::ip_checksum) {
    repair_ip_checksum(bytes);
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
