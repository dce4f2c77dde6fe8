// Where the parts of a frame are, and its IP check sum set right: for targets that must get behind the check sums.
#pragma once

#include <cstddef>
#include <cstdint>

#include "wire/outer_frame.hh"

namespace weft::fuzz {

inline std::size_t ip_offset(wire::ByteView frame) {
  const bool tagged = frame.size() > 14 && frame[12] == std::byte{0x81} && frame[13] == std::byte{0x00};
  return wire::EthernetHeader::size + (tagged ? wire::VlanTag::size : 0);
}

inline void repair_ip_checksum(wire::ByteRoom frame) {
  const wire::ByteRoom ip = frame.subspan(ip_offset(frame), wire::Ipv4Header::size);
  ip[10] = ip[11] = std::byte{0};
  wire::Writer(ip.subspan(10, 2)).be(static_cast<std::uint16_t>(~wire::internet_sum(ip)));
}

struct FrameParts {
  wire::ByteRoom ip{}, udp{}, datagram{};
};
// Only for a frame of which everything but the transport's check sum was accepted: its lengths are those that its headers say.
inline FrameParts parts_of(wire::ByteRoom frame) {
  const wire::ByteRoom ip = frame.subspan(ip_offset(frame));
  const bool v4 = std::to_integer<unsigned>(ip[0]) >> 4 == 4;
  const std::size_t head = v4 ? wire::Ipv4Header::size : wire::Ipv6Header::size;
  wire::Reader length(wire::ByteView(ip).subspan(head + 4, 2));
  const wire::ByteRoom behind = ip.subspan(head, length.be<std::uint16_t>());
  return {ip.first(head), behind.first(wire::UdpHeader::size), behind.subspan(wire::UdpHeader::size)};
}

}  // namespace weft::fuzz
