// Captures: whatever packets can be read are written again, and the new file yields the same packets.
#include "wire/pcapng.hh"

#include <algorithm>
#include <vector>

#include "header_target.hh"
#include "wire/pcapng_reader.hh"

namespace weft::wire {
namespace {

std::vector<PcapngPacket> packets_of(ByteView file, bool& ok) {
  std::vector<PcapngPacket> packets;
  PcapngReader reader(file);
  while (const auto packet = reader.next()) packets.push_back(*packet);
  CHECK(!reader.next().has_value());
  ok = reader.ok();
  return packets;
}

void check_file(ByteView file) {
  bool ok = false;
  const auto packets = packets_of(file, ok);
  std::vector<std::byte> copy;
  PcapngWriter writer([&copy](ByteView bytes) { copy.insert(copy.end(), bytes.begin(), bytes.end()); });
  for (const PcapngPacket& packet : packets) {
    const auto id = writer.add_interface({.name = "fuzz", .resolution = packet.resolution});
    writer.packet(id, packet.timestamp, packet.captured, packet.original_length);
  }
  const auto again = packets_of(copy, ok);
  CHECK(ok && again.size() == packets.size(), "packets", again.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CHECK(again[i].interface == i && again[i].timestamp == packets[i].timestamp && again[i].resolution == packets[i].resolution);
    CHECK(again[i].original_length == std::max<std::size_t>(packets[i].original_length, packets[i].captured.size()));
    CHECK(std::ranges::equal(again[i].captured, packets[i].captured));
  }
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::wire::check_file(weft::fuzz::view(data, size));
  return 0;
}
