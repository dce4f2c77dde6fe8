#include "sim/tier_loads.hh"

#include <algorithm>
#include <map>

namespace weft {
namespace {

std::string kind_of(const std::string& name) {
  std::string kind;
  std::copy_if(name.begin(), name.end(), std::back_inserter(kind), [](char c) { return c < '0' || c > '9'; });
  return kind.empty() ? "node" : kind;
}

}  // namespace

TierLoads::TierLoads(Network& network) : network_(network), tier_of_(network.egress.size(), most_tiers) {
  std::map<std::string, std::uint16_t> known;
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const LinkSpec& link = network.spec.links[directed / 2];
    const NodeId from = directed % 2 == 0 ? link.a : link.b, to = directed % 2 == 0 ? link.b : link.a;
    const std::string name = kind_of(network.spec.nodes[from.index()].name) + " to " + kind_of(network.spec.nodes[to.index()].name);
    const auto [at, added] = known.emplace(name, static_cast<std::uint16_t>(tiers_.size()));
    if (added && tiers_.size() < most_tiers) tiers_.push_back({.name = name, .bytes = {}});
    if (at->second >= most_tiers) continue;
    tier_of_[directed] = at->second;
    ++tiers_[at->second].ports;
    tiers_[at->second].bytes_per_ps += static_cast<double>(network.port_of(directed).clock.rate().v) / 8e12;
  }
}

void TierLoads::close_bin() {
  std::vector<std::uint64_t> sums(most_tiers + 1, 0);
  for (std::uint32_t directed = 0; directed < tier_of_.size(); ++directed) sums[tier_of_[directed]] += network_.port_of(directed).bytes;
  bool idle = true;
  for (std::size_t i = 0; i < tiers_.size(); ++i) idle = idle && sums[i] == tiers_[i].seen;
  if (idle) return;
  while (begin_.ps / interval_.v >= most_bins) widen();
  const auto bin = static_cast<std::size_t>(begin_.ps / interval_.v);
  for (std::size_t i = 0; i < tiers_.size(); ++i) {
    Tier& tier = tiers_[i];
    if (tier.bytes.size() <= bin) tier.bytes.resize(bin + 1, 0);
    tier.bytes[bin] += sums[i] - tier.seen;
    tier.seen = sums[i];
  }
}

void TierLoads::widen() {
  for (Tier& tier : tiers_) {
    for (std::size_t i = 0; i < tier.bytes.size(); i += 2) {
      tier.bytes[i / 2] = tier.bytes[i] + (i + 1 < tier.bytes.size() ? tier.bytes[i + 1] : 0);
    }
    tier.bytes.resize((tier.bytes.size() + 1) / 2);
  }
  interval_.v *= 2;
}

void TierLoads::move_to(Time now) {
  close_bin();
  begin_ = now;
}

void TierLoads::finish(Results& results, Time end) {
  close_bin();
  while (end.ps / interval_.v >= most_bins) widen();
  for (Tier& tier : tiers_) tier.bytes.resize(static_cast<std::size_t>(end.ps / interval_.v) + 1, 0);
  for (const Tier& tier : tiers_) {
    TierLoad load{.name = tier.name, .ports = tier.ports, .interval = interval_, .share = {}};
    for (std::size_t i = 0; i < tier.bytes.size(); ++i) {
      const std::int64_t begin = interval_.v * static_cast<std::int64_t>(i);
      const auto length = static_cast<double>(std::max<std::int64_t>(std::min(interval_.v, end.ps - begin), 1));
      load.share.push_back(std::min(1.0, static_cast<double>(tier.bytes[i]) / tier.bytes_per_ps / length));
    }
    results.loads.push_back(std::move(load));
  }
}

}  // namespace weft
