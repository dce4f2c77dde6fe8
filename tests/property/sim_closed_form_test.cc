// One flow on an idle network against the arithmetic of store and forward, within 0.1 %, and a slowdown of 1.000.
//
// The packets of the flow pass k links in order: the last bit of packet p leaves link i at
//   F(i, p) = max(F(i, p-1), F(i-1, p) + delay(i-1)) + bytes(p) * 8 / rate(i)
// and the acknowledgement of the last packet comes back over the same links. For n packets of s bytes over k equal links
// that is (n + k - 1) * s * 8 / R + k * d. Frame sizes are added up here field by field.
#include <gtest/gtest.h>

#include <vector>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double ethernet = 14, ipv4 = 20, udp = 8, bth = 12, icrc = 4, fcs = 4, preamble_and_gap = 20;
constexpr double bare = ethernet + ipv4 + udp + bth + icrc + fcs + preamble_and_gap;
constexpr double reth = 16, aeth = 4;

struct Link {
  double gbps = 0, delay_us = 0;
};

struct Shape {
  const char* name;
  const char* topology;
  std::uint32_t src, dst;
  std::vector<Link> path;
};

std::vector<Shape> shapes() {
  return {
      {"switch", "{ kind: switch, hosts: 4, link: { rate: 400Gbps, delay: 1us } }", 0, 3, {{400, 1}, {400, 1}}},
      {"switch with latency",
       "{ kind: switch, hosts: 4, switch_latency: 300ns, link: { rate: 25Gbps, delay: 150ns } }",
       1,
       2,
       {{25, 0.45}, {25, 0.15}}},
      {"leaf-spine",
       "{ kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 2, link: { rate: 100Gbps, delay: 1us }, "
       "uplink: { rate: 400Gbps, delay: 2500ns } }",
       0,
       3,
       {{100, 1}, {400, 2.5}, {400, 2.5}, {100, 1}}},
      {"slow uplink",
       "{ kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 1, link: { rate: 400Gbps, delay: 500ns }, "
       "uplink: { rate: 100Gbps, delay: 4us } }",
       0,
       1,
       {{400, 0.5}, {100, 4}, {100, 4}, {400, 0.5}}},
      {"clos",
       "{ kind: clos, pods: 2, leaves_per_pod: 2, aggs_per_pod: 2, cores: 4, hosts_per_leaf: 2, "
       "link: { rate: 800Gbps, delay: 333ns } }",
       0,
       7,
       {{800, 0.333}, {800, 0.333}, {800, 0.333}, {800, 0.333}, {800, 0.333}, {800, 0.333}}},
      {"fractional picoseconds", "{ kind: switch, hosts: 2, link: { rate: 3200Gbps, delay: 1us } }", 0, 1, {{3200, 1}, {3200, 1}}},
  };
}

// Bytes on the wire of every data packet.
std::vector<double> packet_sizes(std::int64_t size, std::int64_t mtu, const std::string& operation) {
  std::vector<double> sizes;
  const std::int64_t count = (size + mtu - 1) / mtu;
  for (std::int64_t p = 0; p < count; ++p) {
    const std::int64_t payload = p + 1 < count ? mtu : size - (count - 1) * mtu;
    double bytes = bare + static_cast<double>((payload + 3) / 4 * 4);
    if (operation == "write" && p == 0) bytes += reth;
    if (operation == "read" && (p == 0 || p + 1 == count)) bytes += aeth;
    sizes.push_back(std::max(bytes, 64 + preamble_and_gap));
  }
  return sizes;
}

// Microseconds from the first bit of the first packet to the last bit of the last one at the far end.
double pipeline(const std::vector<double>& sizes, const std::vector<Link>& path) {
  std::vector<double> free_at(path.size(), 0);
  double last = 0;
  for (const double bytes : sizes) {
    double ready = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
      free_at[i] = std::max(free_at[i], ready) + bytes * 8e-3 / path[i].gbps;
      ready = free_at[i] + path[i].delay_us;
    }
    last = ready;
  }
  return last;
}

double expected_us(const Shape& shape, std::int64_t size, std::int64_t mtu, const std::string& operation) {
  const double answer = operation == "read" ? bare + reth : bare + aeth;  // a READ's request goes before, an ACK comes after
  return pipeline(packet_sizes(size, mtu, operation), shape.path) + pipeline({answer}, shape.path);
}

Results run_one(const Shape& shape, std::int64_t size, std::int64_t mtu, const std::string& operation, const std::string& congestion) {
  const auto [src, dst] = operation == "read" ? std::pair{shape.dst, shape.src} : std::pair{shape.src, shape.dst};
  return run_text(std::string("topology: ") + shape.topology + "\nfabric: { mtu: " + std::to_string(mtu) + ", congestion: " + congestion +
                  " }\nworkloads:\n  - { kind: flows, operation: " + operation + ", flows: [ { src: " + std::to_string(src) +
                  ", dst: " + std::to_string(dst) + ", size: " + std::to_string(size) + "B } ] }\n");
}

TEST(SimClosedForm, OneFlowTakesWhatItsBytesAndItsPathTake) {
  for (const Shape& shape : shapes()) {
    for (const std::int64_t mtu : {256, 1024, 4096}) {
      for (const std::int64_t size : {1, 255, 4096, 4097, 100'000, 1'000'003}) {
        for (const std::string operation : {"write", "read", "send"}) {
          for (const std::string congestion : {"none", "dcqcn"}) {
            if (congestion == "dcqcn" && size < 100'000) continue;
            SCOPED_TRACE(std::string(shape.name) + " mtu " + std::to_string(mtu) + " size " + std::to_string(size) + ' ' + operation + ' ' +
                         congestion);
            const Results r = run_one(shape, size, mtu, operation, congestion);
            ASSERT_EQ(r.status, RunStatus::done);
            const FlowResult& flow = r.flows.at(0);
            const double took = microseconds(flow.sender_done - flow.start);
            const double expected = expected_us(shape, size, mtu, operation);
            EXPECT_NEAR(took / expected, 1, 1e-3) << took << " us, expected " << expected;
            EXPECT_NEAR(took / microseconds(flow.ideal), 1, 5e-4) << "slowdown is not 1.000";
          }
        }
      }
    }
  }
}

// The same, once, as the one-line formula: n packets of SEND, all full, over k links of one rate and delay.
TEST(SimClosedForm, EqualPacketsOverEqualLinks) {
  constexpr double n = 512, k = 4, s = bare + 4096, rate = 400e-3 / 8, d = 1;  // bytes per ns, us
  const Results r = run_text(R"(
topology: { kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 1, link: { rate: 400Gbps, delay: 1us } }
fabric: { congestion: none }
workloads:
  - { kind: flows, operation: send, flows: [ { src: 0, dst: 1, size: 2MiB } ] }
)");
  const double data_us = (n + k - 1) * s / rate / 1e6 + k * d;
  const double ack_us = k * (bare + aeth) / rate / 1e6 + k * d;
  const FlowResult& flow = r.flows.at(0);
  EXPECT_EQ(flow.packets, 512U);
  EXPECT_NEAR(microseconds(flow.receiver_done - flow.start), data_us, 1e-3 * data_us);
  EXPECT_NEAR(microseconds(flow.sender_done - flow.start), data_us + ack_us, 1e-3 * (data_us + ack_us));
}

}  // namespace
}  // namespace weft
