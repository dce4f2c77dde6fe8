// Ethernet II header (14 bytes) and the 802.1Q tag (4 bytes).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------------------------------------------------------+
//   |                  destination address (47:16)                  |
//   +-------------------------------+-------------------------------+
//   |  destination address (15:0)   |     source address (47:32)    |
//   +-------------------------------+-------------------------------+
//   |                      source address (31:0)                    |
//   +-------------------------------+-------------------------------+
//   |           EtherType           |
//   +-------------------------------+
//
// When the EtherType is 0x8100 a tag follows, which ends with the EtherType of what it encloses:
//
//   +-----+-+-----------------------+-------------------------------+
//   | PCP |D|          VID          |           EtherType           |
//   +-----+-+-----------------------+-------------------------------+
//
// Values below 0x600 in the place of an EtherType are 802.3 lengths; the codec carries them, frame parsers refuse them.
// Source: IEEE 802.3, 3.2; IEEE 802.1Q, 9.6.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

namespace ether_type {
inline constexpr std::uint16_t ipv4 = 0x0800, vlan = 0x8100, ipv6 = 0x86dd, mac_control = 0x8808;
}

struct MacAddress {
  std::array<std::uint8_t, 6> octets{};
  friend bool operator==(const MacAddress&, const MacAddress&) = default;

  void encode(Writer& out) const { out.bytes(std::as_bytes(std::span(octets))); }
  static MacAddress decode(Reader& in) {
    MacAddress address;
    const ByteView bytes = in.bytes(address.octets.size());
    if (!bytes.empty()) std::memcpy(address.octets.data(), bytes.data(), bytes.size());
    return address;
  }
};

struct EthernetHeader {
  static constexpr std::size_t size = 14;

  MacAddress destination{}, source{};
  std::uint16_t type = 0;
  friend bool operator==(const EthernetHeader&, const EthernetHeader&) = default;

  void encode(Writer& out) const {
    destination.encode(out);
    source.encode(out);
    out.be(type);
  }

  static std::optional<EthernetHeader> decode(Reader& in) {
    EthernetHeader h;
    h.destination = MacAddress::decode(in);
    h.source = MacAddress::decode(in);
    h.type = in.be<std::uint16_t>();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<EthernetHeader>);

struct VlanTag {
  static constexpr std::size_t size = 4;

  std::uint8_t priority = 0;  // PCP, 3 bits
  bool drop_eligible = false;
  std::uint16_t vlan = 0;  // 12 bits
  std::uint16_t type = 0;  // of what follows the tag
  friend bool operator==(const VlanTag&, const VlanTag&) = default;

  void encode(Writer& out) const {
    CHECK(priority < 8 && vlan < 0x1000, "priority", int{priority}, "vlan", vlan);
    out.be(static_cast<std::uint16_t>(priority << 13 | drop_eligible << 12 | vlan));
    out.be(type);
  }

  static std::optional<VlanTag> decode(Reader& in) {
    VlanTag h;
    const auto control = in.be<std::uint16_t>();
    h.priority = static_cast<std::uint8_t>(control >> 13);
    h.drop_eligible = (control & 0x1000) != 0;
    h.vlan = control & 0xfff;
    h.type = in.be<std::uint16_t>();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<VlanTag>);

}  // namespace weft::wire
