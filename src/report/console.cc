#include "report/console.hh"

#include <algorithm>
#include <cmath>
#include <functional>

#include "report/console_jobs.hh"
#include "report/decimal.hh"
#include "report/faults.hh"
#include "report/figures.hh"
#include "report/summary.hh"

namespace weft {
namespace {

constexpr std::size_t details_limit = 5;  // lines for each kind of detail

// A name as one line that cannot steer the terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return text;
}

std::string headline(const ReportContext& context, const Results& results) {
  std::string line = printable(context.name) + ", seed " + std::to_string(context.seed) + ": " + std::string(name_of(results.status));
  if (!results.status_reason.empty()) line += ", " + printable(results.status_reason);
  return line;
}

std::string flows_line(const Results& results, const FlowFigures& figures) {
  std::string line = grouped(figures.completed) + " of " + plural(figures.count, "flow") + " completed in " +
                     duration_text(results.simulated_time.ps) + " of simulated time";
  if (figures.failed > 0) line += ", " + grouped(figures.failed) + " failed";
  if (figures.measured < figures.completed) line += "; " + grouped(figures.measured) + " after the warm-up enter the statistics";
  return line;
}

template <class Text>
std::string statistics_line(const std::string& what, const std::optional<Statistics>& figures, const Text& text) {
  if (!figures) return what + ": none measured";
  return what + ": min " + text(figures->min) + ", mean " + text(figures->mean) + ", p50 " + text(figures->p50) + ", p99 " +
         text(figures->p99) + ", max " + text(figures->max);
}

std::string goodput_line(const Results& results) {
  Bytes total{};
  for (const FlowResult& flow : results.flows) total += delivered(flow);
  return "goodput: " + rate_text(goodput_gbps(results)) + " in all (" + bytes_text(static_cast<std::uint64_t>(total.v)) + " of payload)";
}

std::string losses_line(const Counters& counters) {
  std::string line = "losses: " + plural(counters.drops, "drop");
  if (counters.drops > 0) {
    line += " (" + grouped(counters.drops_buffer) + " no buffer, " + grouped(counters.drops_loss) + " random losses, " +
            grouped(counters.drops_down) + " link down, " + grouped(counters.drops_no_route) + " no route, " +
            grouped(counters.drops_corrupted) + " bit errors)";
  }
  return line + ", " + plural(counters.trims, "trim") + ", " + plural(counters.retransmissions, "retransmission");
}

std::string port_line(const Results& results) {
  if (results.ports.empty()) return "busiest port: none";
  const auto busiest = std::max_element(results.ports.begin(), results.ports.end(),
                                        [](const PortResult& a, const PortResult& b) { return a.utilisation < b.utilisation; });
  const auto deepest = std::max_element(results.ports.begin(), results.ports.end(),
                                        [](const PortResult& a, const PortResult& b) { return a.max_queue < b.max_queue; });
  const auto name = [](const PortResult& port) { return printable(port.from + '>' + port.to); };
  return "busiest port: " + name(*busiest) + " at " + figure_text(std::round(busiest->utilisation * 1000) / 10) +
         " %; deepest queue: " + bytes_text(static_cast<std::uint64_t>(std::max<std::int64_t>(0, deepest->max_queue.v))) + " at " +
         name(*deepest);
}

std::string seconds_text(double seconds) { return duration_text(std::llround(seconds * 1e12)); }

std::string speed_line(const Results& results) {
  return "speed: " + count_text(packet_hops_per_s(results)) + " packet-hops/s (" +
         count_text(static_cast<double>(results.counters.packet_hops)) + " in " + seconds_text(results.run_s) + " on " +
         plural(results.threads, "thread") + "; set-up " + seconds_text(results.setup_s) + "; " + bytes_text(results.peak_rss_bytes) +
         " of memory)";
}

void append_bounded(std::vector<std::string>& lines, std::size_t count, const std::string& kind,
                    const std::function<std::string(std::size_t)>& line) {
  for (std::size_t i = 0; i < std::min(count, details_limit); ++i) lines.push_back(kind + ": " + line(i));
  if (count > details_limit) lines.push_back(kind + ": and " + grouped(count - details_limit) + " more, in summary.json");
}

void append_failures(std::vector<std::string>& lines, const Results& results) {
  std::size_t failed = 0;
  for (std::size_t i = 0; i < results.flows.size(); ++i) {
    const FlowResult& flow = results.flows[i];
    if (flow.status != FlowStatus::failed || ++failed > details_limit) continue;
    lines.push_back("failed: flow " + std::to_string(flow.spec.label) + " from host " + std::to_string(flow.spec.src.v) + " to host " +
                    std::to_string(flow.spec.dst.v) + ": " + printable(flow.error));
  }
  if (failed > details_limit) lines.push_back("failed: and " + grouped(failed - details_limit) + " more, in flows.csv");
}

// What did not happen is left out.
std::string gse_line(const Results& results) {
  std::string line;
  for (const NamedCount& count : results.gse) {
    if (count.count == 0) continue;
    std::string name = count.name;
    std::replace(name.begin(), name.end(), '_', ' ');
    line += (line.empty() ? "" : ", ") + name + " " + grouped(count.count);
  }
  return "scheduled fabric: " + line;
}

}  // namespace

std::vector<std::string> summary_lines(const ReportContext& context, const Results& results) {
  const FlowFigures figures = flow_figures(results);
  const Counters& counters = results.counters;
  std::vector<std::string> lines{headline(context, results)};
  const std::vector<std::string> jobs = job_lines(results), collectives = collective_lines(results);
  append_bounded(lines, jobs.size(), "job", [&](std::size_t i) { return printable(jobs[i]); });
  if (!jobs.empty()) append_bounded(lines, collectives.size(), "collective", [&](std::size_t i) { return printable(collectives[i]); });
  lines.push_back(flows_line(results, figures));
  if (jobs.empty()) {  // the flows of a job are its messages
    lines.push_back(statistics_line("flow completion time", figures.fct_ps, duration_text));
    lines.push_back(statistics_line("slowdown", figures.slowdown_millionths,
                                    [](std::int64_t value) { return figure_text(static_cast<double>(value) / 1e6); }));
  }
  lines.push_back(goodput_line(results));
  lines.push_back(losses_line(counters));
  lines.push_back("congestion: " + plural(counters.ecn_marks, "ECN mark") + ", " + plural(counters.pauses, "pause"));
  if (!results.gse.empty()) lines.push_back(gse_line(results));
  const std::vector<std::string> faults = fault_lines(results);
  append_bounded(lines, faults.size(), "fault", [&](std::size_t i) { return printable(faults[i]); });
  lines.push_back(port_line(results));
  lines.push_back(speed_line(results));
  lines.push_back("state hash: " + hex64(results.state_hash));
  if (jobs.empty()) append_bounded(lines, collectives.size(), "collective", [&](std::size_t i) { return printable(collectives[i]); });
  append_bounded(lines, results.warnings.size(), "warning", [&](std::size_t i) { return printable(results.warnings[i]); });
  append_failures(lines, results);
  append_bounded(lines, results.waits.size(), "waits", [&](std::size_t i) {
    const WaitEdge& wait = results.waits[i];
    return printable(wait.waiter + " waits for " + wait.waits_for + " (" + wait.reason + ")");
  });
  return lines;
}

}  // namespace weft
