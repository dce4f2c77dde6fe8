#include "wire/frame.hh"

#include <array>

#include "base/check.hh"

namespace weft::wire {
namespace {

constexpr std::array<std::byte, roce_payload_limit> zeros{};

ParsedFrame refused(FrameRefusal reason) { return ParsedFrame{.refusal = reason}; }

void encode_ethernet(const RoceFrame& frame, Writer& out) {
  const std::uint16_t type = std::holds_alternative<Ipv4Header>(frame.ip) ? ether_type::ipv4 : ether_type::ipv6;
  EthernetHeader{frame.destination, frame.source, frame.vlan ? ether_type::vlan : type}.encode(out);
  if (!frame.vlan) return;
  VlanTag tag = *frame.vlan;
  tag.type = type;
  tag.encode(out);
}

FrameRefusal refusal_of(Ipv4Problem problem) {
  switch (problem) {
    case Ipv4Problem::none: return FrameRefusal::none;
    case Ipv4Problem::truncated: return FrameRefusal::truncated;
    case Ipv4Problem::version: return FrameRefusal::ip_version;
    case Ipv4Problem::options: return FrameRefusal::ip_options;
    case Ipv4Problem::checksum: return FrameRefusal::ip_checksum;
  }
  return FrameRefusal::ip_version;
}

// Ethernet and the tag; returns the EtherType of what follows, or nothing when the frame ends first.
std::optional<std::uint16_t> parse_ethernet(Reader& in, RoceFrame& frame) {
  const auto ethernet = EthernetHeader::decode(in);
  if (!ethernet) return std::nullopt;
  frame.destination = ethernet->destination;
  frame.source = ethernet->source;
  if (ethernet->type != ether_type::vlan) return ethernet->type;
  frame.vlan = VlanTag::decode(in);
  if (!frame.vlan) return std::nullopt;
  return frame.vlan->type;
}

FrameRefusal parse_ipv4(Reader& in, IpHeader& ip) {
  const FrameRefusal problem = refusal_of(ipv4_problem(in.rest()));
  if (problem != FrameRefusal::none) return problem;
  const Ipv4Header header = Ipv4Header::decode(in).value_or(Ipv4Header{});
  ip = header;
  if (header.more_fragments || header.fragment_offset != 0) return FrameRefusal::fragment;
  return header.protocol == ip_protocol_udp ? FrameRefusal::none : FrameRefusal::not_udp;
}

FrameRefusal parse_ipv6(Reader& in, IpHeader& ip) {
  const auto header = Ipv6Header::decode(in);
  if (!header) return in.ok() ? FrameRefusal::ip_version : FrameRefusal::truncated;
  ip = *header;
  return header->next_header == ip_protocol_udp ? FrameRefusal::none : FrameRefusal::not_udp;
}

FrameRefusal parse_ip(std::uint16_t type, Reader& in, IpHeader& ip) {
  if (type == ether_type::ipv4) return parse_ipv4(in, ip);
  if (type == ether_type::ipv6) return parse_ipv6(in, ip);
  return FrameRefusal::not_ip;
}

// UDP and RoCE. `ip_bytes` are the IP header as received, `datagram` all that follows it in the frame, padding included.
ParsedFrame parse_datagram(ByteView ip_bytes, ByteView datagram, ParsedFrame result) {
  const std::size_t length = ip_payload_length(result.frame.ip);
  if (length < UdpHeader::size || length > datagram.size()) return refused(FrameRefusal::ip_length);
  const ByteView udp_bytes = datagram.first(UdpHeader::size);
  const ByteView packet = datagram.first(length).subspan(UdpHeader::size);
  Reader in(udp_bytes);
  const auto udp = UdpHeader::decode(in);
  if (!udp || udp->length != length) return refused(FrameRefusal::udp_length);
  if (udp->destination_port != roce_udp_port) return refused(FrameRefusal::not_roce);
  result.frame.udp = *udp;

  const RocePacket roce = decode_roce_packet(packet);
  if (!roce.ok()) return ParsedFrame{.refusal = FrameRefusal::roce, .roce = roce.refusal};
  Reader trailer(packet.last(icrc_size));
  if (trailer.le<std::uint32_t>() != icrc_of_bytes(ip_bytes, udp_bytes, packet.first(packet.size() - icrc_size))) {
    return ParsedFrame{.refusal = FrameRefusal::roce, .roce = RoceRefusal::icrc};
  }
  result.frame.roce = roce.header;
  result.frame.payload = roce.payload;
  return result;
}

}  // namespace

ByteView zero_payload(std::size_t length) {
  CHECK(length <= zeros.size(), "length", length);
  return ByteView(zeros).first(length);
}

std::size_t build_frame(const RoceFrame& frame, Fcs fcs, ByteRoom out) {
  const std::size_t packet_size = roce_packet_size(frame.roce.opcode, frame.payload.size());
  Writer writer(out);
  encode_ethernet(frame, writer);
  UdpHeader udp = frame.udp;
  udp.length = static_cast<std::uint16_t>(UdpHeader::size + packet_size);
  encode_ip(around_udp(frame.ip, udp.length), writer);
  udp.encode(writer);
  const ByteRoom packet = writer.take(packet_size);
  if (packet.empty()) return 0;
  encode_roce_packet(frame.roce, frame.payload, frame.ip, udp, packet);
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

ParsedFrame parse_frame(ByteView bytes, Fcs fcs) {
  if (fcs == Fcs::present && bytes.size() < EthernetHeader::size + fcs_size) return refused(FrameRefusal::truncated);
  const auto body = without_fcs(bytes, fcs);
  if (!body) return refused(FrameRefusal::fcs);
  Reader in(*body);
  ParsedFrame result;
  const auto type = parse_ethernet(in, result.frame);
  if (!type) return refused(FrameRefusal::truncated);
  const ByteView from_ip = in.rest();
  const FrameRefusal problem = parse_ip(*type, in, result.frame.ip);
  if (problem != FrameRefusal::none) return refused(problem);
  return parse_datagram(from_ip.first(ip_header_size(result.frame.ip)), in.rest(), result);
}

std::string_view name_of(const ParsedFrame& parsed) {
  switch (parsed.refusal) {
    case FrameRefusal::none: return "none";
    case FrameRefusal::truncated: return "truncated";
    case FrameRefusal::fcs: return "fcs";
    case FrameRefusal::not_ip: return "not_ip";
    case FrameRefusal::ip_version: return "ip_version";
    case FrameRefusal::ip_options: return "ip_options";
    case FrameRefusal::ip_checksum: return "ip_checksum";
    case FrameRefusal::ip_length: return "ip_length";
    case FrameRefusal::fragment: return "fragment";
    case FrameRefusal::not_udp: return "not_udp";
    case FrameRefusal::not_roce: return "not_roce";
    case FrameRefusal::udp_length: return "udp_length";
    case FrameRefusal::roce: return name_of(parsed.roce);
  }
  return "unknown";
}

}  // namespace weft::wire
