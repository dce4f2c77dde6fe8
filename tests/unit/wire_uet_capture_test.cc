// Ultra Ethernet frames in a capture, read by tshark: the layers that every version of it knows are right, and it finds nothing
// wrong. Versions that know Ultra Ethernet (4.6 and later) are asked for its fields as well.
#include <gtest/gtest.h>

#include "support/tshark.hh"
#include "support/uet_samples.hh"
#include "wire/pcapng.hh"

namespace weft::wire {
namespace {

class UetCapture : public test::Tshark {
 protected:
  [[nodiscard]] static bool knows_uet() { return std::system("tshark -G protocols 2>/dev/null | grep -qw uet") == 0; }

  // One frame of every kind; returns the number of them.
  std::size_t write_every_kind(std::vector<std::string>& layers, std::vector<std::string>& types) const {
    Random random(random_key(7, RandomRoom::test, 0));
    const auto pool = samples::any_bytes(random, 200);
    std::vector<std::byte> file;
    PcapngWriter writer([&file](ByteView bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); });
    const auto link = writer.add_interface({.name = "h0-leaf0", .fcs = Fcs::present});
    for (const auto& [type, next] : samples::all_uet_kinds()) {
      UetFrame frame = samples::any_uet_frame(random, {});
      frame.destination.octets[0] = frame.source.octets[0] = 2;
      frame.udp.checksum = 0;
      frame.ip = Ipv4Header{.dscp = 10, .source = {0x0a000001}, .destination = {0x0a000002}};
      frame.uet = samples::any_uet_header(random, type, next);
      frame.payload = samples::may_carry(frame.uet) ? ByteView(pool) : ByteView{};
      std::vector<std::byte> bytes(frame_limit);
      bytes.resize(build_uet_frame(frame, Fcs::present, EndCrc::absent, bytes));
      writer.packet(link, 1000 * layers.size(), bytes);
      const std::size_t datagram = UdpHeader::size + uet_header_size(type, next) + frame.payload.size();
      layers.push_back("10|" + std::to_string(frame.udp.source_port) + "|4793|" + std::to_string(datagram));
      types.push_back(std::to_string(static_cast<int>(type)));
    }
    write(file);
    return layers.size();
  }
};

TEST_F(UetCapture, EveryKindReadsWell) {
  std::vector<std::string> layers, types;
  const std::size_t frames = write_every_kind(layers, types);
  EXPECT_EQ(fields("-T fields -E separator='|' -e ip.dsfield.dscp -e udp.srcport -e udp.dstport -e udp.length"), layers);
  EXPECT_EQ(fields("-Y '_ws.malformed || eth.fcs.status == \"Bad\" || ip.checksum.status == \"Bad\"'"), std::vector<std::string>{});
  EXPECT_EQ(fields("-Y 'eth.fcs.status == \"Good\"'").size(), frames);
  if (knows_uet()) { EXPECT_EQ(fields("-T fields -e uet.pds.type"), types); }
}

}  // namespace
}  // namespace weft::wire
