#include "workload/cm_file.hh"

#include <gtest/gtest.h>

#include "support/cm_samples.hh"
#include "support/input_error.hh"
#include "support/real_data.hh"
#include "workload/registry.hh"

namespace weft {
namespace {

using test::expect_input_error;

TEST(CmFile, EveryKey) {
  const CmFile file = parse_cm(test::cm_sample, "f.cm");
  EXPECT_EQ(file.nodes, 8U);
  ASSERT_EQ(file.traffic.flows.size(), 7U);
  ASSERT_EQ(file.traffic.triggers.size(), 3U);
  const FlowSpec& second = file.traffic.flows[1];
  EXPECT_EQ(second.src, NodeId{1});
  EXPECT_EQ(second.dst, NodeId{2});
  EXPECT_EQ(second.label, 11U);
  EXPECT_EQ(second.start, Time{12'500'000});
  EXPECT_EQ(second.size, Bytes{2000});
  EXPECT_FALSE(second.after.valid());
  EXPECT_EQ(second.on_received, TriggerId{0});
  EXPECT_FALSE(second.on_sent.valid());
  EXPECT_EQ(file.traffic.flows[4].after, TriggerId{2});
  EXPECT_EQ(file.traffic.flows[4].on_received, TriggerId{1});
  EXPECT_EQ(file.traffic.flows[5].label, 5U);  // no id: its position
  EXPECT_EQ(file.traffic.triggers[0].kind, TriggerKind::multishot);
  EXPECT_EQ(file.traffic.triggers[2].count, 2U);
  EXPECT_EQ(file.traffic.triggers[2].label, 9U);
  EXPECT_EQ(file.flow_lines[5], 11);
  EXPECT_EQ(file.trigger_lines[0], 13);
}

// The sample with one change, refused at this line.
void expect_refused(const std::string& from, const std::string& to, int line, const std::string& part) {
  std::string text = test::cm_sample;
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
  expect_input_error([&] { (void)parse_cm(text, "f.cm"); }, "f.cm:" + std::to_string(line), part);
}

TEST(CmFile, RefusesWrongCounts) {
  expect_refused("Connections 7", "Connections 8", 3, "Connections says 8, but the file has 7 flows");
  expect_refused("Connections 7", "Connections 6", 12, "more flows than the 6 of line 3");
  expect_refused("Triggers 3", "Triggers 4", 4, "Triggers says 4, but the file has 3 triggers");
  expect_refused("Triggers 3", "Triggers 2", 15, "more triggers than the 2 of line 4");
  expect_refused("Triggers 3\n", "\n", 13, "no line Triggers before it");
  expect_refused("Nodes 8\n", "\n", 5, "before the lines Nodes and Connections");
  expect_refused("Nodes 8", "Nodes 0", 5, "host 0 does not exist: Nodes is 0");
  expect_refused("Connections 7", "Connections 7\nConnections 7", 4, "given twice; first in line 3");
  expect_refused("Connections 7", "Connections 4000000000", 3, "larger than any matrix");
  expect_input_error([] { (void)parse_cm("", "f.cm"); }, "f.cm", "Nodes is missing");
  expect_input_error([] { (void)parse_cm("Nodes 3\n", "f.cm"); }, "f.cm:1", "Connections is missing");
}

TEST(CmFile, RefusesBadFlows) {
  expect_refused("3->4", "3->8", 8, "host 8 does not exist: Nodes is 8 | hosts are 0 to 7");
  expect_refused("3->4", "3->3", 8, "sends to itself");
  expect_refused("3->4", "3->-4", 8, "is not SRC->DST");
  expect_refused("3->4", "3 -> 4", 8, "a line begins with '3'");
  expect_refused("size 1000", "size -5", 5, "size needs a whole number, not '-5'");
  expect_refused("size 1000", "size 0", 5, "the size must be above 0");
  expect_refused("size 1000", "size 1e6", 5, "size needs a whole number");
  expect_refused("size 1000", "size 99999999999999999999", 5, "size needs a whole number");
  expect_refused("size 1000 ", "", 5, "the flow has no size");
  expect_refused("start 0 ", "", 5, "neither a start nor a trigger");
  expect_refused("start 0 ", "start 0 trigger 7 ", 5, "both a start and a trigger");
  expect_refused("start 0 ", "start -1 ", 5, "start needs a time in microseconds, not '-1'");
  expect_refused("start 0 ", "start soon ", 5, "start needs a time in microseconds, not 'soon'");
  expect_refused("id 11", "id 10", 6, "flow id 10 is taken by line 5");
  expect_refused("id 11", "id", 6, "id needs a whole number, not 'start'");
  expect_refused("prio 3", "priority 3", 6, "unknown key 'priority'");
  expect_refused("prio 3", "id 3", 6, "id is given twice");
  expect_refused("trigger 8 size", "trigger 5 size", 11, "trigger 5 is not described");
  expect_refused("recv_done_trigger 8", "recv_done_trigger 6", 9, "trigger 6 is not described");
}

TEST(CmFile, RefusesBadTriggers) {
  expect_refused("id 8 oneshot", "id 7 oneshot", 14, "trigger 7 is described already in line 13");
  expect_refused("id 8 oneshot", "oneshot", 14, "the trigger has no id");
  expect_refused("id 8 oneshot", "id 8", 14, "the trigger has no kind");
  expect_refused("id 8 oneshot", "id 8 twoshot", 14, "unexpected 'twoshot'");
  expect_refused("id 8 oneshot", "id 8 oneshot barrier", 14, "unexpected 'barrier'");
  expect_refused("id 8 oneshot", "id 8 oneshot count 2", 14, "count goes with a barrier only");
  expect_refused(" count 2", "", 15, "a barrier needs a count above 0");
  expect_refused("count 2", "count 0", 15, "a barrier needs a count above 0");
  expect_refused("trigger id 8", "failure id 8", 14, "describe them under `links`");
}

WorkloadParameters matrix(const std::string& file) {
  WorkloadParameters p;
  p.matrix = file;
  return p;
}

TEST(CmFile, RealFiles) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  struct Row {
    const char* file;
    std::uint32_t hosts;
    std::size_t flows, triggers;
  };
  for (const Row& row :
       {Row{"perm_1024n_1024c_0u_2000000b.cm", 1024, 1024, 0}, Row{"perm_8192n_8192c_2MB.cm", 8192, 8192, 0},
        Row{"perm_16n_16c_2MB.cm", 16, 16, 0}, Row{"perm_32n_32c_2MB.cm", 32, 32, 0}, Row{"perm_128n_128c_2MB.cm", 128, 128, 0},
        Row{"incast.cm", 16, 15, 0}, Row{"incast_128.cm", 128, 127, 0}, Row{"incast_1024n_100c_2MB.cm", 1024, 100, 0},
        Row{"incast_1024n_64c_2MB.cm", 1024, 64, 0}, Row{"one.cm", 16, 1, 0}, Row{"bidir.cm", 16, 2, 0},
        Row{"outcast_incast.cm", 128, 21, 0}, Row{"a2a_serial_1024n_g64_p8_64KB.cm", 1024, 64512, 7168},
        Row{"allreduce_ring_1024n_g32_125KB.cm", 1024, 64512, 63488}}) {
    const Traffic traffic = generate({matrix(test::real_data(std::string("uet-htsim/") + row.file))}, row.hosts, Rate{1}, 1);
    EXPECT_EQ(traffic.flows.size(), row.flows) << row.file;
    EXPECT_EQ(traffic.triggers.size(), row.triggers) << row.file;
  }
}

TEST(CmFile, TruncatedRealFileIsRefused) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  const std::string file = test::real_data("uet-htsim/a2a.cm");
  expect_input_error([&] { (void)generate({matrix(file)}, 16, Rate{1}, 1); }, file + ":2",
                     "Connections says 3600, but the file has 240 flows");
}

TEST(CmFile, MatrixLargerThanTheNetwork) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  const std::string file = test::real_data("uet-htsim/one.cm");
  EXPECT_EQ(generate({matrix(file)}, 1024, Rate{1}, 1).flows.size(), 1U);
  expect_input_error([&] { (void)generate({matrix(file)}, 15, Rate{1}, 1); }, file + ":1", "for 16 hosts, but the network has 15");
}

TEST(CmFile, UnreadableFile) {
  expect_input_error([] { (void)generate({matrix("/nowhere/x.cm")}, 8, Rate{1}, 1); }, "/nowhere/x.cm",
                     "cannot read the file: No such file");
}

}  // namespace
}  // namespace weft
