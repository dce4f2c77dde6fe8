#include "sim/simulation.hh"

#include <algorithm>

#include "sim/collect.hh"
#include "sim/gse_results.hh"
#include "sim/observers.hh"

namespace weft {

namespace {

constexpr Duration least_stall{10'000'000'000};

std::string in_microseconds(Time t) { return std::to_string(t.ps / 1'000'000) + " us"; }

}  // namespace

Simulation::Simulation(const Scenario& scenario, const RunOptions& options)
    : scenario_(scenario),
      options_(options),
      built_(std::chrono::steady_clock::now()),
      network_(scenario, std::max(1U, options.threads)),
      cyclic_wait_(inspection) {
  observers_ = std::make_unique<Observers>(network_, options_);
  begun_ = ended_ = reported_ = std::chrono::steady_clock::now();
}

Simulation::~Simulation() = default;

void Simulation::execute(const Execution& execution) {
  begun_ = reported_ = std::chrono::steady_clock::now();
  for (std::size_t t = 0; t < network_.workers.size(); ++t) {
    network_.workers[t]->between_windows = [this, t] { network_.transport->before_window(static_cast<std::uint16_t>(t)); };
  }
  WindowLoop loop(network_.exchange, network_.nodes, network_.workers, network_.partition.own);
  WindowOptions options;
  options.length = execution.window.v > 0 ? std::min(execution.window, network_.lookahead) : network_.lookahead;
  options.jitter_seed = execution.jitter_seed;
  options.inspection = inspection;
  options.stop = scenario_.duration.value_or(Time::never());
  loop.run(
      options, [this](const WindowState& s) { return inspect(s); }, [this](const WindowState& s) { return each_window(s); });
  ended_ = std::chrono::steady_clock::now();
}

std::uint64_t Simulation::progress() const {
  std::uint64_t sum = 0;
  for (const HostNode* host : network_.hosts) sum += host->progress();
  return sum;
}

std::uint64_t Simulation::finished() const {
  std::uint64_t sum = 0;
  for (const HostNode* host : network_.hosts) sum += host->ends_closed();
  return sum;
}

Duration Simulation::stall() const {
  return scenario_.fabric.stall.value_or(std::max(network_.transport->largest_timeout() * 10, least_stall));
}

// The latest instant up to which it is known why nothing happened; never() when something is still to come.
Time Simulation::last_known_wait(Time now) const {
  Time known{};
  for (const FlowSpec& flow : network_.table.flows) {
    if (!flow.after.valid() && flow.start <= now) known = std::max(known, flow.start);
  }
  for (std::uint32_t work = 0; work < network_.tasks.works(); ++work) {
    if (network_.tasks.start_of(work) > now) return Time::never();
  }
  known = std::max(known, network_.tasks.busy_until());
  for (const HostNode* host : network_.hosts) {
    if (host->next_timed_start() > now && host->next_timed_start() < Time::never()) return Time::never();
  }
  for (const LinkChange& change : network_.plan.changes) {
    const Time over = change.at + scenario_.fabric.convergence;
    if (over > now) return Time::never();
    known = std::max(known, over);
  }
  return known;
}

// Asked before nodes are settled: those with credits are exact, so what settling changes are no blocked ports.
bool Simulation::anyone_waits() {
  if (scenario_.fabric.lossless == Lossless::cbfc && any_without_credits(network_)) return true;
  return std::any_of(network_.switches.begin(), network_.switches.end(),
                     [](const Switch* s) { return s != nullptr && s->xoff_count() > 0; });
}

Verdict Simulation::inspect(const WindowState& state) {
  stopped_at_ = state.idle ? Time::never() : state.now;
  if (state.idle || state.now >= scenario_.duration.value_or(Time::never())) {
    conclude(stopped_at_);
    return Verdict::stop;
  }
  if (!cyclic_wait_.found() && anyone_waits()) {
    network_.settle(state.now);
    cyclic_wait_.look(network_, state.now);
  }
  if (const std::uint64_t now = progress(); now != progressed_) {
    progressed_ = now;
    progressed_at_ = state.now;
    return Verdict::go_on;
  }
  if (progressed_at_ + stall() > state.now) return Verdict::go_on;
  if (finished() == network_.table.flows.size() && network_.tasks.done()) {  // nothing but refreshed pauses is left
    conclude(state.now);
    stopped_at_ = Time::never();
    network_.warnings.push_back("packets were left behind paused or dead links when the last flow was over");
    return Verdict::stop;
  }
  const Time known = last_known_wait(state.now);
  if (known == Time::never() || known + stall() > state.now) return Verdict::go_on;
  conclude(state.now);
  status_ = RunStatus::stuck;
  reason_ = "no payload was delivered for " + std::to_string(stall().v / 1'000'000) + " us, up to " + in_microseconds(state.now);
  return Verdict::stop;
}

void Simulation::conclude(Time now) {
  stopped_at_ = now;
  network_.settle(now);
  const bool cut = scenario_.duration && now == *scenario_.duration;
  std::size_t failed = 0, unfinished = 0;
  std::uint32_t example = 0;
  for (std::uint32_t flow = 0; flow < network_.table.flows.size(); ++flow) {
    const EndState& end = network_.table.ends[initiator_of(flow)];
    if (end.failed && failed++ == 0) example = flow;
    if (end.done == Time::never()) ++unfinished;
  }
  if (failed > 0) {
    const FlowSpec& flow = network_.table.flows[example];
    status_ = RunStatus::stuck;
    reason_ = std::to_string(failed) + " flows failed; the first, " + std::to_string(flow.label) + " (" +
              network_.spec.nodes[flow.src.index()].name + " to " + network_.spec.nodes[flow.dst.index()].name +
              "): " + std::string(network_.table.ends[initiator_of(example)].error);
  } else if (unfinished > 0 && !cut) {
    status_ = RunStatus::stuck;
    reason_ = "nothing is left to do, but " + std::to_string(unfinished) + " flows are unfinished";
  } else if (!network_.tasks.done() && !cut) {
    status_ = RunStatus::stuck;
    reason_ = "nothing is left to do, but tasks are unfinished";
  }
}

Verdict Simulation::each_window(const WindowState& state) {
  observers_->flush();
  observers_->look(state.now);
  const auto now = std::chrono::steady_clock::now();
  if (options_.on_progress && now - reported_ > std::chrono::milliseconds(100)) {
    reported_ = now;
    report_progress(state.now);
  }
  if (options_.interrupt == nullptr || !options_.interrupt->load(std::memory_order_relaxed)) return Verdict::go_on;
  conclude(state.now);
  status_ = RunStatus::interrupted;
  reason_ = "interrupted at " + in_microseconds(state.now) + " of simulated time; what was known by then is written";
  return Verdict::stop;
}

// From at most 1,024 of the flows.
double Simulation::expected_packet_hops() const {
  constexpr std::size_t most_sampled = 1024;
  const std::vector<FlowSpec>& flows = network_.table.flows;
  const std::size_t step = flows.size() / most_sampled + 1;
  double hops = 0;
  for (std::size_t i = 0; i < flows.size(); i += step) {
    const auto packets = static_cast<double>(flows[i].size.v / scenario_.fabric.mtu + 1);
    hops += packets * static_cast<double>(path(network_.ports, network_.routes.front(), flows[i].src, flows[i].dst).size() * step);
  }
  return hops;
}

void Simulation::report_progress(Time now) {
  Progress progress;
  if (expected_hops_ == 0) expected_hops_ = expected_packet_hops();
  progress.expected_packet_hops = expected_hops_;
  progress.simulated = now;
  progress.flows = network_.table.flows.size();
  progress.flows_done = finished();
  for (const auto& node : network_.switches) {
    if (node == nullptr) continue;
    for (std::size_t i = 0; i < node->port_count(); ++i) progress.packet_hops += node->port(i).packets;
  }
  progress.elapsed_s = std::chrono::duration<double>(reported_ - begun_).count();
  options_.on_progress(progress);
}

Results Simulation::results() {
  observers_->flush();
  Results results = collect(network_, stopped_at_);
  results.status = status_;
  results.status_reason = reason_;
  results.threads = std::max(1U, options_.threads);
  results.setup_s = std::chrono::duration<double>(begun_ - built_).count();
  results.run_s = std::chrono::duration<double>(ended_ - begun_).count();
  if (cyclic_wait_.found()) {
    const bool credits = scenario_.fabric.lossless == Lossless::cbfc;
    results.warnings.push_back(std::string(credits ? "credit" : "PFC") + " deadlock: a cyclic wait among " +
                               std::to_string(cyclic_wait_.edges().size()) + " ports was seen at " +
                               in_microseconds(cyclic_wait_.found_at()));
    results.waits = cyclic_wait_.edges();
  } else if (status_ == RunStatus::stuck) {
    results.waits = waiting_flows(network_, 20);
    for (const auto& waits : {waits_for_grants(network_, 20), standing_waits(network_, 20)})
      results.waits.insert(results.waits.end(), waits.begin(), waits.end());
  }
  observers_->finish(results);
  return results;
}

Results run(const Scenario& scenario, const RunOptions& options) {
  Simulation simulation(scenario, options);
  simulation.execute();
  return simulation.results();
}

}  // namespace weft
