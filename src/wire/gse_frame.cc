#include "wire/gse_frame.hh"

#include "base/check.hh"

namespace weft::wire {
namespace {

ParsedGseFrame refused(GseRefusal reason) { return ParsedGseFrame{.refusal = reason}; }

// Why a header of enough bytes was not decoded.
GseRefusal header_refusal(ByteView bytes) {
  const unsigned version = std::to_integer<unsigned>(bytes.front()) >> 4;
  return version == GseHeader::version ? GseRefusal::unknown_type : GseRefusal::version;
}

}  // namespace

std::size_t wrap_gse_frame(ByteView frame, GseData data, Fcs fcs, ByteRoom out) {
  Reader in(frame);
  const auto ethernet = EthernetHeader::decode(in);
  CHECK(ethernet.has_value() && frame.size() <= frame_limit, "size", frame.size());
  data.inner_type = ethernet->type;
  Writer writer(out);
  EthernetHeader{ethernet->destination, ethernet->source, ether_type::gse}.encode(writer);
  gse_header(data).encode(writer);
  writer.bytes(in.rest());
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

std::size_t build_gse_message(const MacAddress& destination, const MacAddress& source, const GseHeader& message, Fcs fcs, ByteRoom out) {
  CHECK(message.type != GseType::data && gse_event_known(message), "type", static_cast<int>(message.type), "offset", message.offset);
  Writer writer(out);
  EthernetHeader{destination, source, ether_type::gse}.encode(writer);
  message.encode(writer);
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

ParsedGseFrame parse_gse_frame(ByteView bytes, Fcs fcs) {
  if (bytes.size() < least_frame_without_fcs + (fcs == Fcs::present ? fcs_size : 0)) return refused(GseRefusal::truncated);
  const auto body = without_fcs(bytes, fcs);
  if (!body) return refused(GseRefusal::fcs);
  Reader in(*body);
  const auto ethernet = EthernetHeader::decode(in);
  if (!ethernet || ethernet->type != ether_type::gse) return refused(GseRefusal::not_gse);
  const ByteView header_bytes = in.rest();
  const auto header = GseHeader::decode(in);
  if (!header) return refused(header_refusal(header_bytes));
  if (!gse_event_known(*header)) return refused(GseRefusal::unknown_event);
  return {.destination = ethernet->destination, .source = ethernet->source, .header = *header, .rest = in.rest()};
}

std::size_t unwrap_gse_frame(const ParsedGseFrame& parsed, Fcs fcs, ByteRoom out) {
  CHECK(parsed.ok() && parsed.header.type == GseType::data, "refusal", name_of(parsed.refusal));
  Writer writer(out);
  EthernetHeader{parsed.destination, parsed.source, parsed.header.aux}.encode(writer);
  writer.bytes(parsed.rest);
  finish_frame(writer, fcs);
  return writer.ok() ? writer.size() : 0;
}

std::string_view name_of(GseRefusal refusal) {
  switch (refusal) {
    case GseRefusal::none: return "none";
    case GseRefusal::truncated: return "truncated";
    case GseRefusal::fcs: return "fcs";
    case GseRefusal::not_gse: return "not_gse";
    case GseRefusal::version: return "version";
    case GseRefusal::unknown_type: return "unknown_type";
    case GseRefusal::unknown_event: return "unknown_event";
  }
  return "unknown";
}

}  // namespace weft::wire
