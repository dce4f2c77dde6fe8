// Reads a pcapng capture that is already in memory: the packets of its interfaces, in file order.
//
// Takes what pcapng.hh writes and what tshark and dumpcap write: both byte orders, several sections, unknown blocks skipped.
// Units: bytes; timestamps as the interface counts them (`resolution`: 9 for nanoseconds, 12 for picoseconds; 6 when the file
// does not say; with bit 7 set it is a power of two).
// Errors: sticky; after a malformed block next() yields nothing and ok() is false. Bound: 65536 interfaces a section.
// Source: draft-ietf-opsawg-pcapng, section 4.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "wire/cursor.hh"

namespace weft::wire {

struct PcapngPacket {
  std::uint32_t interface = 0;
  std::uint16_t link_type = 0;
  std::uint8_t resolution = 6;
  std::uint64_t timestamp = 0;
  std::uint32_t original_length = 0;
  ByteView captured{};
};

class PcapngReader {
 public:
  explicit PcapngReader(ByteView file) : rest_(file) {}
  // The next packet; nothing at the end of the file or after an error.
  std::optional<PcapngPacket> next();
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  struct Interface {
    std::uint16_t link_type = 0;
    std::uint8_t resolution = 6;
  };
  struct Block {
    std::uint32_t type = 0;
    ByteView body{};
  };

  std::optional<Block> next_block();
  void start_section(std::uint32_t magic);
  void add_interface(ByteView body);
  std::optional<PcapngPacket> packet(ByteView body);
  std::uint16_t u16(Reader& in) const { return swapped_ ? in.be<std::uint16_t>() : in.le<std::uint16_t>(); }
  std::uint32_t u32(Reader& in) const { return swapped_ ? in.be<std::uint32_t>() : in.le<std::uint32_t>(); }
  std::nullopt_t fail();

  ByteView rest_;
  bool ok_ = true;
  bool in_section_ = false;
  bool swapped_ = false;
  std::vector<Interface> interfaces_{};
};

}  // namespace weft::wire
