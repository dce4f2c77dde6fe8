#include "sim/fault_watch.hh"

#include <algorithm>
#include <numeric>

namespace weft {

FaultWatch::FaultWatch(Network& network) : network_(network), all_(network.hosts.size()) {
  std::iota(all_.begin(), all_.end(), 0U);
  for (std::uint32_t directed = 0; directed < network.plan.directions.size(); ++directed) {
    if (!network.plan.directions[directed].down.empty()) changing_.push_back(directed);
  }
}

void FaultWatch::take(Time now) {
  if ((at_.size() + 1) * all_.size() > most_figures && at_.size() > 2 * least_looks) thin_out();
  at_.push_back(now);
  for (const HostNode* host : network_.hosts) packets_.push_back(static_cast<std::uint32_t>(host->progress()));
  next_ = now + interval_;
}

void FaultWatch::thin_out() {
  const auto hosts = static_cast<std::ptrdiff_t>(all_.size());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < at_.size(); i += 2, ++kept) {
    at_[kept] = at_[i];
    std::copy_n(packets_.begin() + static_cast<std::ptrdiff_t>(i) * hosts, hosts,
                packets_.begin() + static_cast<std::ptrdiff_t>(kept) * hosts);
  }
  at_.resize(kept);
  packets_.resize(kept * all_.size());
  interval_.v *= 2;
}

std::uint64_t FaultWatch::delivered(std::size_t look, const std::vector<std::uint32_t>& hosts) const {
  std::uint64_t packets = 0;
  for (const std::uint32_t host : hosts) packets += packets_[look * all_.size() + host];
  return packets;
}

FaultWatch::Recovery FaultWatch::recovery(Time change, Time horizon, const std::vector<std::uint32_t>& hosts) const {
  const auto first = static_cast<std::size_t>(std::lower_bound(at_.begin(), at_.end(), change) - at_.begin());
  const auto end = static_cast<std::size_t>(std::upper_bound(at_.begin(), at_.end(), horizon) - at_.begin());
  if (end < first + least_looks) return {};
  std::vector<std::uint64_t> packets;
  for (std::size_t look = first; look < end; ++look) packets.push_back(delivered(look, hosts));
  const std::size_t last = packets.size() - 1, settled = last - packets.size() / 4;
  const double rate = static_cast<double>(packets[last] - packets[settled]) / static_cast<double>((at_[end - 1] - at_[first + settled]).v);
  if (rate <= 0) return {};
  double most = 0;
  const auto missing = [&](std::size_t i) {
    return rate * static_cast<double>((at_[first + i] - at_[first]).v) - static_cast<double>(packets[i] - packets[0]);
  };
  for (std::size_t i = 0; i <= last; ++i) most = std::max(most, missing(i));
  const Duration spacing{(at_[end - 1] - at_[first]).v / static_cast<std::int64_t>(last)};
  if (most <= 2 * rate * static_cast<double>(std::max(interval_, spacing).v)) return {change, 0};
  std::size_t over = 0;
  while (missing(over) < 0.95 * most) ++over;
  return {at_[first + over], most};
}

// Hosts that receive what was lost on these.
std::vector<std::uint32_t> FaultWatch::hurt(const std::vector<std::uint32_t>& directions) const {
  std::vector<std::uint32_t> hosts;
  for (const std::uint32_t directed : directions) {
    for (const std::uint32_t flow : network_.detail_of(directed).hurt_flows) {
      const FlowSpec& spec = network_.table.flows[flow];
      hosts.push_back(spec.operation == Operation::read ? spec.src.v : spec.dst.v);
    }
  }
  std::sort(hosts.begin(), hosts.end());
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  return hosts;
}

// Directions of links, in order, that go down or come up at this instant.
std::vector<std::uint32_t> FaultWatch::changed(Time at, bool up) const {
  std::vector<std::uint32_t> directions;
  for (const std::uint32_t directed : changing_) {
    const std::vector<DownInterval>& down = network_.plan.directions[directed].down;
    if (std::any_of(down.begin(), down.end(), [at, up](const DownInterval& d) { return (up ? d.up : d.down) == at; }))
      directions.push_back(directed);
  }
  return directions;
}

// As scenarios select links: "a-b", or "a>b" where the other direction does not change.
std::vector<std::string> FaultWatch::names(const std::vector<std::uint32_t>& directions) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < directions.size(); ++i) {
    const LinkSpec& ends = network_.spec.links[directions[i] / 2];
    const std::string &a = network_.spec.nodes[ends.a.index()].name, &b = network_.spec.nodes[ends.b.index()].name;
    const bool back = directions[i] % 2 == 1, both = !back && i + 1 < directions.size() && directions[i + 1] == directions[i] + 1;
    if (both) ++i;
    names.push_back(both ? a + "-" + b : back ? b + ">" + a : a + ">" + b);
  }
  return names;
}

void FaultWatch::add_lost(FaultResult& fault, const std::vector<std::uint32_t>& directions) const {
  for (const std::uint32_t directed : directions) {
    const PortDetail& detail = network_.detail_of(directed);
    for (std::size_t i = 0; i < detail.down.size(); ++i) {
      if (detail.down[i].down != fault.at) continue;
      fault.lost += detail.down_losses[i].frames;
      fault.last_lost = std::max(fault.last_lost, detail.down_losses[i].last);
    }
  }
}

// Who hears of a change uses the routes of all before it, too. Of a link that is not the fabric's, or without notices, its ends know
// first, and all others with the new routes.
void FaultWatch::add_heard(FaultResult& fault, std::uint32_t version, const std::vector<std::uint32_t>& directions) const {
  const Time routed = fault.at + network_.scenario.fabric.convergence, detected = fault.at + network_.scenario.fabric.detect;
  const FaultPlan* const notices = network_.faults.get();
  const bool unannounced = std::any_of(directions.begin(), directions.end(), [&](auto d) { return !network_.scheduled(d / 2); });
  fault.first_heard = notices == nullptr || unannounced ? detected : routed;
  fault.last_heard = notices == nullptr ? routed : Time{};
  for (const Switch* s : network_.switches) {
    if (s == nullptr || s->faults_heard().at.empty()) continue;
    Time heard = routed;
    for (std::size_t i = 0; i < notices->changes.size(); ++i) {
      if (notices->changes[i].version >= version) heard = std::min(heard, s->faults_heard().at[i]);
    }
    fault.first_heard = std::min(fault.first_heard, heard);
    fault.last_heard = std::max(fault.last_heard, heard);
  }
}

Time FaultWatch::horizon(const Results& results, std::uint32_t version) const {
  const Time change = network_.change_of(version);
  Time until = version + 1 < network_.routes.size() ? network_.change_of(version + 1) : results.simulated_time;
  for (const FlowResult& flow : results.flows) {
    const Time end = std::min(flow.receiver_done, flow.sender_done);
    if (flow.start <= change && end > change) until = std::min(until, end);
    if (flow.start > change) until = std::min(until, flow.start);
  }
  return until;
}

void FaultWatch::add_fault(Results& results, std::uint32_t version, bool up) const {
  FaultResult fault;
  fault.at = network_.change_of(version);
  fault.up = up;
  const std::vector<std::uint32_t> directions = changed(fault.at, up);
  if (directions.empty()) return;
  fault.links = names(directions);
  if (!up) add_lost(fault, directions);
  add_heard(fault, version, directions);
  const std::vector<std::uint32_t> hosts = up ? all_ : hurt(directions);
  const Recovery found = hosts.empty() ? Recovery{fault.at, 0} : recovery(fault.at, horizon(results, version), hosts);
  fault.recovered = found.at;
  fault.missing = Bytes{static_cast<std::int64_t>(found.missing) * network_.scenario.fabric.mtu};
  results.faults.push_back(std::move(fault));
}

// The goodput of all hosts, for a chart.
void FaultWatch::add_series(Results& results) const {
  constexpr std::size_t most_points = 1000;
  const std::size_t step = at_.size() / most_points + 1;
  TraceSeries series{.name = "all hosts", .unit = "Gb/s", .what = "goodput", .at = {}, .value = {}};
  for (std::size_t i = step; i < at_.size(); i += step) {
    const std::uint64_t packets = delivered(i, all_) - delivered(i - step, all_);
    series.at.push_back(at_[i - step]);
    series.value.push_back(static_cast<double>(packets * 8 * network_.scenario.fabric.mtu) * 1000 /
                           static_cast<double>((at_[i] - at_[i - step]).v));
  }
  results.traces.push_back(std::move(series));
}

void FaultWatch::finish(Results& results) {
  while (!at_.empty() && at_.back() >= results.simulated_time) {  // windows go on while timers run out
    at_.pop_back();
    packets_.resize(packets_.size() - all_.size());
  }
  take(results.simulated_time);
  for (std::uint32_t version = 1; version < network_.routes.size(); ++version) {
    for (const bool up : {false, true}) add_fault(results, version, up);
  }
  add_series(results);
}

}  // namespace weft
