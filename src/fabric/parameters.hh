// The `fabric:` mapping of a scenario: switches, NICs and transports, with every default. docs/scenario.md documents each key.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"

namespace weft {

enum class LoadBalancing : std::uint8_t { ecmp, spray_random, spray_round_robin, spray_least_queued };
enum class Lossless : std::uint8_t { none, pfc };
enum class HeadroomModel : std::uint8_t { physical, vendor };
enum class Recovery : std::uint8_t { go_back_n, selective };
enum class EcnAt : std::uint8_t { enqueue, dequeue };

struct EcnParameters {  // HPCC shipped row, scaled linearly from 100 Gb/s with each port's rate
  bool enabled = true;
  std::optional<Bytes> kmin, kmax;  // absent: 400 KB and 1600 KB at 100 Gb/s, scaled
  double pmax = 0.2;
  EcnAt at = EcnAt::enqueue;
};

struct PfcParameters {
  std::optional<Bytes> headroom;  // per ingress port and lossless class; absent: by `headroom_model`
  HeadroomModel headroom_model = HeadroomModel::physical;
  std::optional<Duration> response;  // pfc_response; absent: the quanta of the link's rate, not doubled (fabric.md 1.9)
  std::optional<Bytes> xoff;         // static threshold; absent: dynamic by alpha
  Bytes hysteresis{3 * 1024};
  std::uint16_t pause_quanta = 65535;
};

struct FabricParameters {
  std::string transport = "roce";
  std::string congestion = "dcqcn";  // dcqcn | none
  std::string dcqcn_set = "paper";   // paper | htsim | hpcc-default | hpcc-shipped | mellanox
  LoadBalancing load_balancing = LoadBalancing::ecmp;
  Lossless lossless = Lossless::pfc;
  Recovery recovery = Recovery::go_back_n;
  std::uint32_t mtu = 4096;                    // payload bytes a packet: 256, 512, 1024, 2048 or 4096
  Bytes buffer{64'000'000};                    // shared, per switch
  std::uint32_t alpha_num = 1, alpha_den = 8;  // dynamic threshold = alpha * free shared buffer
  EcnParameters ecn;
  PfcParameters pfc;
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
};

}  // namespace weft
