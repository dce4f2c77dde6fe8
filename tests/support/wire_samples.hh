// Random but valid headers for the wire tests and fuzzers' seeds: every draw comes from one Random, so that a seed repeats it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/random.hh"
#include "wire/frame.hh"
#include "wire/mac_control.hh"
#include "wire/roce_packet.hh"

namespace weft::wire::samples {

inline constexpr std::array<RoceOpcode, 23> all_opcodes = {RoceOpcode::send_first,
                                                           RoceOpcode::send_middle,
                                                           RoceOpcode::send_last,
                                                           RoceOpcode::send_last_immediate,
                                                           RoceOpcode::send_only,
                                                           RoceOpcode::send_only_immediate,
                                                           RoceOpcode::write_first,
                                                           RoceOpcode::write_middle,
                                                           RoceOpcode::write_last,
                                                           RoceOpcode::write_last_immediate,
                                                           RoceOpcode::write_only,
                                                           RoceOpcode::write_only_immediate,
                                                           RoceOpcode::read_request,
                                                           RoceOpcode::read_response_first,
                                                           RoceOpcode::read_response_middle,
                                                           RoceOpcode::read_response_last,
                                                           RoceOpcode::read_response_only,
                                                           RoceOpcode::acknowledge,
                                                           RoceOpcode::atomic_acknowledge,
                                                           RoceOpcode::compare_swap,
                                                           RoceOpcode::fetch_add,
                                                           RoceOpcode::selective_acknowledge,
                                                           RoceOpcode::cnp};

inline bool flip(Random& random) { return random.below(2) == 1; }
template <class T>
T any(Random& random) {
  return static_cast<T>(random.next());
}
inline std::uint32_t any24(Random& random) { return static_cast<std::uint32_t>(random.below(1u << 24)); }

// A header whose fields are random where the opcode carries them and zero elsewhere.
inline RoceHeader any_roce_header(Random& random, RoceOpcode opcode) {
  const RoceLayout layout = *roce_layout(opcode);
  RoceHeader h;
  h.opcode = opcode;
  h.solicited = flip(random), h.ack_request = flip(random), h.fecn = flip(random), h.becn = flip(random);
  h.pkey = any<std::uint16_t>(random);
  h.dest_qp = any24(random);
  h.psn = any24(random);
  if (layout.aeth) h.syndrome = any<std::uint8_t>(random), h.msn = any24(random);
  if (layout.immediate) h.immediate = any<std::uint32_t>(random);
  if (layout.sack) h.immediate = any24(random);
  if (layout.reth || layout.atomic) h.address = any<std::uint64_t>(random), h.rkey = any<std::uint32_t>(random);
  if (layout.reth) h.dma_length = any<std::uint32_t>(random);
  if (layout.atomic || layout.atomic_ack || layout.sack) h.swap_add = any<std::uint64_t>(random);
  if (layout.atomic) h.compare = any<std::uint64_t>(random);
  return h;
}

inline std::vector<std::byte> any_bytes(Random& random, std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (auto& b : bytes) b = std::byte{any<std::uint8_t>(random)};
  return bytes;
}

// "82fd 002a" to bytes; blanks are skipped.
inline std::vector<std::byte> from_hex(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    if (c != ' ' && c != '\n') digits += c;
  }
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(digits.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}
inline std::string to_hex(ByteView bytes) {
  std::string text;
  for (const std::byte b : bytes) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

inline Ipv4Header any_ipv4(Random& random) {
  Ipv4Header h;
  h.dscp = any<std::uint8_t>(random) & 63;
  h.ecn = static_cast<Ecn>(random.below(4));
  h.total_length = any<std::uint16_t>(random);
  h.identification = any<std::uint16_t>(random);
  h.dont_fragment = flip(random), h.more_fragments = flip(random);
  h.fragment_offset = any<std::uint16_t>(random) & 0x1fff;
  h.ttl = any<std::uint8_t>(random), h.protocol = any<std::uint8_t>(random);
  h.source.v = any<std::uint32_t>(random), h.destination.v = any<std::uint32_t>(random);
  return h;
}
inline Ipv6Header any_ipv6(Random& random) {
  Ipv6Header h;
  h.dscp = any<std::uint8_t>(random) & 63;
  h.ecn = static_cast<Ecn>(random.below(4));
  h.flow_label = any<std::uint32_t>(random) & 0xfffff;
  h.payload_length = any<std::uint16_t>(random);
  h.next_header = any<std::uint8_t>(random), h.hop_limit = any<std::uint8_t>(random);
  for (auto& o : h.source.octets) o = any<std::uint8_t>(random);
  for (auto& o : h.destination.octets) o = any<std::uint8_t>(random);
  return h;
}
inline MacAddress any_mac(Random& random) {
  MacAddress address;
  for (auto& o : address.octets) o = any<std::uint8_t>(random);
  return address;
}
inline Pfc any_pfc(Random& random) {
  Pfc h;
  h.class_enable = any<std::uint8_t>(random);
  for (auto& time : h.quanta) time = any<std::uint16_t>(random);
  return h;
}
// An IP header as it may stand around a RoCE packet: no fragment.
inline IpHeader any_ip(Random& random) {
  if (flip(random)) return any_ipv6(random);
  Ipv4Header h = any_ipv4(random);
  h.more_fragments = false;
  h.fragment_offset = 0;
  return h;
}

// A frame with every field random and lengths, types and protocol left to the builder.
inline RoceFrame any_frame(Random& random, ByteView payload_pool) {
  RoceFrame frame;
  frame.destination = any_mac(random), frame.source = any_mac(random);
  if (flip(random)) {
    frame.vlan = VlanTag{.priority = static_cast<std::uint8_t>(random.below(8)),
                         .drop_eligible = flip(random),
                         .vlan = static_cast<std::uint16_t>(random.below(4096))};
  }
  frame.ip = any_ip(random);
  frame.udp = {.source_port = any<std::uint16_t>(random), .checksum = any<std::uint16_t>(random)};
  const RoceOpcode opcode = all_opcodes[random.below(all_opcodes.size())];
  frame.roce = any_roce_header(random, opcode);
  if (roce_layout(opcode)->payload) frame.payload = payload_pool.first(random.below(payload_pool.size() + 1));
  return frame;
}

}  // namespace weft::wire::samples
