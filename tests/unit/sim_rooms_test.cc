// Switches without room for one packet: refused with the reason, by check as by run, before a run loses every packet for ever.
#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

const char* const text = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { transport: uet }
workloads: [ { kind: flows, flows: [ { src: 0, dst: 2, size: 100KB } ] } ]
)";

void expect_refused(const std::string& fabric, const std::string& part) {
  SCOPED_TRACE(fabric);
  expect_input_error([&] { run_text(text, {"fabric={" + fabric + "}"}); }, "test.yaml", part);
}
void expect_done(const std::string& fabric) { EXPECT_EQ(run_text(text, {"fabric={" + fabric + "}"}).status, RunStatus::done) << fabric; }

TEST(SimRooms, AQueueBelowOneFullFrame) {
  expect_refused("transport: uet, queue: 1KB",
                 "'queue' in fabric has 1000 bytes, too little for a full frame, which is 4218 bytes at mtu 4096");
  expect_refused("transport: uet, queue: 4217B", "write a greater queue, or a smaller mtu");
  expect_refused("transport: uet, queue: 1KB, trimming: false", "'queue' in fabric has 1000 bytes");
  expect_refused("transport: roce, lossless: none, queue: 4193B", "which is 4194 bytes at mtu 4096");
  expect_done("transport: uet, queue: 4218B");
  expect_done("transport: uet, mtu: 512, queue: 1KB");
  expect_done("transport: roce, lossless: none, queue: 4194B");
}

TEST(SimRooms, ABufferBelowOneFullFrame) {
  expect_refused("transport: uet, buffer: 1KB", "'buffer' in fabric has 1000 bytes, too little for a full frame, which is 4218 bytes");
  expect_refused("transport: uet, trimming: false, buffer: 4217B", "write a greater buffer, or a smaller mtu");
  expect_refused("transport: roce, lossless: none, buffer: 4177B", "'buffer' in fabric has 4177 bytes");
  expect_refused("transport: roce, lossless: none, buffer: 30KB", "'alpha' in fabric leaves an egress queue 3750 bytes");
  expect_done("transport: uet, buffer: 30KB");
  expect_done("transport: roce, lossless: none, alpha: 1, buffer: 30KB");
}

TEST(SimRooms, ATrimQueueBelowOneTrimmedPacket) {
  expect_refused("transport: uet, trim_queue: 64B",
                 "'trim_queue' in fabric has 64 bytes, too little for a trimmed packet, which is 84 bytes");
  expect_refused("transport: uet, trim_queue: 83B", "write a greater trim_queue, or drop it");
  expect_done("transport: uet, trim_queue: 84B");
  const std::vector<std::string> as_counted_there{"accounting={trim_size: 64B, gap: 0B}", "fabric={transport: uet, trim_queue: 64B}"};
  EXPECT_EQ(run_text(text, as_counted_there).status, RunStatus::done);
}

}  // namespace
}  // namespace weft
