// Writes a pcapng capture, block by block, into a sink that the caller gives: any callable that takes the next bytes.
//
//   Section Header Block             Interface Description Block         Enhanced Packet Block
//   +----------------------------+   +----------------------------+      +----------------------------+
//   | 0x0A0D0D0A                 |   | 1                          |      | 6                          |
//   | block length               |   | block length               |      | block length               |
//   | 0x1A2B3C4D                 |   | link type 1 | reserved     |      | interface                  |
//   | version 1.0                |   | snap length                |      | timestamp, high 32 bits    |
//   | section length -1 (64 bit) |   | name, resolution, FCS size |      | timestamp, low 32 bits     |
//   | block length               |   | block length               |      | captured, original length  |
//   +----------------------------+   +----------------------------+      | bytes, padded to 4         |
//                                                                        | block length               |
//                                                                        +----------------------------+
//
// Units: timestamps count 10^-resolution seconds since the file's epoch: 9, nanoseconds, is what Wireshark keeps and shows. With 12
// (picoseconds) its readers, tshark 4.0.17 among them, multiply by 10^9 beyond 64 bits, and time runs backwards every 18.4 ms.
// Snap length in bytes, 0 for all.
// Errors: none here; a sink whose file is full tells its owner. Nothing is allocated.
// Source: draft-ietf-opsawg-pcapng, sections 4.1 to 4.3; little-endian as we write it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/fcs.hh"

namespace weft::wire {

template <class S>
concept ByteSink = requires(S& sink, ByteView bytes) {
  sink(bytes);
};

namespace pcapng {
inline constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1, enhanced_packet = 6;
inline constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
inline constexpr std::uint16_t option_end = 0, option_name = 2, option_resolution = 9, option_fcs_length = 13;
inline constexpr std::uint16_t link_type_ethernet = 1;
constexpr std::size_t padding(std::size_t length) { return (4 - length % 4) % 4; }
}  // namespace pcapng

struct PcapngInterface {
  std::string_view name{};  // the first 80 bytes of it are kept
  std::uint8_t resolution = 9;
  std::uint32_t snap_length = 0;
  Fcs fcs = Fcs::absent;  // whether frames given to packet() end with one
};

// What add_interface() gives for packet(): the number in the file, counted from 0, and how much of a frame is kept.
struct PcapngInterfaceId {
  std::uint32_t number = 0;
  std::uint32_t snap_length = 0;
};

template <ByteSink Sink>
class PcapngWriter {
 public:
  // Writes the section header at once.
  explicit PcapngWriter(Sink sink) : sink_(std::move(sink)) {
    std::array<std::byte, 28> block;
    Writer out(block);
    out.le(pcapng::section_header);
    out.le(std::uint32_t{block.size()});
    out.le(pcapng::byte_order_magic);
    out.le(std::uint16_t{1});
    out.le(std::uint16_t{0});
    out.le(~std::uint64_t{0});
    out.le(std::uint32_t{block.size()});
    sink_(ByteView(block));
  }

  // The simulator makes one interface of each captured link direction.
  PcapngInterfaceId add_interface(const PcapngInterface& interface) {
    std::array<std::byte, 128> block;
    Writer out(block);
    out.le(pcapng::interface_description);
    const ByteRoom length = out.take(4);
    out.le(pcapng::link_type_ethernet);
    out.le(std::uint16_t{0});
    out.le(interface.snap_length);
    const std::string_view name = interface.name.substr(0, 80);
    if (!name.empty()) option(out, pcapng::option_name, std::as_bytes(std::span(name)));
    const std::byte resolution{interface.resolution};
    option(out, pcapng::option_resolution, {&resolution, 1});
    const std::byte fcs_length{fcs_size};
    if (interface.fcs == Fcs::present) option(out, pcapng::option_fcs_length, {&fcs_length, 1});
    option(out, pcapng::option_end, {});
    const auto total = static_cast<std::uint32_t>(out.size() + 4);
    out.le(total);
    Writer(length).le(total);
    CHECK(out.ok(), "interface name", name.size());
    sink_(out.written());
    return {interfaces_++, interface.snap_length};
  }

  // `original_length` 0 means that `frame` is all there was; more when the caller has cut it already.
  void packet(PcapngInterfaceId interface, std::uint64_t timestamp, ByteView frame, std::size_t original_length = 0) {
    CHECK(interface.number < interfaces_, "interface", interface.number);
    const std::size_t snap = interface.snap_length == 0 ? frame.size() : interface.snap_length;
    const ByteView captured = frame.first(std::min(snap, frame.size()));
    const std::size_t padding = pcapng::padding(captured.size());
    const auto total = static_cast<std::uint32_t>(32 + captured.size() + padding);
    std::array<std::byte, 28> head;
    Writer out(head);
    out.le(pcapng::enhanced_packet);
    out.le(total);
    out.le(interface.number);
    out.le(static_cast<std::uint32_t>(timestamp >> 32));
    out.le(static_cast<std::uint32_t>(timestamp));
    out.le(static_cast<std::uint32_t>(captured.size()));
    out.le(static_cast<std::uint32_t>(std::max(original_length, frame.size())));
    sink_(ByteView(head));
    sink_(captured);
    std::array<std::byte, 7> tail{};
    Writer end(tail);
    end.zeros(padding);
    end.le(total);
    sink_(end.written());
  }

 private:
  static void option(Writer& out, std::uint16_t code, ByteView value) {
    out.le(code);
    out.le(static_cast<std::uint16_t>(value.size()));
    out.bytes(value);
    out.zeros(pcapng::padding(value.size()));
  }

  Sink sink_;
  std::uint32_t interfaces_ = 0;
};

}  // namespace weft::wire
