#include "sim/traces.hh"

#include <algorithm>

#include "base/error.hh"

namespace weft {

Traces::Traces(Network& network, const TraceParameters& parameters) : network_(network), interval_(parameters.interval) {
  const std::string& file = network.scenario.file;
  for (const std::uint32_t label : parameters.flows) {
    bool found = false;
    for (std::uint32_t flow = 0; flow < network.table.flows.size(); ++flow) {
      if (network.table.flows[flow].label != label) continue;
      flows_.push_back(flow);
      network.table.traced[flow] = 1;
      found = true;
    }
    if (!found)
      throw InputError(file, "trace.flows names flow " + std::to_string(label) + ", which the scenario does not have",
                       "the console and flows.csv show the labels of flows");
  }
  for (const std::string& selector : parameters.ports) {
    const auto selected = select_links(network.spec, selector);
    if (selected.empty())
      throw InputError(file, "trace.ports names no port: \"" + selector + "\"", "ports are named like \"leaf0>spine0\"");
    ports_.insert(ports_.end(), selected.begin(), selected.end());
  }
  std::sort(flows_.begin(), flows_.end());
  std::sort(ports_.begin(), ports_.end());
  rate_.resize(flows_.size());
  window_.resize(flows_.size());
  queue_.resize(ports_.size());
}

std::size_t Traces::position(std::uint32_t flow) const {
  return static_cast<std::size_t>(std::lower_bound(flows_.begin(), flows_.end(), flow) - flows_.begin());
}

std::int64_t& Traces::bin(Bins& bins, Time now, std::int64_t empty) {
  const auto i = std::min(static_cast<std::size_t>(now.ps / interval_.v), most_bins - 1);
  if (bins.value.size() <= i) bins.value.resize(i + 1, -1);
  if (bins.value[i] < 0) bins.value[i] = empty;
  return bins.value[i];
}

void Traces::sent(std::uint32_t flow, std::uint32_t payload, Time now) { bin(rate_[position(flow)], now, 0) += payload; }

void Traces::in_flight(std::uint32_t flow, std::uint64_t packets, Time now) {
  bin(window_[position(flow)], now, 0) = static_cast<std::int64_t>(packets);
}

void Traces::depth(std::uint32_t link, std::uint64_t bytes, Time now) {
  const auto i = static_cast<std::size_t>(std::lower_bound(ports_.begin(), ports_.end(), link) - ports_.begin());
  std::int64_t& most = bin(queue_[i], now, 0);
  most = std::max(most, static_cast<std::int64_t>(bytes));
}

void Traces::add_series(Results& results, const Bins& bins, const std::string& name, const std::string& what, const std::string& unit,
                        double scale) const {
  TraceSeries series{name, unit, what, {}, {}};
  for (std::size_t i = 0; i < bins.value.size(); ++i) {
    if (bins.value[i] < 0) continue;
    series.at.push_back(Time{static_cast<std::int64_t>(i) * interval_.v});
    series.value.push_back(static_cast<double>(bins.value[i]) * scale);
  }
  if (bins.value.size() == most_bins)
    results.warnings.push_back("trace of " + name + ": everything after " + std::to_string(most_bins) + " bins is in the last one");
  results.traces.push_back(std::move(series));
}

void Traces::finish(Results& results) const {
  const double gbps = 8e3 / static_cast<double>(interval_.v);  // bytes a bin to 1e9 bit/s
  for (std::size_t i = 0; i < flows_.size(); ++i) {
    const std::string name = "flow " + std::to_string(network_.table.flows[flows_[i]].label);
    add_series(results, rate_[i], name, "rate", "Gb/s", gbps);
    add_series(results, window_[i], name, "window", "packets", 1);
  }
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    const LinkSpec& link = network_.spec.links[ports_[i] / 2];
    const std::string& a = network_.spec.nodes[link.a.index()].name;
    const std::string& b = network_.spec.nodes[link.b.index()].name;
    add_series(results, queue_[i], ports_[i] % 2 == 0 ? a + ">" + b : b + ">" + a, "queue", "bytes", 1);
  }
}

}  // namespace weft
