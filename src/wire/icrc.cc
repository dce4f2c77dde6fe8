#include "wire/icrc.hh"

#include <array>
#include <cstring>

#include "base/check.hh"
#include "wire/bth.hh"
#include "wire/crc32.hh"

namespace weft::wire {
namespace {

constexpr std::uint32_t register_after_eight_ones = 0xdebb20e3;
constexpr std::size_t congestion_byte = 4;  // of BTH: FECN, BECN, reserved
constexpr std::byte ones{0xff};

void mask_ip(ByteRoom ip) {
  if (ip.size() == Ipv4Header::size) {
    for (const std::size_t at : {std::size_t{1}, std::size_t{8}, std::size_t{10}, std::size_t{11}}) ip[at] = ones;
  } else {
    ip[0] |= std::byte{0x0f};
    for (const std::size_t at : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) ip[at] = ones;
  }
}

}  // namespace

std::uint32_t icrc_of_bytes(ByteView ip, ByteView udp, ByteView transport) {
  CHECK((ip.size() == Ipv4Header::size || ip.size() == Ipv6Header::size) && udp.size() == UdpHeader::size, "ip", ip.size(), "udp",
        udp.size());
  CHECK(transport.size() >= Bth::size, "transport", transport.size());
  std::array<std::byte, Ipv6Header::size + UdpHeader::size + Bth::size> buffer;
  Writer copy(buffer);
  copy.bytes(ip);
  copy.bytes(udp);
  copy.bytes(transport.first(Bth::size));
  const ByteRoom masked = ByteRoom(buffer).first(copy.size());
  mask_ip(masked.first(ip.size()));
  masked[ip.size() + 6] = masked[ip.size() + 7] = ones;
  masked[ip.size() + UdpHeader::size + congestion_byte] = ones;
  return Crc32::from_register(register_after_eight_ones).add(masked).add(transport.subspan(Bth::size)).value();
}

std::uint32_t icrc_of(const IpHeader& ip, const UdpHeader& udp, ByteView transport) {
  UdpHeader datagram = udp;
  datagram.length = static_cast<std::uint16_t>(UdpHeader::size + transport.size() + icrc_size);
  std::array<std::byte, Ipv6Header::size + UdpHeader::size> buffer;
  Writer out(buffer);
  encode_ip(around_udp(ip, UdpHeader::size + transport.size() + icrc_size), out);
  datagram.encode(out);
  const ByteView bytes = ByteView(buffer).first(out.size());
  return icrc_of_bytes(bytes.first(bytes.size() - UdpHeader::size), bytes.last(UdpHeader::size), transport);
}

bool icrc_matches(const IpHeader& ip, const UdpHeader& udp, ByteView packet) {
  if (packet.size() < Bth::size + icrc_size) return false;
  Reader trailer(packet.last(icrc_size));
  return trailer.le<std::uint32_t>() == icrc_of(ip, udp, packet.first(packet.size() - icrc_size));
}

}  // namespace weft::wire
