// The Wireshark dissector of the project-profile headers (tools/wireshark/weft.lua), asked by tshark for every field of frames
// that were built here. The fields it names must be those that were put in.
#include <gtest/gtest.h>

#include "support/gse_samples.hh"
#include "support/tshark.hh"
#include "wire/credit_update.hh"
#include "wire/pcapng.hh"

namespace weft::wire {
namespace {

using Lines = std::vector<std::string>;

std::string text(std::uint64_t number) { return std::to_string(number); }
std::string joined(const Lines& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : "|") + word;
  return line;
}

class Dissector : public test::Tshark {
 protected:
  void add(ByteView frame) { frames_.emplace_back(frame.begin(), frame.end()); }
  void add_with_fcs(std::vector<std::byte> frame) {
    const std::uint32_t sum = Crc32().add(frame).value();
    for (int shift = 0; shift < 32; shift += 8) frame.push_back(static_cast<std::byte>(sum >> shift));
    add(frame);
  }
  void add_message(const GseHeader& header) {
    std::vector<std::byte> room(gse_frame_limit);
    room.resize(build_gse_message({{2, 0, 0, 0, 0, 2}}, {{2, 0, 0, 0, 0, 1}}, header, Fcs::present, room));
    add(room);
  }
  // What tshark says for each frame: the named fields of one protocol, joined by bars.
  [[nodiscard]] Lines ask(const Lines& names) const {
    std::vector<std::byte> file;
    PcapngWriter writer([&file](ByteView bytes) { file.insert(file.end(), bytes.begin(), bytes.end()); });
    const auto link = writer.add_interface({.name = "leaf0-agg0", .fcs = Fcs::present});
    for (std::size_t i = 0; i < frames_.size(); ++i) writer.packet(link, 1000 * i, frames_[i]);
    write(file);
    std::string options = script() + " -T fields -E separator='|'";
    for (const std::string& name : names) options += " -e " + name;
    return fields(options);
  }
  [[nodiscard]] static std::string script() { return "-X lua_script:" + std::string(WEFT_SOURCE_FOLDER) + "/tools/wireshark/weft.lua"; }

 private:
  std::vector<std::vector<std::byte>> frames_;
};

Lines head_of(const GseHeader& h) {
  return {text(static_cast<unsigned>(h.type)),
          text(h.priority),
          h.end ? "1" : "0",
          h.start ? "1" : "0",
          text(h.source),
          text(h.destination),
          text(h.port)};
}

TEST_F(Dissector, RequestsAndGrants) {
  Random random(random_key(11, RandomRoom::test, 0));
  Lines expected;
  for (int i = 0; i < 20; ++i) {
    const bool request = i % 2 == 0;
    const GseHeader h = request ? gse_header(samples::any_gse_request(random)) : gse_header(samples::any_gse_grant(random));
    add_message(h);
    Lines words = head_of(h);
    const Lines own{text(h.sequence), text(gse_seen(h))};
    words.insert(words.end(), {request ? own[0] : "", request ? "" : own[0], request ? text(h.index) : "", request ? own[1] : "",
                               request ? "" : own[1]});
    expected.push_back(joined(words));
  }
  EXPECT_EQ(ask({"weft_gse.type", "weft_gse.priority", "weft_gse.end", "weft_gse.start", "weft_gse.source", "weft_gse.destination",
                 "weft_gse.port", "weft_gse.requested", "weft_gse.granted", "weft_gse.senders", "weft_gse.granted_seen",
                 "weft_gse.requested_seen"}),
            expected);
}

TEST_F(Dissector, Faults) {
  Random random(random_key(12, RandomRoom::test, 0));
  Lines expected;
  for (int i = 0; i < 10; ++i) {
    const GseFault fault = samples::any_gse_fault(random);
    add_message(gse_header(fault));
    expected.push_back(joined({"4", text(fault.reporter), text(fault.port), text(fault.notice), text(fault.hops_left),
                               text(static_cast<unsigned>(fault.event)), text(fault.peer)}));
  }
  EXPECT_EQ(ask({"weft_gse.type", "weft_gse.source", "weft_gse.port", "weft_gse.notice", "weft_gse.hops_left", "weft_gse.event",
                 "weft_gse.peer"}),
            expected);
}

// The RoCE packet inside is read as if it had no GSE header.
TEST_F(Dissector, DataAndWhatItCarries) {
  Random random(random_key(13, RandomRoom::test, 0));
  Lines expected;
  for (int i = 0; i < 10; ++i) {
    RoceFrame frame = samples::any_frame(random, zero_payload(500));
    frame.vlan = std::nullopt;
    frame.ip = Ipv4Header{.source = {0x0a000001}, .destination = {0x0a000002}};
    frame.udp = {.source_port = static_cast<std::uint16_t>(50'000 + i), .destination_port = roce_udp_port};
    std::vector<std::byte> inner(frame_limit), room(gse_frame_limit);
    inner.resize(build_frame(frame, Fcs::absent, inner));
    const GseData data = gse_data(samples::any_gse_header(random, GseType::data));
    room.resize(wrap_gse_frame(inner, data, Fcs::present, room));
    add(room);
    expected.push_back(joined({"1", text(data.container), text(data.packet), text(data.offset), "0x0800", text(frame.udp.source_port)}));
  }
  EXPECT_EQ(ask({"weft_gse.type", "weft_gse.container", "weft_gse.packet", "weft_gse.offset", "weft_gse.inner_type", "udp.srcport"}),
            expected);
  EXPECT_EQ(fields(script() + " -Y 'ip.checksum.status == \"Bad\" || eth.fcs.status == \"Bad\" || weft_gse.unknown'"), Lines{});
}

TEST_F(Dissector, SelectiveAcknowledgements) {
  Random random(random_key(14, RandomRoom::test, 0));
  Lines expected;
  for (int i = 0; i < 6; ++i) {
    RoceFrame frame = samples::any_frame(random, {});
    if (i % 2 == 0) frame.vlan = std::nullopt;
    frame.udp = {.source_port = 50'000, .destination_port = roce_udp_port};
    frame.roce = samples::any_roce_header(random, i < 5 ? RoceOpcode::selective_acknowledge : RoceOpcode::acknowledge);
    frame.payload = {};
    std::vector<std::byte> room(frame_limit);
    room.resize(build_frame(frame, Fcs::present, room));
    add(room);
    const auto kept = static_cast<unsigned>(std::popcount(frame.roce.swap_add));
    std::string bitmap(16, '0');
    for (unsigned digit = 0; digit < 16; ++digit) bitmap[15 - digit] = "0123456789abcdef"[frame.roce.swap_add >> 4 * digit & 15];
    expected.push_back(i < 5 ? joined({text(frame.roce.immediate), "0x" + bitmap, text(kept)}) : "||");
  }
  EXPECT_EQ(ask({"weft_sack.trigger", "weft_sack.bitmap", "weft_sack.count"}), expected);
}

CreditUpdate any_credit_update(Random& random) {
  CreditUpdate update;
  for (std::uint8_t channel = 0; channel < 32 && update.count < CreditUpdate::most; ++channel) {
    if (random.below(4) == 0) update.add(channel, static_cast<std::uint32_t>(random.below(1 << 20)));
  }
  if (update.count == 0) update.add(31, (1 << 20) - 1);
  return update;
}

TEST_F(Dissector, CreditUpdates) {
  Random random(random_key(15, RandomRoom::test, 0));
  Lines expected;
  for (int i = 0; i < 20; ++i) {
    const CreditUpdate update = any_credit_update(random);
    std::vector<std::byte> room(frame_limit);
    room.resize(build_credit_update_frame({{2, 0, 0, 0, 0, 1}}, update, Fcs::present, room));
    add(room);
    std::string channels, consumed;
    for (std::size_t k = 0; k < update.count; ++k) {
      channels += (k == 0 ? "" : ",") + text(update.channels[k].channel);
      consumed += (k == 0 ? "" : ",") + text(update.channels[k].consumed);
    }
    expected.push_back(joined({"1", text(update.count), channels, consumed}));
  }
  EXPECT_EQ(ask({"weft_cc_update.kind", "weft_cc_update.count", "weft_cc_update.channel", "weft_cc_update.consumed"}), expected);
  EXPECT_EQ(fields(script() + " -Y 'weft_cc_update.unknown || _ws.malformed || _ws.lua.error'"), Lines{});
}

// Kind, no channels, more than fit, a channel above 31, the same channel twice, a counter of 21 bits; the last frame is right.
TEST_F(Dissector, SaysWhichCreditUpdatesBreakTheRules) {
  CreditUpdate update;
  update.add(3, 7);
  update.add(5, 8);
  std::vector<std::byte> room(frame_limit);
  room.resize(build_credit_update_frame({{2}}, update, Fcs::absent, room));
  for (const auto& [at, value] : {std::pair{14, 2}, {15, 0}, {15, 9}, {20, 32}, {20, 3}, {17, 0x10}, {15, 2}}) {
    auto bytes = room;
    bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    add_with_fcs(bytes);
  }
  (void)ask({"weft_cc_update.kind"});
  EXPECT_EQ(fields(script() + " -Y weft_cc_update.unknown -T fields -e frame.number"), (Lines{"1", "2", "3", "4", "5", "6"}));
}

TEST_F(Dissector, SaysWhatItDoesNotKnow) {
  std::vector<std::byte> room(gse_frame_limit);
  room.resize(build_gse_message({{2}}, {{2}}, gse_header(GseFault{}), Fcs::absent, room));
  for (const auto& [at, value] : {std::pair{14, 0x24}, {14, 0x1f}, {27, 0x07}, {14, 0x14}}) {
    auto bytes = room;
    bytes[static_cast<std::size_t>(at)] = static_cast<std::byte>(value);
    add_with_fcs(bytes);
  }
  (void)ask({"weft_gse.type"});
  EXPECT_EQ(fields(script() + " -Y weft_gse.unknown -T fields -e frame.number"), (Lines{"1", "2", "3"}));
}

}  // namespace
}  // namespace weft::wire
