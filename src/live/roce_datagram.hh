// RoceDatagrams: one queue pair's packets to UDP datagrams and back, ICRC included, with its peer's address.
//
// Sending: DSCP by kind (congestion notification apart), ECT(0) on what the engine calls ECN-capable, Not-ECT on the rest.
// Receiving, in this order: a whole packet, the ICRC, the partition, our queue pair, its peer's address.
// Bound: IPv4 peers must send DF and identification 0, as Linux and weft do, for a UDP socket does not show these fields and
// the ICRC covers them; IPv6 has no such fields. Source: IBTA annex A17; wire/roce_packet.hh.
#pragma once

#include <cstdint>

#include "engine/engine.hh"
#include "live/address.hh"
#include "live/drop_counters.hh"
#include "live/udp_port.hh"
#include "wire/roce_packet.hh"

namespace weft::live {

struct TrafficClasses {
  std::uint8_t data_dscp = 26;
  std::uint8_t notification_dscp = 48;
};

class RoceDatagrams {
 public:
  using Segment = weft::Segment<wire::RoceHeader>;

  RoceDatagrams(const Address& own, const Address& peer, std::uint32_t own_qp, TrafficClasses classes)
      : own_(own),
        peer_(peer),
        own_qp_(own_qp),
        classes_(classes),
        to_peer_(peer, wire::roce_udp_port),
        ip_to_peer_(ip_header(own, peer)) {}

  // `payload` is a part of the datagram.
  Verdict decode(const Datagram& datagram, Segment& segment, wire::ByteView& payload, DropCounters& drops) const noexcept {
    const wire::RocePacket packet = judge(datagram);
    if (!packet.ok()) {
      ++drops.malformed[static_cast<std::size_t>(packet.refusal)];
      return Verdict::malformed;
    }
    if ((packet.header.pkey & 0x7fff) != 0x7fff) {
      ++drops.pkey;
      return Verdict::pkey;
    }
    if (packet.header.dest_qp != own_qp_) {
      ++drops.unknown_qp;
      return Verdict::unknown_qp;
    }
    if (datagram.source != peer_) {
      ++drops.wrong_peer;
      return Verdict::wrong_peer;
    }
    segment = Segment{};
    segment.header = packet.header;
    segment.payload.length = static_cast<std::uint32_t>(packet.payload.size());
    segment.ecn_ce = (datagram.traffic_class & 3) == static_cast<std::uint8_t>(wire::Ecn::ce);
    payload = packet.payload;
    return Verdict::accepted;
  }

  std::size_t encode(const Segment& segment, wire::ByteView payload, wire::ByteRoom out) const noexcept {
    return wire::encode_roce_packet(segment.header, payload, ip_to_peer_, {.source_port = wire::roce_udp_port}, out);
  }

  [[nodiscard]] std::uint8_t traffic_class(const Segment& segment) const noexcept {
    const std::uint8_t dscp = segment.header.opcode == wire::RoceOpcode::cnp ? classes_.notification_dscp : classes_.data_dscp;
    const wire::Ecn ecn = segment.ecn_capable ? wire::Ecn::ect0 : wire::Ecn::not_ect;
    return static_cast<std::uint8_t>(dscp << 2 | static_cast<std::uint8_t>(ecn));
  }
  [[nodiscard]] const SocketAddress& peer() const noexcept { return to_peer_; }

 private:
  [[nodiscard]] wire::RocePacket judge(const Datagram& datagram) const noexcept {
    if (datagram.truncated) return {.refusal = wire::RoceRefusal::too_long};
    if (datagram.source.v6 != own_.v6) return {.refusal = wire::RoceRefusal::icrc};
    return wire::decode_roce_packet(datagram.bytes, ip_header(datagram.source, own_), {.source_port = datagram.source_port});
  }

  Address own_, peer_;
  std::uint32_t own_qp_;
  TrafficClasses classes_;
  SocketAddress to_peer_;
  wire::IpHeader ip_to_peer_;
};

}  // namespace weft::live
