#include "wire/mac_control.hh"

namespace weft::wire {
namespace {

ParsedMacControl refused(MacControlRefusal reason) { return ParsedMacControl{.refusal = reason}; }

}  // namespace

void Pause::encode(Writer& out) const {
  out.be(opcode);
  out.be(quanta);
}

std::optional<Pause> Pause::decode(Reader& in) {
  const bool is_pause = in.be<std::uint16_t>() == opcode;
  const Pause h{in.be<std::uint16_t>()};
  if (!in.ok() || !is_pause) return std::nullopt;
  return h;
}

void Pfc::encode(Writer& out) const {
  out.be(opcode);
  out.be(std::uint16_t{class_enable});
  for (const std::uint16_t time : quanta) out.be(time);
}

std::optional<Pfc> Pfc::decode(Reader& in) {
  const bool is_pfc = in.be<std::uint16_t>() == opcode;
  Pfc h;
  h.class_enable = static_cast<std::uint8_t>(in.be<std::uint16_t>());
  for (std::uint16_t& time : h.quanta) time = in.be<std::uint16_t>();
  if (!in.ok() || !is_pfc) return std::nullopt;
  return h;
}

std::size_t build_mac_control_frame(const MacAddress& source, const MacControl& control, Fcs fcs, ByteRoom out) {
  Writer frame(out);
  EthernetHeader{mac_control_address, source, ether_type::mac_control}.encode(frame);
  if (const auto* pause = std::get_if<Pause>(&control)) {
    pause->encode(frame);
  } else {
    std::get_if<Pfc>(&control)->encode(frame);
  }
  finish_frame(frame, fcs);
  return frame.ok() ? frame.size() : 0;
}

ParsedMacControl parse_mac_control_frame(ByteView frame, Fcs fcs) {
  if (frame.size() < least_frame_without_fcs + (fcs == Fcs::present ? fcs_size : 0)) return refused(MacControlRefusal::truncated);
  const auto body = without_fcs(frame, fcs);
  if (!body) return refused(MacControlRefusal::fcs);
  Reader in(*body);
  const auto ethernet = EthernetHeader::decode(in);
  if (!ethernet || ethernet->type != ether_type::mac_control) return refused(MacControlRefusal::not_mac_control);
  if (ethernet->destination != mac_control_address) return refused(MacControlRefusal::destination);
  ParsedMacControl result{.source = ethernet->source};
  Reader for_pause = in;
  if (const auto pfc = Pfc::decode(in)) {
    result.control = *pfc;
  } else if (const auto pause = Pause::decode(for_pause)) {
    result.control = *pause;
  } else {
    return refused(MacControlRefusal::unknown_opcode);
  }
  return result;
}

std::string_view name_of(MacControlRefusal refusal) {
  switch (refusal) {
    case MacControlRefusal::none: return "none";
    case MacControlRefusal::truncated: return "truncated";
    case MacControlRefusal::fcs: return "fcs";
    case MacControlRefusal::not_mac_control: return "not_mac_control";
    case MacControlRefusal::destination: return "destination";
    case MacControlRefusal::unknown_opcode: return "unknown_opcode";
  }
  return "unknown";
}

}  // namespace weft::wire
