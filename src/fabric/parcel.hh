// Parcel: a packet that leaves a switch otherwise than it came, with another header around it: the record that came, and what of it
// is different now. Where a record or a parcel may stand, both have the same names.
//
// A parcel is written out once, where the packet will stay: to read back as a whole what was just written in parts would wait
// for the processor's store buffer, which took a tenth of the time of a scheduled fabric. It lives no longer than the record.
#pragma once

#include <cstdint>

#include "core/record.hh"

namespace weft {

struct Parcel {
  explicit Parcel(const Record& record)
      : came(record),
        dst(record.dst),
        hash(record.hash),
        flow(record.flow),
        wire_bytes(record.wire_bytes),
        in_port(record.in_port),
        slot(record.slot),
        bits(record.bits) {}

  [[nodiscard]] bool has(std::uint8_t flag) const { return (bits & flag) != 0; }
  [[nodiscard]] Record record() const;

  const Record& came;
  std::uint32_t dst, hash;
  const std::uint32_t flow;
  std::uint16_t wire_bytes, in_port;
  const std::uint8_t slot;
  std::uint8_t bits;
};

inline void write_out(const Record& packet, Record& place) { place = packet; }
inline void write_out(const Parcel& packet, Record& place) {
  place = packet.came;
  place.dst = packet.dst;
  place.hash = packet.hash;
  place.wire_bytes = packet.wire_bytes;
  place.in_port = packet.in_port;
  place.bits = packet.bits;
}

inline Record Parcel::record() const {
  Record record;
  write_out(*this, record);
  return record;
}

}  // namespace weft
