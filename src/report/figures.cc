#include "report/figures.hh"

#include "report/decimal.hh"

namespace weft {

std::optional<Duration> fct(const FlowResult& flow) {
  if (flow.status != FlowStatus::completed || flow.sender_done >= Time::never()) return std::nullopt;
  return flow.sender_done - flow.start;
}

std::optional<Duration> receiver_fct(const FlowResult& flow) {
  if (flow.receiver_done >= Time::never() || flow.start >= Time::never()) return std::nullopt;
  return flow.receiver_done - flow.start;
}

std::optional<std::int64_t> slowdown_millionths(const FlowResult& flow) {
  const auto time = fct(flow);
  if (!time || flow.ideal.v <= 0) return std::nullopt;
  return millionths(time->v, flow.ideal.v);
}

Bytes delivered(const FlowResult& flow) {
  // An endless flow has size 0 and is known by what arrived.
  return flow.status == FlowStatus::completed && flow.delivered < flow.spec.size ? flow.spec.size : flow.delivered;
}

bool measured(const FlowResult& flow) { return flow.warm && fct(flow).has_value(); }

FlowFigures flow_figures(const Results& results) {
  FlowFigures figures;
  std::vector<std::int64_t> times, slowdowns;
  times.reserve(results.flows.size());
  slowdowns.reserve(results.flows.size());
  for (const FlowResult& flow : results.flows) {
    if (flow.status == FlowStatus::completed) ++figures.completed;
    if (flow.status == FlowStatus::failed) ++figures.failed;
    if (!measured(flow)) continue;
    times.push_back(fct(flow)->v);
    if (const auto slowdown = slowdown_millionths(flow)) slowdowns.push_back(*slowdown);
  }
  figures.count = results.flows.size();
  figures.measured = times.size();
  figures.fct_ps = statistics(std::move(times));
  figures.slowdown_millionths = statistics(std::move(slowdowns));
  return figures;
}

double goodput_gbps(const Results& results) {
  Bytes total{};
  for (const FlowResult& flow : results.flows) total += delivered(flow);
  return static_cast<double>(gbps_millionths(total, {results.simulated_time.ps})) / 1e6;
}

double packet_hops_per_s(const Results& results) {
  return results.run_s > 0 ? static_cast<double>(results.counters.packet_hops) / results.run_s : 0.0;
}

std::string_view name_of(RunStatus status) {
  switch (status) {
    case RunStatus::done: return "done";
    case RunStatus::stuck: return "stuck";
    case RunStatus::interrupted: return "interrupted";
  }
  return "unknown";
}

std::string_view name_of(FlowStatus status) {
  switch (status) {
    case FlowStatus::pending: return "pending";
    case FlowStatus::running: return "running";
    case FlowStatus::completed: return "completed";
    case FlowStatus::failed: return "failed";
  }
  return "unknown";
}

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::write: return "write";
    case Operation::read: return "read";
    case Operation::send: return "send";
    case Operation::tagged_send: return "tagged-send";
  }
  return "unknown";
}

}  // namespace weft
