#include "wire/outer_frame.hh"

#include <array>

#include "base/check.hh"

namespace weft::wire {
namespace {

constexpr std::array<std::byte, 8192> zeros{};

ParsedOuter refused(FrameRefusal reason) { return ParsedOuter{.refusal = reason}; }

void encode_ethernet(const OuterFrame& frame, Writer& out) {
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
std::optional<std::uint16_t> parse_ethernet(Reader& in, OuterFrame& frame) {
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

// UDP. `behind_ip` is all that follows the IP header in the frame, padding included.
ParsedOuter parse_udp(ByteView behind_ip, ParsedOuter result) {
  const std::size_t length = ip_payload_length(result.outer.ip);
  if (length < UdpHeader::size || length > behind_ip.size()) return refused(FrameRefusal::ip_length);
  result.udp_bytes = behind_ip.first(UdpHeader::size);
  result.datagram = behind_ip.first(length).subspan(UdpHeader::size);
  Reader in(result.udp_bytes);
  const auto udp = UdpHeader::decode(in);
  if (!udp || udp->length < length) return refused(FrameRefusal::udp_length);
  result.outer.udp = *udp;
  result.sent = udp->length - UdpHeader::size;
  return result;
}

}  // namespace

ByteView zero_payload(std::size_t length) {
  CHECK(length <= zeros.size(), "length", length);
  return ByteView(zeros).first(length);
}

void begin_frame(const OuterFrame& outer, std::size_t carried, std::size_t sent, Writer& out) {
  CHECK(carried <= sent && sent <= datagram_limit, "carried", carried, "sent", sent);
  encode_ethernet(outer, out);
  encode_ip(around_udp(outer.ip, UdpHeader::size + carried), out);
  UdpHeader udp = outer.udp;
  udp.length = static_cast<std::uint16_t>(UdpHeader::size + sent);
  udp.encode(out);
}

ParsedOuter parse_outer(ByteView bytes, Fcs fcs) {
  if (fcs == Fcs::present && bytes.size() < EthernetHeader::size + fcs_size) return refused(FrameRefusal::truncated);
  const auto body = without_fcs(bytes, fcs);
  if (!body) return refused(FrameRefusal::fcs);
  Reader in(*body);
  ParsedOuter result;
  const auto type = parse_ethernet(in, result.outer);
  if (!type) return refused(FrameRefusal::truncated);
  const ByteView from_ip = in.rest();
  const FrameRefusal problem = parse_ip(*type, in, result.outer.ip);
  if (problem != FrameRefusal::none) return refused(problem);
  result.ip_bytes = from_ip.first(ip_header_size(result.outer.ip));
  return parse_udp(in.rest(), result);
}

std::string_view name_of(FrameRefusal refusal) {
  switch (refusal) {
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
    case FrameRefusal::not_uet: return "not_uet";
    case FrameRefusal::udp_length: return "udp_length";
    case FrameRefusal::roce: return "roce";
    case FrameRefusal::uet: return "uet";
    case FrameRefusal::end_crc: return "end_crc";
  }
  return "unknown";
}

}  // namespace weft::wire
