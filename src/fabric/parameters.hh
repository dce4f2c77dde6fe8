// The `fabric:` mapping of a scenario: switches, NICs and transports, with every default. docs/scenario.md documents each key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "link/cbfc.hh"
#include "link/llr.hh"

namespace weft {

// From oblivious on, the end points choose: each packet carries an entropy value, and the switches hash it as with ecmp.
enum class LoadBalancing : std::uint8_t {
  ecmp,
  spray_random,
  spray_round_robin,
  spray_least_queued,
  adaptive,
  flowlet,
  oblivious,
  bitmap,
  reps,
  mixed
};
[[nodiscard]] constexpr bool chosen_by_end_points(LoadBalancing kind) { return kind >= LoadBalancing::oblivious; }

enum class Lossless : std::uint8_t { none, pfc, cbfc };
enum class HeadroomModel : std::uint8_t { physical, vendor };
enum class Recovery : std::uint8_t { go_back_n, selective, sleek, rto };
enum class EcnAt : std::uint8_t { enqueue, dequeue };
enum class Delivery : std::uint8_t { rud, rod, rudi };      // reliable: unordered, ordered, unordered of what may be done twice
enum class TrimVictim : std::uint8_t { arriving, either };  // whom a full queue cuts: see fabric/trimming.hh
enum class Profile : std::uint8_t { none, uec_table };      // whose set-up the defaults are

struct EcnParameters {  // HPCC shipped row, scaled linearly from 100 Gb/s with each port's rate
  bool enabled = true;
  std::optional<Bytes> kmin, kmax;  // absent: 400 KB and 1600 KB at 100 Gb/s, scaled; uet: see fabric/queue_sizes.hh
  double pmax = 0.2;
  EcnAt at = EcnAt::enqueue;
  bool last_hop = true;  // also at the ports towards hosts
  bool operator==(const EcnParameters&) const = default;
};

struct PfcParameters {
  std::optional<Bytes> headroom;  // per ingress port and lossless class; absent: by `headroom_model`
  HeadroomModel headroom_model = HeadroomModel::physical;
  std::optional<Duration> response;  // pfc_response; absent: the quanta of the link's rate, not doubled (fabric.md 1.9)
  std::optional<Bytes> xoff;         // static threshold; absent: dynamic by alpha
  Bytes hysteresis{3 * 1024};
  std::uint16_t pause_quanta = 65535;
  bool operator==(const PfcParameters&) const = default;
};

// What only Ultra Ethernet has. `trimming` and what follows concern the switches.
struct UetParameters {
  Delivery delivery = Delivery::rud;
  std::uint32_t paths = 128;               // entropy values of a connection: a power of two, 1 to 65536
  Bytes ack_bytes{16384};                  // payload received without an ACK at most
  std::optional<Duration> least_rto;       // absent: see fabric/queue_sizes.hh
  std::optional<Duration> base_rtt;        // of the network at rest; absent: see topology/idle_rtt.hh
  std::optional<std::uint32_t> psn_range;  // MP_RANGE, packets in flight at most; absent: all that the engine allows
  bool trimming = true;
  std::uint8_t trimmed_class = 5;   // 802.1p priority of cut packets
  std::optional<Bytes> trim_queue;  // cut packets at an egress port; absent: twice `queue`
  TrimVictim trim_victim = TrimVictim::arriving;
  bool operator==(const UetParameters&) const = default;
};

enum class Scheduling : std::uint8_t { none, gse };
enum class GseMode : std::uint8_t { n2n, e2e };                                  // who is the GSP: the edge switch, the NIC
enum class ContainerSpray : std::uint8_t { round_robin, random, least_queued };  // over the paths of a stream

// A scheduled fabric (scheduling: gse). What is absent follows from the round trip of the fabric at rest: sim/gse_sizes.hh.
// How a scheduled fabric hears of links that change: by the routing protocol only, by frames, by blocks of the physical layer.
enum class FaultNotice : std::uint8_t { none, frame, block };

struct GseParameters {
  GseMode mode = GseMode::n2n;
  Bytes container{16'384};
  ContainerSpray spray = ContainerSpray::round_robin;
  std::optional<Bytes> quantum;            // of a grant; absent: one container
  std::optional<Bytes> initial_credit;     // what a queue may send before it is granted anything; absent: see sim/gse_sizes.hh
  std::optional<Bytes> window;             // granted and not yet out of the egress port, at most; absent: see sim/gse_sizes.hh
  std::optional<Bytes> request_step;       // a request each time so much more is wanted; absent: four containers
  std::optional<Duration> request_repeat;  // a request without an answer is sent again
  Duration idle{50'000'000};               // an empty queue lives on so long
  std::optional<Duration> hole_timeout;    // a container that does not end is passed over
  std::optional<Duration> credit_age;      // what was granted and does not come is written off
  FaultNotice notice = FaultNotice::block;
  std::uint32_t notice_copies = 3;
  Duration notice_repeat{10'000'000};  // between copies
  Duration join{1'000'000'000};        // a link that comes up is announced so much later: discovery, ids
  Bytes nic_buffer{2'000'000};         // e2e: what waits in a NIC for one host before that is paused
  bool operator==(const GseParameters&) const = default;
};

struct FabricParameters {
  Profile profile = Profile::none;   // set by the scenario's key `profile`
  std::string transport = "roce";    // roce | uet
  std::string congestion = "dcqcn";  // roce: dcqcn | none; uet: nscc | rccc | nscc+rccc | none
  std::string dcqcn_set = "paper";   // paper | htsim | hpcc-default | hpcc-shipped | mellanox
  LoadBalancing load_balancing = LoadBalancing::ecmp;
  Lossless lossless = Lossless::pfc;
  Recovery recovery = Recovery::go_back_n;
  std::uint32_t mtu = 4096;                    // payload bytes a packet; roce: 256, 512, 1024, 2048 or 4096
  Bytes buffer{64'000'000};                    // shared, per switch
  std::optional<Bytes> queue;                  // data class at an egress port at most; absent: by alpha; uet: see fabric/queue_sizes.hh
  Duration flowlet_gap{5'000'000};             // a pause that lets a flow take another port (load_balancing: flowlet)
  std::uint32_t alpha_num = 1, alpha_den = 8;  // dynamic threshold = alpha * free shared buffer
  EcnParameters ecn;
  PfcParameters pfc;
  CbfcParameters cbfc;
  double ber = 0;  // bit errors of the network's links, where `links` does not say otherwise
  LlrParameters llr;
  UetParameters uet;
  Scheduling scheduling = Scheduling::none;
  GseParameters gse;
  std::uint32_t ack_every = 4;          // packets per ACK; also at message end
  std::uint32_t timeout_exponent = 14;  // 4.096 us * 2^n; 0 = off
  std::uint32_t retry_count = 7, rnr_retry = 7;
  std::uint32_t window = 0;  // packets in flight at most; 0: no limit but the PSN space (selective: 16384)
  std::uint8_t data_class = 3, ack_class = 3, notify_class = 6;      // 802.1p priorities; control frames are above all
  std::array<std::uint32_t, 8> dwrr_weight{0, 0, 0, 0, 0, 0, 0, 0};  // 0: strict priority; else shares among weighted classes
  Duration convergence{1'000'000'000};                               // from a link's change to the new routes (1 ms)
  bool reroute_queued = false;              // packets queued on a dead port: wait, or be routed again after convergence
  Duration detect{10'000'000};              // loss of light to the receiver's knowledge (10 us)
  std::optional<Duration> trigger_latency;  // between hosts; absent, or below the window: the least link delay
  std::optional<Duration> stall;            // no progress for so long = stuck; absent: 10 times the largest RTO, at least 10 ms
  bool operator==(const FabricParameters&) const = default;
};

}  // namespace weft
