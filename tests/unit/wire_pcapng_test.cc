// Captures: bytes by hand, read back by our own reader, damaged in every byte, and read by tshark where it is installed.
#include "wire/pcapng.hh"

#include <gtest/gtest.h>

#include <iomanip>
#include <sstream>

#include "support/tshark.hh"
#include "support/wire_samples.hh"
#include "wire/frame.hh"
#include "wire/mac_control.hh"
#include "wire/pcapng_reader.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

using Bytes8 = std::vector<std::byte>;
auto appending_to(Bytes8& file) {
  return [&file](ByteView bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); };
}

TEST(Pcapng, BlocksByHand) {
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const auto link = writer.add_interface({.name = "h0", .resolution = 12, .snap_length = 96, .fcs = Fcs::present});
  writer.packet(link, 0x0000000100000002, from_hex("aabbccddee"));
  EXPECT_EQ(to_hex(file),
            "0a0d0d0a"
            "1c000000"
            "4d3c2b1a"
            "0100"
            "0000"
            "ffffffffffffffff"
            "1c000000"
            "01000000"
            "30000000"
            "0100"
            "0000"
            "60000000"
            "0200"
            "0200"
            "68300000"
            "0900"
            "0100"
            "0c000000"
            "0d00"
            "0100"
            "04000000"
            "0000"
            "0000"
            "30000000"
            "06000000"
            "28000000"
            "00000000"
            "01000000"
            "02000000"
            "05000000"
            "05000000"
            "aabbccddee000000"
            "28000000");
}

TEST(Pcapng, ReadsBackWhatWasWritten) {
  Random random(random_key(5, RandomRoom::test, 0));
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const std::array links = {writer.add_interface({.name = "leaf0-spine1"}),
                            writer.add_interface({.resolution = 12, .snap_length = 32, .fcs = Fcs::present})};
  struct Written {
    std::uint32_t interface;
    std::uint64_t timestamp;
    Bytes8 frame;
  };
  std::vector<Written> written;
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto which = static_cast<std::uint32_t>(random.below(2));
    written.push_back({which, random.next(), samples::any_bytes(random, random.below(100))});
    writer.packet(links[which], written.back().timestamp, written.back().frame);
  }
  PcapngReader reader(file);
  for (const Written& expected : written) {
    const auto packet = reader.next();
    ASSERT_TRUE(packet.has_value());
    EXPECT_EQ(packet->interface, expected.interface);
    EXPECT_EQ(packet->timestamp, expected.timestamp);
    EXPECT_EQ(packet->link_type, pcapng::link_type_ethernet);
    EXPECT_EQ(packet->resolution, expected.interface == 0 ? 9 : 12);
    EXPECT_EQ(packet->original_length, expected.frame.size());
    const std::size_t kept = expected.interface == 0 ? expected.frame.size() : std::min<std::size_t>(32, expected.frame.size());
    EXPECT_EQ(to_hex(packet->captured), to_hex(ByteView(expected.frame).first(kept)));
  }
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.ok());
}

TEST(Pcapng, LongNamesAreCutAndOriginalLengthsKept) {
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const std::string name(300, 'x');
  writer.packet(writer.add_interface({.name = name, .fcs = Fcs::present}), 1, from_hex("00"), 4158);
  PcapngReader reader(file);
  const auto packet = reader.next();
  ASSERT_TRUE(packet.has_value());
  EXPECT_EQ(packet->original_length, 4158u);
}

TEST(Pcapng, OtherByteOrderAndUnknownBlocks) {
  const auto file = from_hex(
      "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
      "00000bad 00000010 01020304 00000010"
      "00000001 00000014 0001 0000 00000000 00000014"
      "00000006 00000024 00000000 00000000 00000007 00000002 00000009 aabb0000 00000024");
  PcapngReader reader(file);
  const auto packet = reader.next();
  ASSERT_TRUE(packet.has_value());
  EXPECT_EQ(packet->timestamp, 7u);
  EXPECT_EQ(packet->original_length, 9u);
  EXPECT_EQ(packet->resolution, 6);
  EXPECT_EQ(to_hex(packet->captured), "aabb");
  EXPECT_FALSE(reader.next().has_value());
  EXPECT_TRUE(reader.ok());
}

Bytes8 small_capture() {
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const auto link = writer.add_interface({.name = "a"});
  writer.packet(link, 1, from_hex("0102030405"));
  writer.packet(link, 2, from_hex("06"));
  return file;
}

TEST(Pcapng, EveryCutIsSeenAndEveryDamageSurvived) {
  const Bytes8 file = small_capture();
  const std::size_t after_first = file.size() - 36;
  for (std::size_t length = 0; length < file.size(); ++length) {
    const Bytes8 cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(length));
    PcapngReader reader(cut);
    std::size_t packets = 0;
    while (reader.next()) ++packets;
    EXPECT_EQ(packets, length >= after_first ? 1u : 0u) << "length " << length;
    const bool at_a_border = length == 0 || length == 28 || length == 28 + 40 || length == after_first;
    EXPECT_EQ(reader.ok(), at_a_border) << "length " << length;
  }
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int value : {0x00, 0x7f, 0x80, 0xff}) {
      Bytes8 damaged = file;
      damaged[at] = static_cast<std::byte>(value);
      PcapngReader reader(damaged);
      std::size_t packets = 0;
      while (reader.next()) ++packets;
      EXPECT_LE(packets, 2u);
    }
  }
}

// ---- tshark

using test::Tshark;

RoceFrame frame_for(Random& random, RoceOpcode opcode, ByteView pool) {
  RoceFrame frame = samples::any_frame(random, {});
  frame.destination.octets[0] = frame.source.octets[0] = 2;
  frame.roce = samples::any_roce_header(random, opcode);
  if (opcode == RoceOpcode::cnp) frame.roce = make_cnp(frame.roce.dest_qp);
  if (roce_layout(opcode)->payload) frame.payload = pool.first(random.below(pool.size() + 1));
  return frame;
}

TEST_F(Tshark, ReadsRoceFramesWithTheirOpcodesAndNumbers) {
  Random random(random_key(6, RandomRoom::test, 0));
  const auto pool = samples::any_bytes(random, 200);
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const auto link = writer.add_interface({.name = "h0-leaf0", .fcs = Fcs::present});
  std::vector<std::string> expected;
  std::uint64_t now = 0;
  for (int round = 0; round < 4; ++round) {
    for (const RoceOpcode opcode : samples::all_opcodes) {
      const RoceFrame frame = frame_for(random, opcode, pool);
      Bytes8 bytes(frame_limit);
      bytes.resize(build_frame(frame, Fcs::present, bytes));
      writer.packet(link, now += 83'560, bytes);
      std::ostringstream line;
      line << int{static_cast<std::uint8_t>(opcode)} << '|' << frame.roce.psn << "|0x" << std::hex << std::setw(6) << std::setfill('0')
           << frame.roce.dest_qp << '|';
      if (roce_layout(opcode)->aeth && opcode != RoceOpcode::selective_acknowledge) line << std::dec << frame.roce.msn;
      expected.push_back(line.str());
    }
  }
  write(file);
  EXPECT_EQ(
      fields("-T fields -E separator='|' -e infiniband.bth.opcode -e infiniband.bth.psn -e infiniband.bth.destqp -e infiniband.aeth.msn"),
      expected);
  EXPECT_EQ(fields("-Y '_ws.malformed || eth.fcs.status == \"Bad\" || ip.checksum.status == \"Bad\"'"), std::vector<std::string>{});
  EXPECT_EQ(fields("-Y 'eth.fcs.status == \"Good\"'").size(), expected.size());
}

TEST_F(Tshark, ReadsPauseAndPfcFrames) {
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const auto link = writer.add_interface({.resolution = 9, .fcs = Fcs::present});
  Pfc pfc{.class_enable = 0x08};
  pfc.quanta[3] = 0xffff;
  std::uint64_t now = 1'700'000'000'123'456'789;
  for (const MacControl& control : {MacControl{pfc}, MacControl{Pause{77}}}) {
    Bytes8 bytes(mac_control_frame_size);
    bytes.resize(build_mac_control_frame({{2, 0, 0, 0, 0, 1}}, control, Fcs::present, bytes));
    writer.packet(link, now++, bytes);
  }
  write(file);
  const std::vector<std::string> expected = {"1700000000.123456789|0x0101|0x0008|65535|", "1700000000.123456790|0x0001|||77"};
  EXPECT_EQ(
      fields(
          "-T fields -E separator='|' -e frame.time_epoch -e macc.opcode -e macc.cbfc.enbv -e macc.cbfc.pause_time.c3 -e macc.pause_time"),
      expected);
  EXPECT_EQ(fields("-Y '_ws.malformed || eth.fcs.status == \"Bad\"'"), std::vector<std::string>{});
}

TEST_F(Tshark, ReadsTimesFromZeroAndCutFrames) {
  Bytes8 file;
  PcapngWriter writer(appending_to(file));
  const auto link = writer.add_interface({.name = "cut", .snap_length = 64, .fcs = Fcs::present});
  Bytes8 bytes(frame_limit);
  RoceFrame frame;
  frame.ip = Ipv4Header{.source = {1}, .destination = {2}};
  frame.roce = {.opcode = RoceOpcode::write_middle, .psn = 5};
  frame.payload = zero_payload(4096);
  bytes.resize(build_frame(frame, Fcs::present, bytes));
  writer.packet(link, 1'000'083'560, bytes);
  write(file);
  EXPECT_EQ(fields("-T fields -E separator='|' -e frame.time_epoch -e frame.len -e frame.cap_len -e infiniband.bth.psn"),
            std::vector<std::string>{"1.000083560|4158|64|5"});
}

}  // namespace
}  // namespace weft::wire
