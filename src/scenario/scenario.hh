// Scenario: one description of a network, its fabric and its traffic, as parsed from YAML with every default filled in.
// docs/scenario.md documents each key; docs/scenario.schema.json lets editors complete it. Every default stands here, once.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"

namespace weft {

// ---- topology ------------------------------------------------------------------------------------------------------
struct LinkParameters {
  Rate rate{400'000'000'000};
  Duration delay{1'000'000};           // one microsecond; `length: 200m` is read at 5 us/km
};

struct GraphLink {
  std::string a, b;
  LinkParameters link;
  int line = 0;                        // of the scenario file, for messages
};

struct TopologyParameters {
  std::string kind = "leaf-spine";     // switch | leaf-spine | clos | rail | graph | (set by `file`) topo
  std::string file;                    // a .topo file: replaces every other key of the mapping
  LinkParameters link;                 // host links
  std::optional<LinkParameters> uplink;  // links between switches; `link` when absent
  std::uint32_t hosts = 0;             // switch: hosts on the one switch
  std::uint32_t leaves = 0, spines = 0, hosts_per_leaf = 0;              // leaf-spine
  std::uint32_t pods = 0, leaves_per_pod = 0, aggs_per_pod = 0, cores = 0;  // clos (hosts_per_leaf as above)
  double oversubscription = 1;         // clos, leaf-spine: sets the uplinks where their number is not given
  std::uint32_t servers = 0, gpus_per_server = 8, rails = 0, servers_per_pod = 0;  // rail (rails default: gpus_per_server)
  Duration switch_latency{};
  std::vector<std::string> graph_hosts, graph_switches;  // graph
  std::vector<GraphLink> graph_links;
  int line = 0;                        // where the mapping stands in the file, for messages
};

// ---- fabric --------------------------------------------------------------------------------------------------------
enum class LoadBalancing : std::uint8_t { ecmp, spray_random, spray_round_robin, spray_least_queued };
enum class Lossless : std::uint8_t { none, pfc };
enum class HeadroomModel : std::uint8_t { physical, vendor };
enum class Recovery : std::uint8_t { go_back_n, selective };
enum class EcnAt : std::uint8_t { enqueue, dequeue };

struct EcnParameters {                 // HPCC shipped row, scaled linearly from 100 Gb/s with each port's rate
  bool enabled = true;
  std::optional<Bytes> kmin, kmax;     // absent: 400 KB and 1600 KB at 100 Gb/s, scaled
  double pmax = 0.2;
  EcnAt at = EcnAt::enqueue;
};

struct PfcParameters {
  std::optional<Bytes> headroom;       // per ingress port and lossless class; absent: by `headroom_model`
  HeadroomModel headroom_model = HeadroomModel::physical;
  std::optional<Duration> response;    // pfc_response; absent: the quanta of the link's rate, not doubled (fabric.md 1.9)
  std::optional<Bytes> xoff;           // static threshold; absent: dynamic by alpha
  Bytes hysteresis{3 * 1024};
  std::uint16_t pause_quanta = 65535;
};

struct FabricParameters {
  std::string transport = "roce";
  std::string congestion = "dcqcn";    // dcqcn | none
  std::string dcqcn_set = "paper";     // paper | htsim | hpcc-default | hpcc-shipped | mellanox
  LoadBalancing load_balancing = LoadBalancing::ecmp;
  Lossless lossless = Lossless::pfc;
  Recovery recovery = Recovery::go_back_n;
  std::uint32_t mtu = 4096;            // payload bytes a packet: 256, 512, 1024, 2048 or 4096
  Bytes buffer{64'000'000};            // shared, per switch
  std::uint32_t alpha_num = 1, alpha_den = 8;  // dynamic threshold = alpha * free shared buffer
  EcnParameters ecn;
  PfcParameters pfc;
  std::uint32_t ack_every = 4;         // packets per ACK; also at message end
  std::uint32_t timeout_exponent = 14; // 4.096 us * 2^n; 0 = off
  std::uint32_t retry_count = 7, rnr_retry = 7;
  std::uint32_t window = 0;            // packets in flight at most; 0: no limit but the PSN space (selective: 16384)
  std::uint8_t data_class = 3, ack_class = 3, notify_class = 6;  // 802.1p priorities; control frames are above all
  std::array<std::uint32_t, 8> dwrr_weight{0, 0, 0, 0, 0, 0, 0, 0};  // 0: strict priority; else shares among weighted classes
  Duration convergence{1'000'000'000}; // from a link's change to the new routes (1 ms)
  bool reroute_queued = false;         // packets queued on a dead port: wait, or be routed again after convergence
  Duration detect{10'000'000};         // loss of light to the receiver's knowledge (10 us)
  std::optional<Duration> trigger_latency;  // between hosts; absent, or below the window: the least link delay
  std::optional<Duration> stall;       // no progress for so long = stuck; absent: 10 times the largest RTO, at least 10 ms
};

// ---- conditions of links --------------------------------------------------------------------------------------------
enum class LossKind : std::uint8_t { uniform, gilbert_elliott };
struct LossParameters {
  LossKind kind = LossKind::uniform;
  double p = 0;                        // uniform: chance that a frame is lost
  double good_to_bad = 0, bad_to_good = 1, loss_good = 0, loss_bad = 1;  // Gilbert-Elliott, per frame
};

struct LinkCondition {
  std::string link;                    // "leaf0-spine3", with * as a wildcard; "leaf0>spine3": that direction only
  std::optional<LossParameters> loss;
  std::optional<Rate> rate;            // degraded rate, for the whole run
  std::optional<Time> down;            // goes down then ...
  std::optional<Time> up;              // ... and comes up again; absent: stays down
  int line = 0;
};

// ---- traffic --------------------------------------------------------------------------------------------------------
struct WorkloadParameters {
  std::string kind;                    // flows | matrix | permutation | incast | all-to-all | poisson
  std::string matrix;                  // a .cm file: replaces every other key
  Operation operation = Operation::write;
  Bytes size{};
  Time start{};
  std::vector<std::uint32_t> hosts;    // take part; empty: all
  std::uint32_t fan_in = 0, groups = 1;  // incast: senders to each of `groups` receivers
  std::optional<std::uint32_t> destination;  // incast: the receiver
  double load = 0;                     // poisson: of each host's link rate
  Duration length{};                   // poisson: arrivals happen in [start, start + length)
  std::string sizes;                   // poisson: fixed | web-search | hadoop | file of "bytes cdf" lines
  std::uint32_t parallel = 0;          // all-to-all: flows at once per sender; 0: all
  std::vector<FlowSpec> flows;         // kind flows: as listed
  std::vector<int> flow_lines;
  std::vector<TriggerSpec> triggers;
  int line = 0;
};

// ---- output ---------------------------------------------------------------------------------------------------------
struct TraceParameters {
  std::vector<std::uint32_t> flows;    // labels
  std::vector<std::string> ports;      // "leaf0>spine3": the egress port of leaf0 towards spine3
  Duration interval{1'000'000};        // width of a bin
};

struct AccountingParameters {          // sizes for timing only; the bytes of --pcap and --wire-check stay real
  std::optional<Bytes> data_overhead, ack_size, gap;
};

struct Scenario {
  std::string name = "unnamed";
  std::string file;                    // where it was read from
  std::string text;                    // what was read, with --set applied: kept beside the results
  TopologyParameters topology;
  FabricParameters fabric;
  std::vector<LinkCondition> links;
  std::vector<WorkloadParameters> workloads;
  std::uint64_t seed = 1;
  std::optional<Time> duration;        // stop then, whatever is unfinished
  Time warmup{};                       // flows that start earlier do not enter the statistics
  TraceParameters trace;
  AccountingParameters accounting;
};

}  // namespace weft
