// Keys of Ultra Ethernet and of switches that trim: defaults by transport and profile, and combinations that are refused.
#include <gtest/gtest.h>

#include "base/error.hh"
#include "scenario/load.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

// The fabric stands in line 2.
std::string scenario_of(const std::string& fabric) {
  return "topology: { kind: switch, hosts: 4, link: { delay: 1us } }\n" + (fabric.empty() ? "seed: 1" : "fabric: { " + fabric + " }") +
         "\nworkloads: [ { kind: permutation, size: 2MB } ]\n";
}

FabricParameters fabric_of(const std::string& fabric, const std::vector<std::string>& sets = {}) {
  return parse_scenario(scenario_of(fabric), "s.yaml", sets).fabric;
}

TEST(ScenarioUet, TheTransportAloneGivesDefaultsThatMakeSense) {
  const FabricParameters f = fabric_of("transport: uet");
  EXPECT_EQ(f.congestion, "nscc");
  EXPECT_EQ(f.load_balancing, LoadBalancing::mixed);
  EXPECT_EQ(f.lossless, Lossless::none);
  EXPECT_EQ(f.recovery, Recovery::rto);
  EXPECT_TRUE(f.uet.trimming);
  EXPECT_EQ(f.uet.paths, 128U);
  EXPECT_EQ(f.retry_count, 8U);
  EXPECT_EQ(f.uet.ack_bytes, Bytes{16384});
  EXPECT_EQ(f.uet.trim_victim, TrimVictim::arriving);
  EXPECT_LT(f.data_class, f.uet.trimmed_class);
  EXPECT_LT(f.uet.trimmed_class, f.ack_class);
  EXPECT_EQ(f.ecn.at, EcnAt::dequeue);
  EXPECT_TRUE(f.ecn.last_hop);
  EXPECT_FALSE(f.queue.has_value());
}

TEST(ScenarioUet, RoceKeepsItsDefaults) {
  EXPECT_EQ(fabric_of(""), FabricParameters{});
  EXPECT_EQ(fabric_of("transport: roce"), FabricParameters{});
}

TEST(ScenarioUet, WhatAKeyFollows) {
  EXPECT_EQ(fabric_of("transport: uet, trimming: false").recovery, Recovery::sleek);
  EXPECT_EQ(fabric_of("transport: uet, trimming: false, recovery: rto").recovery, Recovery::rto);
  EXPECT_EQ(fabric_of("transport: uet, delivery: rod").recovery, Recovery::go_back_n);
  EXPECT_EQ(fabric_of("transport: uet, delivery: rod").uet.paths, 1U);
  EXPECT_EQ(fabric_of("transport: uet, delivery: rudi, trimming: false").recovery, Recovery::rto);
  EXPECT_EQ(fabric_of("transport: uet, delivery: rudi").uet.paths, 128U);
  EXPECT_EQ(fabric_of("transport: uet, load_balancing: ecmp").uet.paths, 1U);
  EXPECT_EQ(fabric_of("transport: uet, load_balancing: adaptive").uet.paths, 1U);
  const FabricParameters paused = fabric_of("transport: uet, lossless: pfc");
  EXPECT_FALSE(paused.uet.trimming);
  EXPECT_EQ(paused.recovery, Recovery::rto);
  EXPECT_FALSE(fabric_of("transport: uet, congestion: rccc").ecn.last_hop);
  EXPECT_FALSE(fabric_of("transport: uet, congestion: nscc+rccc, ecn: { pmax: 0.5 }").ecn.last_hop);
  EXPECT_TRUE(fabric_of("transport: uet, congestion: rccc, ecn: { last_hop: true }").ecn.last_hop);
}

TEST(ScenarioUet, TheOrderOfKeysIsFree) {
  EXPECT_EQ(fabric_of("congestion: rccc, mtu: 2048, ecn: { pmax: 0.5 }, transport: uet"),
            fabric_of("transport: uet, ecn: { pmax: 0.5 }, mtu: 2048, congestion: rccc"));
}

TEST(ScenarioUet, DocumentedDefaultsAreTheDefaults) {
  int checked = 0;
  const auto check = [&checked](const std::string& path, const std::vector<Key>& keys) {
    for (const Key& key : keys) {
      if (key.uet.empty() || key.uet.find(' ') != std::string::npos) continue;  // words, not a value
      EXPECT_EQ(fabric_of("transport: uet"), fabric_of("transport: uet", {path + key.name + "=" + key.uet})) << key.name;
      EXPECT_NE(key.uet, key.fallback) << key.name;
      ++checked;
    }
  };
  const auto section = fabric_section();
  check("fabric.", section.table());
  for (const Key& key : section.table()) check("fabric." + key.name + ".", key.inner);
  EXPECT_GE(checked, 6);
}

TEST(ScenarioUet, TheTableProfile) {
  const Scenario s = parse_scenario("profile: uec-table\n" + scenario_of(""), "s.yaml");
  EXPECT_EQ(s.fabric.profile, Profile::uec_table);
  EXPECT_EQ(s.fabric.transport, "uet");
  EXPECT_EQ(s.fabric.mtu, 4086U);
  EXPECT_EQ(s.fabric.uet.trim_victim, TrimVictim::either);
  EXPECT_EQ(s.fabric.uet.trimmed_class, s.fabric.ack_class);
  EXPECT_EQ(s.fabric.notify_class, s.fabric.ack_class);
  EXPECT_EQ(s.accounting.data_overhead, Bytes{64});
  EXPECT_EQ(s.accounting.ack_size, Bytes{64});
  EXPECT_EQ(s.accounting.trim_size, Bytes{64});
  EXPECT_EQ(s.accounting.gap, Bytes{0});
  EXPECT_EQ(s.topology.link.rate, Rate{100'000'000'000});
}

TEST(ScenarioUet, KeysWinOverTheProfile) {
  const std::string text = "topology: { kind: switch, hosts: 4, link: { delay: 1us, rate: 400Gbps } }\nprofile: uec-table\n" +
                           std::string("fabric: { transport: uet, mtu: 4096, trim_victim: arriving, congestion: rccc }\n") +
                           "accounting: { gap: 20B }\nworkloads: [ { kind: permutation, size: 2MB } ]\n";
  const Scenario s = parse_scenario(text, "s.yaml");
  EXPECT_EQ(s.fabric.mtu, 4096U);
  EXPECT_EQ(s.fabric.uet.trim_victim, TrimVictim::arriving);
  EXPECT_EQ(s.fabric.congestion, "rccc");
  EXPECT_EQ(s.fabric.uet.trimmed_class, 6);
  EXPECT_FALSE(s.fabric.ecn.last_hop);
  EXPECT_EQ(s.accounting.gap, Bytes{20});
  EXPECT_EQ(s.accounting.ack_size, Bytes{64});
  EXPECT_EQ(s.topology.link.rate, Rate{400'000'000'000});
  EXPECT_EQ(parse_scenario("profile: none\n" + scenario_of(""), "s.yaml").fabric, FabricParameters{});
}

struct Refusal {
  const char* fabric;
  const char* message;
  const char* hint;
};

void expect_refused(const Refusal& refusal) {
  try {
    static_cast<void>(fabric_of(refusal.fabric));
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), "s.yaml:2") << refusal.fabric;
    EXPECT_NE(std::string(error.what()).find(refusal.message), std::string::npos) << refusal.fabric << ": " << error.what();
    EXPECT_NE(error.hint().find(refusal.hint), std::string::npos) << refusal.fabric << ": " << error.hint();
    return;
  }
  ADD_FAILURE() << "accepted: " << refusal.fabric;
}

TEST(ScenarioUet, KeysOfTheOtherTransport) {
  const Refusal refusals[] = {
      {"paths: 4", "'paths' in fabric goes with transport 'uet', not 'roce'", "transport: uet"},
      {"trimming: true", "'trimming' in fabric goes with transport 'uet'", "transport: uet"},
      {"transport: roce, delivery: rod", "'delivery' in fabric goes with", "transport: uet"},
      {"ack_bytes: 1KB", "'ack_bytes'", ""},
      {"least_rto: 1ms", "'least_rto'", ""},
      {"base_rtt: 1ms", "'base_rtt'", ""},
      {"psn_range: 64", "'psn_range'", ""},
      {"trimmed_class: 5", "'trimmed_class'", ""},
      {"trim_queue: 1MB", "'trim_queue'", ""},
      {"trim_victim: either", "'trim_victim'", ""},
      {"congestion: nscc", "congestion 'nscc' goes with transport 'uet', not 'roce'", "dcqcn, none"},
      {"load_balancing: reps", "a RoCE connection keeps one entropy value", "transport: uet"},
      {"load_balancing: oblivious", "'oblivious' needs transport uet", "adaptive"},
      {"recovery: sleek", "recovery 'sleek' goes with transport 'uet'", "selective"},
      {"mtu: 4086", "'mtu' cannot be '4086' with RoCE", "4096"},
      {"retry_count: 8", "'retry_count' is 8, which has 3 bits with RoCE", "0 to 7"},
      {"transport: uet, dcqcn_set: paper", "'dcqcn_set' in fabric goes with transport 'roce', not 'uet'", "transport: roce"},
      {"transport: uet, ack_every: 4", "'ack_every'", ""},
      {"transport: uet, timeout_exponent: 4", "'timeout_exponent'", ""},
      {"transport: uet, rnr_retry: 4", "'rnr_retry'", ""},
      {"transport: uet, window: 4", "'window'", ""},
      {"transport: uet, congestion: dcqcn", "congestion 'dcqcn' goes with transport 'roce', not 'uet'", "nscc+rccc"},
  };
  for (const Refusal& refusal : refusals) expect_refused(refusal);
}

TEST(ScenarioUet, CombinationsWithoutSense) {
  const Refusal refusals[] = {
      {"transport: uet, trimming: true, lossless: pfc", "trimming in a lossless class", "lossless: none"},
      {"transport: uet, paths: 100", "no power of two", "64 or 128"},
      {"transport: uet, paths: 0", "too small", "from 1 to 65536"},
      {"transport: uet, load_balancing: ecmp, paths: 4", "the switches choose", "oblivious"},
      {"transport: uet, trimming: true, recovery: sleek", "'sleek' infers losses", "recovery: rto"},
      {"transport: uet, recovery: selective", "does not go with transport 'uet' and delivery 'rud'", "sleek, rto"},
      {"transport: uet, recovery: go-back-n", "does not go with transport 'uet' and delivery 'rud'", "rod"},
      {"transport: uet, delivery: rod, congestion: rccc", "with delivery 'rod' is not defined", "nscc"},
      {"transport: uet, delivery: rod, congestion: nscc+rccc", "with delivery 'rod' is not defined", "nscc"},
      {"transport: uet, delivery: rudi, congestion: rccc", "no field that asks for credit", "nscc, none"},
      {"transport: uet, delivery: rudi, congestion: nscc+rccc", "no field that asks for credit", "nscc, none"},
      {"transport: uet, delivery: rudi, trimming: false, recovery: sleek", "recovery 'sleek' with delivery 'rudi'", "rto"},
      {"transport: uet, delivery: rudi, recovery: go-back-n", "does not go with transport 'uet' and delivery 'rudi'", "rod"},
      {"transport: uet, delivery: uud", "'uud'", "rudi"},
      {"transport: uet, delivery: rod, recovery: rto", "what arrives after a gap is not kept", "go-back-n"},
      {"transport: uet, delivery: rod, paths: 2", "several 'paths' with delivery 'rod'", "paths: 1"},
      {"transport: uet, delivery: rod, load_balancing: spray-random", "reorders the packets", "flowlet"},
      {"transport: uet, delivery: rod, load_balancing: adaptive", "reorders the packets", "flowlet"},
      {"transport: uet, trimmed_class: 3", "'trimmed_class' is the class of the data", "higher class"},
      {"transport: uet, data_class: 5", "'trimmed_class' is the class of the data", "higher class"},
      {"transport: uet, trimmed_class: 0", "'trimmed_class' is served after the data", "higher class"},
      {"transport: uet, data_class: 6", "'trimmed_class' is served after the data", "higher class"},
      {"transport: uet, dwrr_weight: [0, 0, 0, 0, 0, 1, 0, 0]", "'trimmed_class' is served after the data", "dwrr_weight"},
      {"transport: uet, pfc: { xoff: 50KB }", "'pfc' in fabric with lossless: none, which pauses nothing", "lossless: pfc"},
      {"lossless: none, pfc: { headroom: 50KB }", "'pfc' in fabric with lossless: none", "drop the key"},
      {"lossless: cbfc, pfc: { headroom: 50KB }", "'pfc' in fabric with lossless: cbfc", "drop the key"},
      {"transport: uet, trimming: false, trim_queue: 1MB", "'trim_queue' without trimming", "trimming: true"},
      {"queue: 1MB", "a private limit would drop what is promised", "lossless: none"},
      {"transport: uet, lossless: pfc, queue: 1MB", "a private limit would drop", "lossless: none"},
  };
  for (const Refusal& refusal : refusals) expect_refused(refusal);
}

// The workloads stand in line 3, the flows of the second kind in line 4.
TEST(ScenarioUet, OperationsThatTheTransportCarries) {
  const auto read = [](const std::string& fabric, const std::string& operation) {
    const std::string head = "topology: { kind: switch, hosts: 4, link: { delay: 1us } }\nfabric: { " + fabric + " }\nworkloads: [ ";
    static_cast<void>(parse_scenario(head + "{ kind: permutation, size: 2MB, operation: " + operation + " } ]\n", "s.yaml"));
    static_cast<void>(
        parse_scenario(head + "{ kind: flows, flows: [\n { src: 0, dst: 1, size: 1B, operation: " + operation + " } ] } ]\n", "s.yaml"));
  };
  for (const char* const operation : {"write", "send", "read"}) EXPECT_NO_THROW(read("transport: roce", operation)) << operation;
  for (const char* const operation : {"write", "send", "read", "tagged-send"}) {
    EXPECT_NO_THROW(read("transport: uet", operation)) << operation;
    EXPECT_NO_THROW(read("transport: uet, delivery: rod", operation)) << operation;
  }
  EXPECT_NO_THROW(read("transport: uet, delivery: rudi", "write"));
  for (const char* const operation : {"send", "read", "tagged-send"}) {
    EXPECT_THROW(read("transport: uet, delivery: rudi", operation), InputError) << operation;
  }
  try {
    read("transport: roce", "tagged-send");
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), "s.yaml:3");
    EXPECT_NE(std::string(error.what()).find("whose SEND has no match bits"), std::string::npos) << error.what();
  }
}

TEST(ScenarioUet, ClassesServedBeforeTheDataMayCarryWhatIsTrimmed) {
  for (const char* const fabric :
       {"trimmed_class: 4", "trimmed_class: 6", "trimmed_class: 7", "trimmed_class: 0, dwrr_weight: [0, 0, 0, 1, 0, 0, 0, 0]",
        "trimmed_class: 5, dwrr_weight: [0, 0, 0, 2, 0, 1, 0, 0]", "data_class: 4", "lossless: pfc, pfc: { xoff: 50KB }"}) {
    EXPECT_NO_THROW(static_cast<void>(fabric_of("transport: uet, " + std::string(fabric)))) << fabric;
  }
}

TEST(ScenarioUet, TheProfileIsOfOneTransport) {
  try {
    static_cast<void>(parse_scenario("profile: uec-table\n" + scenario_of("transport: roce"), "s.yaml"));
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), "s.yaml:3");
    EXPECT_NE(std::string(error.what()).find("profile 'uec-table' describes Ultra Ethernet"), std::string::npos) << error.what();
    return;
  }
  FAIL() << "accepted";
}

}  // namespace
}  // namespace weft
