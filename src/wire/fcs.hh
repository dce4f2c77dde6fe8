// How an Ethernet frame ends: padding up to the least size, then the frame check sequence.
//
//   | header | data | pad to 60 bytes | FCS (4) |        so at least 64 bytes with the FCS
//
// Units: bytes. The FCS is a CRC-32 (crc32.hh) over all before it, sent least significant byte first. Captures and sockets
// often leave it out, so every builder and parser of frames is told whether it is there. Source: IEEE 802.3, 3.2.7 to 3.2.9.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/crc32.hh"
#include "wire/cursor.hh"

namespace weft::wire {

enum class Fcs : std::uint8_t { absent, present };

inline constexpr std::size_t fcs_size = 4;
inline constexpr std::size_t least_frame_without_fcs = 60;

// Ends the frame that `out` holds from its first byte on.
inline void finish_frame(Writer& out, Fcs fcs) {
  if (out.size() < least_frame_without_fcs) out.zeros(least_frame_without_fcs - out.size());
  if (fcs == Fcs::absent || !out.ok()) return;
  out.le(Crc32().add(out.written()).value());
}

// The frame without its FCS; nothing when the FCS is wrong or there is no room for one.
inline std::optional<ByteView> without_fcs(ByteView frame, Fcs fcs) {
  if (fcs == Fcs::absent) return frame;
  if (frame.size() < fcs_size) return std::nullopt;
  const ByteView covered = frame.first(frame.size() - fcs_size);
  Reader trailer(frame.last(fcs_size));
  if (trailer.le<std::uint32_t>() != Crc32().add(covered).value()) return std::nullopt;
  return covered;
}

}  // namespace weft::wire
