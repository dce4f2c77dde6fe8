// Headers of Ethernet, IP, UDP and RoCE: what wire_header_suite.hh asks of every header.
#include <gtest/gtest.h>

#include "support/wire_header_suite.hh"
#include "support/wire_samples.hh"
#include "wire/ethernet.hh"
#include "wire/ipv4.hh"
#include "wire/ipv6.hh"
#include "wire/mac_control.hh"
#include "wire/udp.hh"

namespace weft::wire {

using samples::any;
using samples::any24;
using samples::flip;

template <>
struct HeaderSample<Bth> {
  static Bth draw(Random& random) {
    return {.opcode = any<std::uint8_t>(random),
            .solicited = flip(random),
            .migration_request = flip(random),
            .pad_count = static_cast<std::uint8_t>(random.below(4)),
            .pkey = any<std::uint16_t>(random),
            .fecn = flip(random),
            .becn = flip(random),
            .dest_qp = any24(random),
            .ack_request = flip(random),
            .psn = any24(random)};
  }
};
template <>
struct HeaderSample<Reth> {
  static Reth draw(Random& random) { return {any<std::uint64_t>(random), any<std::uint32_t>(random), any<std::uint32_t>(random)}; }
};
template <>
struct HeaderSample<Aeth> {
  static Aeth draw(Random& random) { return {any<std::uint8_t>(random), any24(random)}; }
};
template <>
struct HeaderSample<ImmDt> {
  static ImmDt draw(Random& random) { return {any<std::uint32_t>(random)}; }
};
template <>
struct HeaderSample<AtomicEth> {
  static AtomicEth draw(Random& random) {
    return {any<std::uint64_t>(random), any<std::uint32_t>(random), any<std::uint64_t>(random), any<std::uint64_t>(random)};
  }
};
template <>
struct HeaderSample<AtomicAckEth> {
  static AtomicAckEth draw(Random& random) { return {any<std::uint64_t>(random)}; }
};
template <>
struct HeaderSample<SackEth> {
  static SackEth draw(Random& random) { return {any24(random), any<std::uint64_t>(random)}; }
};
template <>
struct HeaderSample<CnpReserved> {
  static CnpReserved draw(Random&) { return {}; }
};
template <>
struct HeaderSample<EthernetHeader> {
  static EthernetHeader draw(Random& random) { return {samples::any_mac(random), samples::any_mac(random), any<std::uint16_t>(random)}; }
};
template <>
struct HeaderSample<VlanTag> {
  static VlanTag draw(Random& random) {
    return {.priority = static_cast<std::uint8_t>(random.below(8)),
            .drop_eligible = flip(random),
            .vlan = static_cast<std::uint16_t>(random.below(4096)),
            .type = any<std::uint16_t>(random)};
  }
};
template <>
struct HeaderSample<Ipv4Header> {
  static Ipv4Header draw(Random& random) { return samples::any_ipv4(random); }
};
template <>
struct HeaderSample<Ipv6Header> {
  static Ipv6Header draw(Random& random) { return samples::any_ipv6(random); }
};
template <>
struct HeaderSample<UdpHeader> {
  static UdpHeader draw(Random& random) {
    return {any<std::uint16_t>(random), any<std::uint16_t>(random), static_cast<std::uint16_t>(8 + random.below(65528)),
            any<std::uint16_t>(random)};
  }
};
template <>
struct HeaderSample<Pause> {
  static Pause draw(Random& random) { return {any<std::uint16_t>(random)}; }
};
template <>
struct HeaderSample<Pfc> {
  static Pfc draw(Random& random) { return samples::any_pfc(random); }
};

namespace {

using RoceHeaders = testing::Types<Bth, Reth, Aeth, ImmDt, AtomicEth, AtomicAckEth, SackEth, CnpReserved, EthernetHeader, VlanTag,
                                   Ipv4Header, Ipv6Header, UdpHeader, Pause, Pfc>;
INSTANTIATE_TYPED_TEST_SUITE_P(Roce, WireHeaders, RoceHeaders);

}  // namespace
}  // namespace weft::wire
