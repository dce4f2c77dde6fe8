#include "wire/uet_frame.hh"

#include <algorithm>
#include <array>

#include "base/check.hh"
#include "wire/crc32c.hh"

namespace weft::wire {
namespace {

constexpr std::size_t header_limit = PdsAckCcx::size + SesStandard::size;

ParsedUetFrame refused(FrameRefusal reason) { return ParsedUetFrame{.refusal = reason}; }
ParsedUetFrame refused(UetRefusal reason) { return ParsedUetFrame{.refusal = FrameRefusal::uet, .uet = reason}; }

// Version 4 has its source address at byte 12, version 6 at byte 8.
ByteView from_source_address(ByteView ip_bytes) { return ip_bytes.subspan(ip_bytes.size() == Ipv4Header::size ? 12 : 8); }

std::size_t crc_bytes(EndCrc crc) { return crc == EndCrc::present ? end_crc_size : 0; }

// `frame_bytes` hold the frame up to the end of its payload.
std::uint32_t crc_behind(const UetFrame& frame, ByteView frame_bytes) {
  const std::size_t ip_at = EthernetHeader::size + (frame.vlan ? VlanTag::size : 0);
  const std::size_t udp_at = ip_at + ip_header_size(frame.ip);
  const ByteView ip_bytes = frame_bytes.subspan(ip_at, ip_header_size(frame.ip));
  return end_crc_of(ip_bytes, frame_bytes.subspan(udp_at, UdpHeader::size), frame_bytes.subspan(udp_at + UdpHeader::size));
}

std::size_t build(const UetFrame& frame, Fcs fcs, EndCrc crc, const UetCut& cut, ByteRoom out) {
  std::array<std::byte, header_limit> head;
  const std::size_t head_size = encode_uet_header(frame.uet, frame.payload.size(), head);
  const std::size_t sent = head_size + frame.payload.size() + crc_bytes(crc);
  const std::size_t carried = std::min(sent, cut.to);
  OuterFrame outer = frame;
  outer.udp.destination_port = uet_udp_port;
  if (carried < sent) set_ip_dscp(outer.ip, trimmed_dscp(ip_dscp(outer.ip), cut.trim));
  Writer writer(out);
  begin_frame(outer, carried, sent, writer);
  const std::size_t of_head = std::min(carried, head_size);
  const std::size_t of_payload = std::min(carried - of_head, frame.payload.size());
  writer.bytes(ByteView(head).first(of_head));
  writer.bytes(frame.payload.first(of_payload));
  if (carried > of_head + of_payload && writer.ok()) {
    std::array<std::byte, end_crc_size> trailer;
    Writer(trailer).le(crc_behind(frame, writer.written()));
    writer.bytes(ByteView(trailer).first(carried - of_head - of_payload));
  }
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

}  // namespace

std::uint32_t end_crc_of(ByteView ip_bytes, ByteView udp_bytes, ByteView packet) {
  return Crc32c().add(from_source_address(ip_bytes)).add(udp_bytes).add(packet).value();
}

std::size_t build_uet_frame(const UetFrame& frame, Fcs fcs, EndCrc crc, ByteRoom out) {
  return build(frame, fcs, crc, {.to = datagram_limit, .trim = Trim::none}, out);
}

std::size_t build_trimmed_uet_frame(const UetFrame& frame, Fcs fcs, EndCrc crc, const UetCut& cut, ByteRoom out) {
  CHECK(cut.to >= uet_trim_least && cut.trim != Trim::none, "trimmed_to", cut.to, "trim", static_cast<int>(cut.trim));
  return build(frame, fcs, crc, {.to = cut.to - UdpHeader::size, .trim = cut.trim}, out);
}

ParsedUetFrame parse_uet_frame(ByteView bytes, Fcs fcs, EndCrc crc) {
  const ParsedOuter parsed = parse_outer(bytes, fcs);
  if (!parsed.ok()) return refused(parsed.refusal);
  if (parsed.outer.udp.destination_port != uet_udp_port) return refused(FrameRefusal::not_uet);
  const std::size_t trailer = crc_bytes(crc);
  if (parsed.sent < trailer) return refused(UetRefusal::truncated);
  const std::size_t sent = parsed.sent - trailer;
  const ByteView packet = parsed.datagram.first(std::min(parsed.datagram.size(), sent));
  const UetPacket uet = decode_uet_packet(packet, sent);
  if (!uet.ok()) return refused(uet.refusal);
  const bool trimmed = parsed.datagram.size() < parsed.sent;
  if (crc == EndCrc::present && !trimmed) {
    Reader in(parsed.datagram.last(end_crc_size));
    if (in.le<std::uint32_t>() != end_crc_of(parsed.ip_bytes, parsed.udp_bytes, packet)) return refused(FrameRefusal::end_crc);
  }
  ParsedUetFrame result{.extent = uet.extent, .payload_sent = uet.payload_sent};
  if (trimmed) result.trim = trim_of_dscp(ip_dscp(parsed.outer.ip));
  if (trimmed && uet.extent == UetExtent::whole) result.extent = UetExtent::payload_cut;  // only the CRC was cut
  static_cast<OuterFrame&>(result.frame) = parsed.outer;
  result.frame.uet = uet.header;
  result.frame.payload = uet.payload;
  return result;
}

std::string_view name_of(const ParsedUetFrame& parsed) {
  return parsed.refusal == FrameRefusal::uet ? name_of(parsed.uet) : name_of(parsed.refusal);
}

}  // namespace weft::wire
