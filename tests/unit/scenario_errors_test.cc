// Every mistake in a scenario ends in one message with its place, its reason and the nearest right thing.
#include <gtest/gtest.h>

#include "base/error.hh"
#include "scenario/load.hh"

namespace weft {
namespace {

struct Mistake {
  const char* text;
  const char* where;
  const char* message;
  const char* hint;
};

void expect_refused(const std::string& text, const std::vector<std::string>& sets, const Mistake& mistake) {
  try {
    static_cast<void>(parse_scenario(text, "s.yaml", sets));
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), mistake.where) << text << error.what();
    EXPECT_NE(std::string(error.what()).find(mistake.message), std::string::npos) << text << error.what();
    EXPECT_NE(error.hint().find(mistake.hint), std::string::npos) << text << error.hint();
    return;
  }
  ADD_FAILURE() << "accepted:\n" << text;
}

// A scenario with one of its three parts replaced; the parts stand in lines 1, 2 and 3.
constexpr const char* topology = "topology: { kind: switch, hosts: 4, link: { delay: 1us } }\n";
constexpr const char* fabric = "fabric: { mtu: 4096 }\n";
constexpr const char* workloads = "workloads: [ { kind: permutation, size: 2MB } ]\n";

TEST(ScenarioErrors, Syntax) {
  const Mistake mistakes[] = {
      {"", "s.yaml", "holds no YAML", "weft example"},
      {"- a\n- b\n", "s.yaml:1", "a scenario is a mapping, not a list", ""},
      {"a: [1, 2\nb: 3\n", "s.yaml:2", "not valid YAML", ""},
      {"seed: 1\nname: x\nseed: 2\n", "s.yaml:3", "'seed' occurs twice", "line 1"},
      {"? [a]\n: b\n", "s.yaml:1", "a key must be a word", ""},
      {"seed: 1\n---\nseed: 2\n", "s.yaml:3", "a second YAML document", "one scenario"},
      {"a: &x [*x]\n", "s.yaml:1", "inside its own anchor", ""},
      {"a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n", "s.yaml:1", "nested too deeply", ""},
  };
  for (const Mistake& mistake : mistakes) expect_refused(mistake.text, {}, mistake);
}

TEST(ScenarioErrors, Topology) {
  const Mistake mistakes[] = {
      {"topolgy: { kind: switch, hosts: 4 }\n", "s.yaml:1", "unknown key 'topolgy'", "did you mean 'topology'?"},
      {"topology: { kind: leaf_spine, leaves: 2 }\n", "s.yaml:1", "'kind' cannot be 'leaf_spine'", "did you mean 'leaf-spine'?"},
      {"topology: { kind: switch, host: 4 }\n", "s.yaml:1", "unknown key 'host' in topology", "'hosts'"},
      {"topology:\n  kind: switch\n  hosts: four\n", "s.yaml:3", "must be a whole number", ""},
      {"topology: { kind: switch, hosts: 0, link: { delay: 1us } }\n", "s.yaml:1", "too small", "from 1"},
      {"topology: { kind: switch, hosts: -4, link: { delay: 1us } }\n", "s.yaml:1", "which is negative", "from 1"},
      {"topology: { kind: switch, link: { delay: 1us } }\n", "s.yaml:1", "'hosts' is missing in topology for kind 'switch'", ""},
      {"topology: { kind: switch, hosts: 4, leaves: 3, link: { delay: 1us } }\n", "s.yaml:1", "does not go with kind 'switch'",
       "leaf-spine"},
      {"topology:\n  kind: switch\n  hosts: 4\n", "s.yaml:2", "the link delay is missing", "delay: 1us"},
      {"topology: { kind: switch, hosts: 4, link: { rate: 400Gbps } }\n", "s.yaml:1", "the link delay is missing", "delay: 1us"},
      {"topology: { kind: switch, hosts: 4, link: { delay: 0 } }\n", "s.yaml:1", "too small", "from 1ps"},
      {"topology: { kind: switch, hosts: 4, link: { delay: 1us, length: 5m } }\n", "s.yaml:1", "both 'delay' and 'length'", "keep one"},
      {"topology: { kind: switch, hosts: 4, link: { rate: 400, delay: 1us } }\n", "s.yaml:1", "has no unit", "Gbps"},
      {"topology: { kind: switch, hosts: 4, link: { rate: 400GB, delay: 1us } }\n", "s.yaml:1", "is a size, not a rate", "400Gbps"},
      {"topology: [ 1 ]\n", "s.yaml:1", "'topology' must be a mapping, not a list", "topology: {"},
      {"topology:\nseed: 1\n", "s.yaml:1", "'topology' must be a mapping, not nothing", ""},
      {"topology: { kind: graph, link: { delay: 1us } }\n", "s.yaml:1", "'graph' is missing", ""},
      {"topology: { kind: graph, graph: { hosts: [a], links: [ { a: a, b: c } ] } }\n", "s.yaml:1", "the link delay is missing", ""},
  };
  for (const Mistake& mistake : mistakes) expect_refused(std::string(mistake.text) + fabric + workloads, {}, mistake);
}

TEST(ScenarioErrors, Fabric) {
  const Mistake mistakes[] = {
      {"fabric: { conjestion: none }\n", "s.yaml:2", "unknown key 'conjestion' in fabric", "'congestion'"},
      {"fabric: { transport: udp }\n", "s.yaml:2", "'transport' cannot be 'udp'", "valid: roce, uet"},
      {"fabric: { mtu: 1500 }\n", "s.yaml:2", "'mtu' cannot be '1500'", "valid: 256, 512, 1024, 2048, 4096"},
      {"fabric: { buffer: 64 }\n", "s.yaml:2", "'64' has no unit", "MB"},
      {"fabric: { buffer: -64MB }\n", "s.yaml:2", "negative", ""},
      {"fabric: { alpha: 0 }\n", "s.yaml:2", "'alpha' must be a fraction above 0", "1/8"},
      {"fabric: { ecn: { pmax: 1.5 } }\n", "s.yaml:2", "out of range", "from 0 to 1"},
      {"fabric: { ecn: { kmin: 9KB, kmax: 8KB } }\n", "s.yaml:2", "above 'kmax'", ""},
      {"fabric: { pfc: { headroom: 5us } }\n", "s.yaml:2", "is a time, not a size", "2MB"},
      {"fabric: { timeout_exponent: 32 }\n", "s.yaml:2", "too large", "from 0 to 31"},
      {"fabric: { reroute_queued: maybe }\n", "s.yaml:2", "must be true or false", ""},
      {"fabric: { dwrr_weight: [1, 2] }\n", "s.yaml:2", "lists 2 numbers", "8 classes"},
      {"fabric: { stall: 10 }\n", "s.yaml:2", "has no unit", "ms"},
      {"profile: uec\n", "s.yaml:2", "'profile' cannot be 'uec'", "uec-table"},
  };
  for (const Mistake& mistake : mistakes) expect_refused(std::string(topology) + mistake.text + workloads, {}, mistake);
}

TEST(ScenarioErrors, Workloads) {
  const Mistake mistakes[] = {
      {"seed: 1\n", "s.yaml:1", "'workloads' is missing", ""},
      {"workloads: []\n", "s.yaml:3", "'workloads' is empty", "kind: permutation"},
      {"workloads: { kind: permutation }\n", "s.yaml:3", "must be a list", ""},
      {"workloads: [ { size: 2MB } ]\n", "s.yaml:3", "'kind' is missing", ""},
      {"workloads: [ { kind: permutation, size: 2000000 } ]\n", "s.yaml:3", "has no unit", "B, KB, MB"},
      {"workloads: [ { kind: permutation, size: -2MB } ]\n", "s.yaml:3", "negative", ""},
      {"workloads: [ { kind: permutation, size: 0 } ]\n", "s.yaml:3", "too small", "from 1B"},
      {"workloads: [ { kind: permutation } ]\n", "s.yaml:3", "'size' is missing in workloads for kind 'permutation'", ""},
      {"workloads: [ { kind: incast, size: 2MB, load: 0.5, fan_in: 2 } ]\n", "s.yaml:3", "does not go with kind 'incast'", "poisson"},
      {"workloads: [ { kind: permutation, size: 2MB, hosts: [3-1] } ]\n", "s.yaml:3", "runs backwards", ""},
      {"workloads: [ { kind: permutation, size: 2MB, hosts: [a] } ]\n", "s.yaml:3", "lists whole numbers", "0-99"},
      {"workloads: [ { kind: poisson, load: 0.5, length: 1ms } ]\n", "s.yaml:3", "'size' is missing", "web-search"},
      {"workloads: [ { kind: poisson, load: 0.5, length: 1ms, size: 1MB, sizes: hadoop } ]\n", "s.yaml:3", "does not go with sizes", ""},
      {"workloads: [ { matrix: a.cm, file: b.cm } ]\n", "s.yaml:3", "both 'matrix' and 'file'", "keep one"},
      {"workloads: [ { kind: flows, flows: [\n { src: 1, dst: 1, size: 1KB } ] } ]\n", "s.yaml:4", "from host 1 to itself", ""},
      {"workloads: [ { kind: flows, flows: [\n { src: 1, dst: 2 } ] } ]\n", "s.yaml:4", "'size' is missing", ""},
      {"workloads: [ { kind: flows, flows: [\n { src: 1, dst: 2, size: 1KB, after: 4 } ] } ]\n", "s.yaml:4", "names the trigger 4",
       "{ id: 4 }"},
      {"workloads: [ { kind: flows, triggers: [ { id: 3 } ], flows: [\n { src: 1, dst: 2, size: 1KB, after: 3, start: 1us } ] } ]\n",
       "s.yaml:4", "both 'start' and 'after'", ""},
      {"workloads: [ { kind: flows, flows: [ { id: 1, src: 1, dst: 2, size: 1KB },\n { id: 1, src: 2, dst: 3, size: 1KB } ] } ]\n",
       "s.yaml:4", "two flows with the id 1", ""},
      {"workloads: [ { kind: flows, triggers: [ { id: 1, count: 2 } ], flows: [] } ]\n", "s.yaml:3", "does not go with kind 'oneshot'",
       "barrier"},
  };
  for (const Mistake& mistake : mistakes) expect_refused(std::string(topology) + fabric + mistake.text, {}, mistake);
}

TEST(ScenarioErrors, LinksAndTimes) {
  const Mistake mistakes[] = {
      {"links: [ { link: a-b } ]\n", "s.yaml:4", "changes nothing", "loss"},
      {"links: [ { link: a-b, loss: 2 } ]\n", "s.yaml:4", "out of range", "from 0 to 1"},
      {"links: [ { link: a-b, loss: -0.1 } ]\n", "s.yaml:4", "negative", "from 0 to 1"},
      {"links: [ { link: a-b, up: 2us } ]\n", "s.yaml:4", "'up' without 'down'", ""},
      {"links: [ { link: a-b, down: 3us, up: 2us } ]\n", "s.yaml:4", "later than 'down'", ""},
      {"links: [ { link: a-b, loss: { kind: gilbert-elliott } } ]\n", "s.yaml:4", "'good_to_bad' is missing", ""},
      {"links: [ { link: a-b, loss: { p: 0.1, loss_bad: 1 } } ]\n", "s.yaml:4", "does not go with kind 'uniform'", "gilbert-elliott"},
      {"links: [ { loss: 0.1 } ]\n", "s.yaml:4", "'link' is missing", ""},
      {"duration: 1ms\nwarmup: 2ms\n", "s.yaml:5", "'warmup' is not shorter", ""},
      {"trace: { interval: 0 }\n", "s.yaml:4", "too small", ""},
      {"seed: -1\n", "s.yaml:4", "negative", ""},
  };
  for (const Mistake& mistake : mistakes) expect_refused(std::string(topology) + fabric + workloads + mistake.text, {}, mistake);
}

TEST(ScenarioErrors, Set) {
  const Mistake mistakes[] = {
      {"fabric.mtuu=1024", "--set fabric.mtuu=1024", "unknown key 'mtuu' in fabric", "'mtu'"},
      {"fabric.mtu=1000", "--set fabric.mtu=1000", "cannot be '1000'", "valid: 256"},
      {"fabric.mtu", "--set fabric.mtu", "needs a key and a value", "fabric.mtu=1024"},
      {"fabric.mtu=", "--set fabric.mtu=", "the value is empty", ""},
      {"fabric..mtu=1", "--set fabric..mtu=1", "an empty name", ""},
      {"workloads.1.size=2MB", "--set workloads.1.size=2MB", "'workloads' is a list of 1", "count from 0"},
      {"workloads.size=2MB", "--set workloads.size=2MB", "no position in it", "count from 0"},
      {"fabric.mtu.x=2MB", "--set fabric.mtu.x=2MB", "'fabric.mtu' is a single value", ""},
      {"workloads.0.size=5", "--set workloads.0.size=5", "has no unit", "MB"},
      {"topology={ a", "--set topology={ a", "not valid YAML", ""},
  };
  for (const Mistake& mistake : mistakes) expect_refused(std::string(topology) + fabric + workloads, {mistake.text}, mistake);
}

}  // namespace
}  // namespace weft
