#include "sim/trigger_table.hh"

#include <algorithm>

namespace weft {

TriggerTable::TriggerTable(const Traffic& traffic, Duration latency) : entries_(traffic.triggers.size()), latency_(latency) {
  const std::size_t count = entries_.size();
  std::vector<std::vector<std::uint32_t>> waiting(count), causes(count);
  for (std::uint32_t flow = 0; flow < traffic.flows.size(); ++flow) {
    const FlowSpec& spec = traffic.flows[flow];
    if (spec.after.valid()) waiting[spec.after.index()].push_back(flow);
    if (spec.on_sent.valid()) causes[spec.on_sent.index()].push_back(spec.src.v);
    if (spec.on_received.valid()) causes[spec.on_received.index()].push_back(spec.operation == Operation::read ? spec.src.v : spec.dst.v);
  }
  for (std::size_t i = 0; i < count; ++i) {
    Entry& entry = entries_[i];
    entry.kind = traffic.triggers[i].kind;
    entry.count = traffic.triggers[i].count;
    entry.first_waiting = static_cast<std::uint32_t>(waiting_.size());
    entry.waiting = static_cast<std::uint32_t>(waiting[i].size());
    waiting_.insert(waiting_.end(), waiting[i].begin(), waiting[i].end());
    std::vector<std::uint32_t> hosts;
    for (const std::uint32_t flow : waiting[i]) hosts.push_back(traffic.flows[flow].src.v);
    std::sort(hosts.begin(), hosts.end());
    hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
    entry.first_replica = static_cast<std::uint32_t>(replicas_.size());
    entry.replicas = static_cast<std::uint32_t>(hosts.size());
    for (const std::uint32_t host : hosts) replicas_.push_back({host, 0});
    const bool one_actor = hosts.size() <= 1;
    entry.local =
        one_actor && std::all_of(causes[i].begin(), causes[i].end(), [&](std::uint32_t h) { return hosts.empty() || h == hosts[0]; });
    if (!entry.local) ++distant_;
  }
}

std::span<const std::uint32_t> TriggerTable::started_by(const Entry& entry, std::uint32_t number) const {
  const std::span<const std::uint32_t> all(waiting_.data() + entry.first_waiting, entry.waiting);
  switch (entry.kind) {
    case TriggerKind::oneshot: return number == 1 ? all : all.subspan(0, 0);
    case TriggerKind::barrier: return number == entry.count ? all : all.subspan(0, 0);
    case TriggerKind::multishot: return number <= entry.waiting ? all.subspan(number - 1, 1) : all.subspan(0, 0);
  }
  return {};
}

}  // namespace weft
