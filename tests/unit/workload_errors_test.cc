// Traffic that cannot be: each message names the place and what to write instead.
#include <gtest/gtest.h>

#include <cmath>

#include "support/input_error.hh"
#include "workload/registry.hh"

namespace weft {
namespace {

using test::expect_input_error;

WorkloadParameters base(const std::string& kind) {
  WorkloadParameters p;
  p.kind = kind;
  p.source = "s.yaml";
  p.line = 8;
  p.size = {1000};
  p.load = 0.5;
  p.length = {1'000'000'000};
  p.fan_in = 2;
  return p;
}

void expect_refused(const WorkloadParameters& p, const std::string& part, int line = 8, std::uint32_t hosts = 8) {
  expect_input_error([&] { (void)generate({p}, hosts, Rate{100'000'000'000}, 1); }, "s.yaml:" + std::to_string(line), part);
}

TEST(WorkloadErrors, UnknownKind) { expect_refused(base("permute"), "known kinds: flows, matrix, permutation"); }

TEST(WorkloadErrors, SizesAndStarts) {
  for (const char* kind : {"permutation", "incast", "all-to-all", "poisson"}) {
    WorkloadParameters p = base(kind);
    p.size = {0};
    expect_refused(p, "`size` is missing, not above 0");
    p.size = {-5};
    expect_refused(p, "`size` is missing, not above 0");
    p = base(kind);
    p.start = {-1};
    expect_refused(p, "`start` must lie between");
  }
}

TEST(WorkloadErrors, Hosts) {
  for (const char* kind : {"permutation", "incast", "all-to-all", "poisson"}) {
    WorkloadParameters p = base(kind);
    p.hosts = {0, 1, 8};
    expect_refused(p, "names host 8, which is not in this network | hosts are 0 to 7");
    p.hosts = {0, 1, 2, 1};
    expect_refused(p, "names host 1 twice");
    p.hosts = {3};
    expect_refused(p, "needs at least 2 hosts, but only 1 take part");
    p.hosts = {};
    expect_refused(p, "needs at least 2 hosts", 8, 1);
  }
}

TEST(WorkloadErrors, Incast) {
  WorkloadParameters p = base("incast");
  p.fan_in = 8;
  expect_refused(p, "do not fit into 8 hosts | at most 7");
  p.fan_in = 3;
  p.groups = 3;
  expect_refused(p, "do not fit into 8 hosts | at most 1");
  p.groups = 5;
  expect_refused(p, "need two hosts each");
  p.groups = 0;
  expect_refused(p, "`groups` must be at least 1");
  p = base("incast");
  p.destination = 9;
  expect_refused(p, "`destination` (9) is not among the hosts");
  p.destination = 1;
  p.groups = 2;
  expect_refused(p, "`destination` goes with one group only");
}

TEST(WorkloadErrors, AllToAllTooLarge) { expect_refused(base("all-to-all"), "more than 50000000 flows", 8, 100'000); }

TEST(WorkloadErrors, Poisson) {
  WorkloadParameters p = base("poisson");
  for (const double load : {0.0, -0.5, 1.5, 80.0, static_cast<double>(NAN)}) {
    p.load = load;
    expect_refused(p, "`load` must be above 0 and at most 1");
  }
  p = base("poisson");
  p.length = {0};
  expect_refused(p, "`length` is missing");
  p = base("poisson");
  p.length = {3600 * ps_per_second};
  expect_refused(p, "more than 50000000 flows");
  p = base("poisson");
  p.load = 1e-9;
  p.size = {1'000'000'000'000};
  expect_refused(p, "minutes apart");
  p = base("poisson");
  p.sizes = "/nowhere/sizes";
  expect_input_error([&] { (void)generate({p}, 8, Rate{1'000'000'000}, 1); }, "/nowhere/sizes", "cannot read the file");
}

WorkloadParameters listed() {
  WorkloadParameters p = base("flows");
  FlowSpec flow;
  flow.src = {0};
  flow.dst = {1};
  flow.size = {1000};
  flow.label = 7;
  p.flows = {flow, flow};
  p.flow_lines = {10, 11};
  return p;
}

TEST(WorkloadErrors, ListedFlows) {
  WorkloadParameters p = listed();
  p.flows[1].dst = {1024};
  expect_refused(p, "flow 7 (0 -> 1024): there is no host 1024 in this network | hosts are 0 to 7", 11);
  p = listed();
  p.flows[0].dst = {0};
  expect_refused(p, "flow 7 (0 -> 0) sends to itself", 10);
  p = listed();
  p.flows[0].size = {-1};
  expect_refused(p, "the size must be above 0 and at most 1 PiB, not -1 bytes", 10);
  p = listed();
  p.flows[0].start = {-1};
  expect_refused(p, "the start must lie between", 10);
  p = listed();
  p.flows[0].on_sent = {0};
  expect_refused(p, "names a trigger that is not described", 10);
  p = listed();
  p.triggers = {{TriggerKind::oneshot, 1, 3}};
  p.flows[1].after = {0};
  expect_refused(p, "trigger 3 never fires: no flow activates it", 8);
  p.flows.clear();
  expect_refused(p, "`flows` is missing or empty");
}

}  // namespace
}  // namespace weft
