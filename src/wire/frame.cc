#include "wire/frame.hh"

namespace weft::wire {
namespace {

ParsedFrame refused(FrameRefusal reason) { return ParsedFrame{.refusal = reason}; }
ParsedFrame refused(RoceRefusal reason) { return ParsedFrame{.refusal = FrameRefusal::roce, .roce = reason}; }

}  // namespace

std::size_t build_frame(const RoceFrame& frame, Fcs fcs, ByteRoom out) {
  const std::size_t packet_size = roce_packet_size(frame.roce.opcode, frame.payload.size());
  Writer writer(out);
  begin_frame(frame, packet_size, packet_size, writer);
  const ByteRoom packet = writer.take(packet_size);
  if (packet.empty()) return 0;
  encode_roce_packet(frame.roce, frame.payload, frame.ip, frame.udp, packet);
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

ParsedFrame parse_frame(ByteView bytes, Fcs fcs) {
  const ParsedOuter parsed = parse_outer(bytes, fcs);
  if (!parsed.ok()) return refused(parsed.refusal);
  const ByteView packet = parsed.datagram;
  if (parsed.sent != packet.size()) return refused(FrameRefusal::udp_length);
  if (parsed.outer.udp.destination_port != roce_udp_port) return refused(FrameRefusal::not_roce);
  const RocePacket roce = decode_roce_packet(packet);
  if (!roce.ok()) return refused(roce.refusal);
  Reader trailer(packet.last(icrc_size));
  const auto covered = packet.first(packet.size() - icrc_size);
  if (trailer.le<std::uint32_t>() != icrc_of_bytes(parsed.ip_bytes, parsed.udp_bytes, covered)) return refused(RoceRefusal::icrc);
  ParsedFrame result;
  static_cast<OuterFrame&>(result.frame) = parsed.outer;
  result.frame.roce = roce.header;
  result.frame.payload = roce.payload;
  return result;
}

std::string_view name_of(const ParsedFrame& parsed) {
  return parsed.refusal == FrameRefusal::roce ? name_of(parsed.roce) : name_of(parsed.refusal);
}

}  // namespace weft::wire
