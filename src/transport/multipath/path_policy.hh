// PathPolicy: the seam between a multipath transport and its choice of paths. A path is an entropy value (EV) of 16 bits that
// rides in the UDP source port; switches hash it, so another value is, most likely, another path. A policy chooses one for
// each packet and is told what became of packets. To add one: one file, one line in each of any_path_policy.hh and .cc.
//
//   next(now)                 the path of the packet that leaves now
//   report(path, event, now)  what is known of a packet that took `path`
// Events:
//   good     acknowledged without a mark          nack     trimmed, but not at the last hop, where every path ends alike
//   ecn      acknowledged with a mark             timeout  no answer before the RTO
// A trim at the last hop is reported as good or, when marked, as ecn: the path did its work.
//
// Integers only; no allocation but in reset(). Source: UE 1.0 leaves the policy open; the four policies are those of uet-htsim,
// the UEC group's public simulator.
#pragma once

#include <concepts>
#include <cstdint>

#include "base/id.hh"
#include "base/units.hh"
#include "engine/digest.hh"

namespace weft::multipath {

enum class PathEvent : std::uint8_t { good, ecn, nack, timeout };

struct PathPolicyConfig {
  std::uint32_t paths = 128;  // EVs in use: a power of two, 1 to 65536
  std::uint64_t key = 0;      // of this connection's random numbers: random_key(seed, RandomRoom::engine, connection)
  Duration freeze{10'000'000'000};
};

template <class P>
concept PathPolicy = requires(P policy, const P constant, PathId path, PathEvent event, Time now, const PathPolicyConfig& config,
                              Digest& digest) {
  policy.reset(config);
  { policy.next(now) }
  noexcept->std::same_as<PathId>;
  { policy.report(path, event, now) }
  noexcept;
  { constant.digest(digest) }
  noexcept;
};

}  // namespace weft::multipath
