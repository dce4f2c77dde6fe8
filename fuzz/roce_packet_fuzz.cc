// A UDP payload from anywhere: what is accepted means the same after another round, now with an ICRC that is right.
#include "wire/roce_packet.hh"

#include <algorithm>

#include "header_target.hh"

namespace weft::wire {
namespace {

constexpr UdpHeader udp{.source_port = 49152};

void check_packet(ByteView bytes, const IpHeader& ip) {
  const RocePacket first = decode_roce_packet(bytes);
  const RocePacket with_icrc = decode_roce_packet(bytes, ip, udp);
  CHECK(with_icrc.ok() ? first.ok() : with_icrc.refusal == (first.ok() ? RoceRefusal::icrc : first.refusal));
  if (!first.ok()) return;
  std::array<std::byte, roce_packet_limit> room;
  const std::size_t size = encode_roce_packet(first.header, first.payload, ip, udp, room);
  CHECK(size == bytes.size(), "size", size, "was", bytes.size());
  const RocePacket second = decode_roce_packet(ByteView(room).first(size), ip, udp);
  CHECK(second.ok(), "refusal", name_of(second.refusal));
  CHECK(second.header == first.header && second.pad == first.pad && std::ranges::equal(second.payload, first.payload));
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = weft::fuzz::view(data, size);
  weft::wire::check_packet(bytes, weft::wire::Ipv4Header{.source = {0x0a000001}, .destination = {0x0a000002}});
  weft::wire::check_packet(bytes, weft::wire::Ipv6Header{});
  return 0;
}
