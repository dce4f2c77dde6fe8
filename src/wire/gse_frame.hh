// Ethernet frames with a GSE header: a host's frame wrapped for its way through the fabric, and the fabric's own messages.
//
//   host's frame     | destination 6 | source 6 | EtherType 2 |                      rest | FCS 4 |
//   wrapped          | destination 6 | source 6 | 0x88b5      | GSE header 16 (aux = EtherType) | rest | FCS 4 |
//   message          | destination 6 | source 6 | 0x88b5      | GSE header 16 | zeros up to byte 60   | FCS 4 |
//
// Wrapping keeps addresses and everything behind the EtherType as they are (tags, padding, a RoCE packet's ICRC), so unmodified
// NICs at both ends neither see nor mind it; the FCS is worked out anew. A wrapped frame is 16 bytes longer.
//
// Units: bytes. Errors: builders yield 0 when `out` is too small; parse names the first reason to refuse and never throws.
// Nothing is allocated. Source: project profile.
#pragma once

#include <string_view>

#include "base/units.hh"
#include "wire/cursor.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"
#include "wire/gse_messages.hh"
#include "wire/outer_frame.hh"

namespace weft::wire {

inline constexpr Bytes gse_overhead{GseHeader::size};
inline constexpr std::size_t gse_frame_limit = frame_limit + GseHeader::size;

// With their FCS, before preamble and gap; `frame` is the host's, at least 64.
constexpr Bytes gse_frame_bytes(Bytes frame) { return frame + gse_overhead; }
inline constexpr Bytes gse_message_bytes{least_frame_without_fcs + fcs_size};

// `frame` is a host's, without its FCS; data.inner_type is taken from it. The number of bytes written, or 0.
std::size_t wrap_gse_frame(ByteView frame, GseData data, Fcs fcs, ByteRoom out);
// A request, grant or fault notice between two devices.
std::size_t build_gse_message(const MacAddress& destination, const MacAddress& source, const GseHeader& message, Fcs fcs, ByteRoom out);

enum class GseRefusal : std::uint8_t {
  none,
  truncated,  // ends before its header does, or shorter than any frame
  fcs,
  not_gse,  // another EtherType
  version,
  unknown_type,
  unknown_event,  // of a fault notice
};
std::string_view name_of(GseRefusal refusal);

struct ParsedGseFrame {
  GseRefusal refusal = GseRefusal::none;
  MacAddress destination{}, source{};
  GseHeader header{};
  ByteView rest{};  // behind the header, without the FCS
  [[nodiscard]] bool ok() const { return refusal == GseRefusal::none; }
};
ParsedGseFrame parse_gse_frame(ByteView bytes, Fcs fcs);

// The host's frame out of a parsed frame of type data; the number of bytes written, or 0.
std::size_t unwrap_gse_frame(const ParsedGseFrame& parsed, Fcs fcs, ByteRoom out);

}  // namespace weft::wire
