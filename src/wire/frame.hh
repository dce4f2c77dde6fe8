// A whole Ethernet frame around a RoCE packet: build it from values, parse it back.
//
//   | what outer_frame.hh puts around a datagram | BTH ... pad | ICRC 4 | pad to 60 | FCS 4, optional |
//
// Building fills in what follows from the rest: EtherTypes, IP and UDP lengths, protocol, checksums, ICRC. Parsing looks at
// every layer and names the first reason to refuse; the ICRC is checked over the bytes as they are, so bits that the header
// values do not hold are covered too. A parsed payload points into the given bytes.
//
// Units: bytes. Errors: build yields 0 when `out` is too small; parse never throws. Nothing is allocated.
// Source: the clauses in the headers used here; RoCEv2: IBTA annex A17.
#pragma once

#include <string_view>

#include "wire/cursor.hh"
#include "wire/outer_frame.hh"
#include "wire/roce_packet.hh"

namespace weft::wire {

static_assert(roce_packet_limit <= datagram_limit);

struct RoceFrame : OuterFrame {
  RoceHeader roce{};
  ByteView payload{};
};

// The number of bytes written, or 0 when `out` is too small; frame_limit always suffices.
std::size_t build_frame(const RoceFrame& frame, Fcs fcs, ByteRoom out);

struct ParsedFrame {
  FrameRefusal refusal = FrameRefusal::none;
  RoceRefusal roce = RoceRefusal::none;
  RoceFrame frame{};
  [[nodiscard]] bool ok() const { return refusal == FrameRefusal::none; }
};
ParsedFrame parse_frame(ByteView bytes, Fcs fcs);

// "roce: icrc" becomes "icrc": one word that tells all there is to tell.
std::string_view name_of(const ParsedFrame& parsed);

}  // namespace weft::wire
