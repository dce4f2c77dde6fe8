#include "wire/pcapng_reader.hh"

#include "wire/pcapng.hh"

namespace weft::wire {
namespace {

constexpr std::size_t block_overhead = 12;  // type, length, length again
constexpr std::size_t interface_limit = 65536;

}  // namespace

std::nullopt_t PcapngReader::fail() {
  ok_ = false;
  rest_ = {};
  return std::nullopt;
}

// The byte order is known only from the magic behind the section header's length.
void PcapngReader::start_section(std::uint32_t magic) {
  in_section_ = magic == pcapng::byte_order_magic || magic == __builtin_bswap32(pcapng::byte_order_magic);
  swapped_ = magic != pcapng::byte_order_magic;
  interfaces_.clear();
}

std::optional<PcapngReader::Block> PcapngReader::next_block() {
  if (rest_.empty()) return std::nullopt;
  Reader head(rest_);
  const auto raw_type = head.le<std::uint32_t>();
  const auto raw_length = head.le<std::uint32_t>();
  if (raw_type == pcapng::section_header) start_section(head.le<std::uint32_t>());
  if (!head.ok() || !in_section_) return fail();
  Block block{.type = swapped_ ? __builtin_bswap32(raw_type) : raw_type};
  const std::uint32_t length = swapped_ ? __builtin_bswap32(raw_length) : raw_length;
  if (length < block_overhead || length % 4 != 0 || length > rest_.size()) return fail();
  Reader tail(rest_.first(length).last(4));
  if (u32(tail) != length) return fail();
  block.body = rest_.subspan(8, length - block_overhead);
  rest_ = rest_.subspan(length);
  return block;
}

void PcapngReader::add_interface(ByteView body) {
  Reader in(body);
  Interface interface;
  interface.link_type = u16(in);
  in.bytes(6);
  while (in.ok() && !in.rest().empty()) {
    const std::uint16_t code = u16(in);
    const std::uint16_t length = u16(in);
    const ByteView value = in.bytes(length);
    in.bytes(pcapng::padding(length));
    if (code == pcapng::option_end) break;
    if (code == pcapng::option_resolution && value.size() == 1) interface.resolution = std::to_integer<std::uint8_t>(value[0]);
  }
  if (!in.ok() || interfaces_.size() == interface_limit) {
    fail();
    return;
  }
  interfaces_.push_back(interface);
}

std::optional<PcapngPacket> PcapngReader::packet(ByteView body) {
  Reader in(body);
  PcapngPacket packet;
  packet.interface = u32(in);
  packet.timestamp = std::uint64_t{u32(in)} << 32;
  packet.timestamp |= u32(in);
  const std::uint32_t captured = u32(in);
  packet.original_length = u32(in);
  packet.captured = in.bytes(captured);
  if (!in.ok() || packet.interface >= interfaces_.size()) return fail();
  packet.link_type = interfaces_[packet.interface].link_type;
  packet.resolution = interfaces_[packet.interface].resolution;
  return packet;
}

std::optional<PcapngPacket> PcapngReader::next() {
  while (const auto block = next_block()) {
    if (block->type == pcapng::interface_description) add_interface(block->body);
    if (block->type == pcapng::enhanced_packet) return packet(block->body);
  }
  return std::nullopt;
}

}  // namespace weft::wire
