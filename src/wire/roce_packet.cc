#include "wire/roce_packet.hh"

#include <cstring>

#include "base/check.hh"

namespace weft::wire {
namespace {

Bth bth_of(const RoceHeader& header, std::size_t payload_length) {
  Bth bth;
  bth.opcode = static_cast<std::uint8_t>(header.opcode);
  bth.solicited = header.solicited;
  bth.migration_request = header.opcode != RoceOpcode::cnp;
  bth.pad_count = static_cast<std::uint8_t>(roce_pad(payload_length));
  bth.pkey = header.pkey;
  bth.fecn = header.fecn;
  bth.becn = header.becn;
  bth.dest_qp = header.dest_qp;
  bth.ack_request = header.ack_request;
  bth.psn = header.psn;
  return bth;
}

RoceHeader header_of(const Bth& bth) {
  RoceHeader header;
  header.opcode = static_cast<RoceOpcode>(bth.opcode);
  header.solicited = bth.solicited;
  header.ack_request = bth.ack_request;
  header.fecn = bth.fecn;
  header.becn = bth.becn;
  header.pkey = bth.pkey;
  header.dest_qp = bth.dest_qp;
  header.psn = bth.psn;
  return header;
}

void encode_extensions(const RoceLayout& layout, const RoceHeader& header, Writer& out) {
  if (layout.reth) Reth{header.address, header.rkey, header.dma_length}.encode(out);
  if (layout.atomic) AtomicEth{header.address, header.rkey, header.swap_add, header.compare}.encode(out);
  if (layout.aeth) Aeth{header.syndrome, header.msn}.encode(out);
  if (layout.atomic_ack) AtomicAckEth{header.swap_add}.encode(out);
  if (layout.sack) SackEth{header.immediate, header.swap_add}.encode(out);
  if (layout.immediate) ImmDt{header.immediate}.encode(out);
  if (layout.cnp) CnpReserved{}.encode(out);
}

void take_reth(const Reth& reth, RoceHeader& header) {
  header.address = reth.address;
  header.rkey = reth.rkey;
  header.dma_length = reth.dma_length;
}

void take_atomic(const AtomicEth& atomic, RoceHeader& header) {
  header.address = atomic.address;
  header.rkey = atomic.rkey;
  header.swap_add = atomic.swap_add;
  header.compare = atomic.compare;
}

// The caller has made sure that the bytes suffice, and no extension refuses a value: only lengths could fail here.
void decode_extensions(const RoceLayout& layout, Reader& in, RoceHeader& header) {
  if (layout.reth) take_reth(Reth::decode(in).value_or(Reth{}), header);
  if (layout.atomic) take_atomic(AtomicEth::decode(in).value_or(AtomicEth{}), header);
  if (layout.aeth) {
    const Aeth aeth = Aeth::decode(in).value_or(Aeth{});
    header.syndrome = aeth.syndrome;
    header.msn = aeth.msn;
  }
  if (layout.atomic_ack) header.swap_add = AtomicAckEth::decode(in).value_or(AtomicAckEth{}).original;
  if (layout.sack) {
    const SackEth sack = SackEth::decode(in).value_or(SackEth{});
    header.immediate = sack.trigger_psn;
    header.swap_add = sack.bitmap;
  }
  if (layout.immediate) header.immediate = ImmDt::decode(in).value_or(ImmDt{}).immediate;
  if (layout.cnp) in.bytes(CnpReserved::size);
}

RoceRefusal judge_body(const RoceLayout& layout, std::size_t body, std::size_t pad) {
  if (pad > body || (pad != 0 && !layout.payload)) return RoceRefusal::pad;
  if (body != 0 && !layout.payload) return RoceRefusal::unexpected_payload;
  if (body - pad > roce_payload_limit) return RoceRefusal::too_long;
  return RoceRefusal::none;
}

RocePacket refused(RoceRefusal reason) { return RocePacket{.refusal = reason}; }

}  // namespace

std::size_t encode_roce_header(const RoceHeader& header, std::size_t payload_length, ByteRoom out) {
  const auto layout = roce_layout(header.opcode);
  CHECK(layout.has_value(), "opcode", int{static_cast<std::uint8_t>(header.opcode)});
  CHECK(payload_length <= (layout->payload ? roce_payload_limit : 0), "opcode", layout->name, "payload", payload_length);
  Writer writer(out);
  bth_of(header, payload_length).encode(writer);
  encode_extensions(*layout, header, writer);
  return writer.ok() ? writer.size() : 0;
}

void seal_roce_packet(const IpHeader& ip, const UdpHeader& udp, std::size_t payload_length, ByteRoom packet) {
  const std::size_t pad = roce_pad(payload_length);
  CHECK(packet.size() >= Bth::size + payload_length + pad + icrc_size, "packet", packet.size(), "payload", payload_length);
  const ByteRoom covered = packet.first(packet.size() - icrc_size);
  if (pad != 0) std::memset(covered.last(pad).data(), 0, pad);
  Writer trailer(packet.last(icrc_size));
  trailer.le(icrc_of(ip, udp, covered));
}

std::size_t encode_roce_packet(const RoceHeader& header, ByteView payload, const IpHeader& ip, const UdpHeader& udp, ByteRoom out) {
  const std::size_t head = encode_roce_header(header, payload.size(), out);
  const std::size_t total = head + payload.size() + roce_pad(payload.size()) + icrc_size;
  if (head == 0 || total > out.size()) return 0;
  if (!payload.empty()) std::memcpy(out.data() + head, payload.data(), payload.size());
  seal_roce_packet(ip, udp, payload.size(), out.first(total));
  return total;
}

RocePacket decode_roce_packet(ByteView packet) {
  if (packet.size() < Bth::size + icrc_size) return refused(RoceRefusal::truncated);
  if (packet.size() % 4 != 0) return refused(RoceRefusal::unaligned);
  Reader in(packet.first(packet.size() - icrc_size));
  const auto bth = Bth::decode(in);
  if (!bth) return refused(RoceRefusal::transport_version);
  RocePacket result;
  result.header = header_of(*bth);
  const auto layout = roce_layout(result.header.opcode);
  if (!layout) return refused(RoceRefusal::unknown_opcode);
  if (in.rest().size() < layout->extension_size()) return refused(RoceRefusal::truncated);
  decode_extensions(*layout, in, result.header);
  const RoceRefusal verdict = judge_body(*layout, in.rest().size(), bth->pad_count);
  if (verdict != RoceRefusal::none) return refused(verdict);
  result.pad = bth->pad_count;
  result.payload = in.rest().first(in.rest().size() - result.pad);
  return result;
}

RocePacket decode_roce_packet(ByteView packet, const IpHeader& ip, const UdpHeader& udp) {
  const RocePacket result = decode_roce_packet(packet);
  if (result.ok() && !icrc_matches(ip, udp, packet)) return refused(RoceRefusal::icrc);
  return result;
}

std::string_view name_of(RoceRefusal refusal) {
  switch (refusal) {
    case RoceRefusal::none: return "none";
    case RoceRefusal::truncated: return "truncated";
    case RoceRefusal::unaligned: return "unaligned";
    case RoceRefusal::transport_version: return "transport_version";
    case RoceRefusal::unknown_opcode: return "unknown_opcode";
    case RoceRefusal::pad: return "pad";
    case RoceRefusal::unexpected_payload: return "unexpected_payload";
    case RoceRefusal::too_long: return "too_long";
    case RoceRefusal::icrc: return "icrc";
  }
  return "unknown";
}

}  // namespace weft::wire
