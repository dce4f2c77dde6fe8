#include "workload/placement.hh"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.hh"
#include "workload/participants.hh"

namespace weft {
namespace {

using Key = std::pair<std::uint32_t, std::uint32_t>;

template <class KeyOf>
void sort_by(std::vector<std::uint32_t>& hosts, KeyOf key_of) {
  std::stable_sort(hosts.begin(), hosts.end(), [&](std::uint32_t a, std::uint32_t b) { return key_of(a) < key_of(b); });
}

void spread(std::vector<std::uint32_t>& hosts, std::uint32_t gpus) {
  std::map<std::uint32_t, std::uint32_t> turn;  // of servers, in the order in which the pool names them
  for (const std::uint32_t host : hosts) turn.emplace(host / gpus, static_cast<std::uint32_t>(turn.size()));
  sort_by(hosts, [&](std::uint32_t host) {
    const std::uint32_t server = turn.at(host / gpus);
    return Key{(host % gpus + gpus - server % gpus) % gpus, server};
  });
}

}  // namespace

std::vector<std::uint32_t> place_ranks(std::vector<std::uint32_t> pool, std::uint32_t ranks, RankPlacement placement,
                                       std::uint32_t gpus_per_server, Random random) {
  CHECK(ranks <= pool.size(), "ranks", ranks, "hosts", pool.size());
  const std::uint32_t gpus = std::max(gpus_per_server, 1U);
  switch (placement) {
    case RankPlacement::packed: break;
    case RankPlacement::rail: sort_by(pool, [&](std::uint32_t host) { return Key{host % gpus, host / gpus}; }); break;
    case RankPlacement::spread: spread(pool, gpus); break;
    case RankPlacement::random: shuffle(pool, random); break;
  }
  pool.resize(ranks);
  return pool;
}

}  // namespace weft
