// choose(): the algorithm for `algorithm: auto`, as NCCL's cost model picks it, and why.
//
// Rule: for every algorithm and protocol that the machine has, t = latency + bytes / bandwidth with NCCL's constants
// (cost_tables.hh); the least time wins, the earlier in this list on a tie: ring, tree, nvls, nvls-tree, in-network, pat; LL,
// LL128, Simple. n ranks in N servers, ppn = n/N; L_in and L_net are the latencies inside a server and between servers:
//   ring         base + (steps - inter) L_in + inter L_net; steps 2(n-1), inter 2(N-1) for all-reduce, half of it for all-gather
//                and reduce-scatter; all-reduce by Simple between servers 1.4 times that from 64 bytes a channel and rank on
//   tree         base + 2((ppn-1) L_in + floor(log2 N) L_net)
//   nvls         base + L_in, in one server; nvls-tree: base + L_in + 2 floor(log2 N) L_net, in several
//   in-network   base + 2(L_in + (ppn-1) 0.4 us) + L_net, with L_in only for ppn > 1
//   pat          base + floor(log2 N) L_net / 3.5 + n 2.8 us, with one rank a server
// Bandwidth: that inside a server when there is one, else the lesser of that and the servers' NICs; times the algorithm's and
// protocol's efficiency, at most the cap of a channel times channels; times n/steps for ring and nvls, 1/2 for trees.
// Broadcast and reduce: NCCL knows the ring alone. All-to-all: rail-aligned where servers with several ranks have rails, as PXN
// does, else direct. A request without servers counts each rank as a server.
// Project profile: the bandwidth of in-network is a rank's share of its server's NICs (each rank sends S once); algorithms that
// NCCL does not have (halving-doubling, hierarchical) are never picked.
// Units: integers only, picoseconds and bits a second. Source: NCCL 2.2x, src/graph/tuning.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hh"
#include "collective/request.hh"

namespace weft::collective {

struct Machine {
  enum class Generation : std::uint8_t { ampere, hopper, blackwell };
  enum class Inside : std::uint8_t { nvlink, pci };
  Generation generation = Generation::hopper;
  Inside inside = Inside::nvlink;
  Rate inside_rate{};                    // what a ring through the ranks of a server reaches, all channels together
  Rate server_rate{};                    // all NICs of a server together
  Channel channels = 16;                 // what NCCL would use, for its caps by channel
  bool server_switch_computes = false;   // NVLS
  bool network_switch_computes = false;  // SHARP
};

enum class Protocol : std::uint8_t { ll, ll128, simple };
[[nodiscard]] std::string protocol_name(Protocol protocol);  // "LL", "LL128", "Simple"
[[nodiscard]] Overhead protocol_overhead(Protocol protocol);

struct Candidate {
  std::string algorithm;
  Protocol protocol = Protocol::simple;
  Duration latency{};
  Rate bandwidth{};  // of the algorithm
  Duration time{};
};

struct Choice {
  std::string algorithm;
  Protocol protocol = Protocol::simple;
  std::string why;                    // one sentence with the figures
  std::vector<Candidate> candidates;  // all that were weighed, by time
};

[[nodiscard]] Choice choose(const Request& request, const Machine& machine);

}  // namespace weft::collective
