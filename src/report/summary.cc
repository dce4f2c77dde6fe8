#include "report/summary.hh"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/faults.hh"
#include "report/figures.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

Json statistics_object(const std::optional<Statistics>& figures) {
  if (!figures) return {{"min", nullptr}, {"mean", nullptr}, {"p50", nullptr}, {"p99", nullptr}, {"max", nullptr}};
  const auto scaled = [](std::int64_t value) { return static_cast<double>(value) / 1e6; };
  return {{"min", scaled(figures->min)},
          {"mean", scaled(figures->mean)},
          {"p50", scaled(figures->p50)},
          {"p99", scaled(figures->p99)},
          {"max", scaled(figures->max)}};
}

Json flows_object(const Results& results) {
  const FlowFigures figures = flow_figures(results);
  return {{"count", figures.count},
          {"completed", figures.completed},
          {"failed", figures.failed},
          {"measured", figures.measured},
          {"fct_us", statistics_object(figures.fct_ps)},
          {"slowdown", statistics_object(figures.slowdown_millionths)}};
}

Json waits_array(const Results& results) {
  Json waits = Json::array();
  for (const WaitEdge& wait : results.waits) {
    waits.push_back({{"waiter", wait.waiter}, {"waits_for", wait.waits_for}, {"reason", wait.reason}});
  }
  return waits;
}

double seconds(Duration time) { return static_cast<double>(time.v) / static_cast<double>(ps_per_second); }

Json jobs_array(const Results& results) {
  Json jobs = Json::array();
  for (const JobResult& job : results.jobs) {
    const auto over = static_cast<std::size_t>(
        std::count_if(job.iteration_ends.begin(), job.iteration_ends.end(), [](Time end) { return end != Time::never(); }));
    Json row{{"name", job.name}, {"workload", job.workload}, {"ranks", job.hosts.size()}, {"iterations", over}};
    row["iteration_s"] = over > 0 ? Json(seconds(job.iteration)) : Json(nullptr);
    row["compute_s"] = over > 0 ? Json(seconds(job.compute)) : Json(nullptr);
    row["exposed_communication_s"] = over > 0 ? Json(seconds(job.exposed_communication())) : Json(nullptr);
    row["efficiency"] = over > 0 && job.iteration.v > 0 ? Json(seconds(job.compute) / seconds(job.iteration)) : Json(nullptr);
    row["scaled"] = job.scaled;
    jobs.push_back(std::move(row));
  }
  return jobs;
}

}  // namespace

std::string hex64(std::uint64_t value) {
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, value >>= 4) *digit = "0123456789abcdef"[value & 15];
  return text;
}

Json llr_object(const LinkLayerResult& link) {
  return {{"replays", link.replays},
          {"replayed_frames", link.replayed},
          {"nacks", link.nacks},
          {"timeouts", link.timeouts},
          {"flushed_frames", link.flushed},
          {"ordered_sets", link.ordered_sets},
          {"ordered_sets_lost", link.sets_lost}};
}

Json summary_object(const ReportContext& context, const Results& results) {
  const Counters& counters = results.counters;
  Json summary;
  summary["scenario"] = context.name;
  summary["seed"] = context.seed;
  summary["weft_version"] = context.version;
  summary["status"] = name_of(results.status);
  summary["status_reason"] = results.status_reason;
  summary["warnings"] = results.warnings;
  summary["waits"] = waits_array(results);
  summary["notes"] = results.notes;
  summary["simulated_time_s"] = static_cast<double>(results.simulated_time.ps) / static_cast<double>(ps_per_second);
  summary["setup_s"] = results.setup_s;
  summary["run_s"] = results.run_s;
  summary["packet_hops"] = counters.packet_hops;
  summary["other_hops"] = counters.other_hops;
  summary["packet_hops_per_s"] = packet_hops_per_s(results);
  summary["peak_rss_bytes"] = results.peak_rss_bytes;
  summary["threads"] = results.threads;
  summary["state_hash"] = hex64(results.state_hash);
  summary["flows"] = flows_object(results);
  summary["goodput_gbps"] = goodput_gbps(results);
  summary["drops"] = counters.drops;
  summary["drops_by_reason"] = {{"buffer", counters.drops_buffer},       {"loss", counters.drops_loss},
                                {"down", counters.drops_down},           {"no_route", counters.drops_no_route},
                                {"corrupted", counters.drops_corrupted}, {"link_init", counters.link.drops_init}};
  if (!results.gse.empty()) summary["drops_by_reason"]["order"] = counters.drops_order;
  summary["corrupted"] = counters.corrupted;
  if (counters.link.llr) summary["llr"] = llr_object(counters.link);
  if (counters.link.cbfc) {
    summary["cbfc"] = {{"credit_blocked_us", static_cast<double>(counters.link.credit_blocked.v) / 1e6},
                       {"credit_updates", counters.link.credit_updates},
                       {"credits_healed", counters.link.credits_healed},
                       {"ordered_sets", counters.link.ordered_sets},
                       {"ordered_sets_lost", counters.link.sets_lost}};
  }
  summary["trims"] = counters.trims;
  summary["ecn_marks"] = counters.ecn_marks;
  summary["pauses"] = counters.pauses;
  summary["retransmissions"] = counters.retransmissions;
  for (const NamedCount& count : results.gse) summary["gse"][count.name] = count.count;
  if (!results.faults.empty()) summary["faults"] = faults_array(results);
  if (!results.jobs.empty()) summary["jobs"] = jobs_array(results);
  return summary;
}

std::string summary_json(const ReportContext& context, const Results& results) {
  // Names come from files of the user; bytes that are not UTF-8 become U+FFFD instead of an exception.
  return summary_object(context, results).dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace weft
