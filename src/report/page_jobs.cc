#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "report/job_figures.hh"
#include "report/page_data.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t page_ranks = 16;     // rows of a Gantt chart, two each
constexpr std::size_t page_spans = 6'000;  // of all jobs together
constexpr std::size_t page_labels = 12;
constexpr std::size_t figure_ranks = 64;  // ranks that stand for all in figures

// [row, kind, label, start, end] of the first iteration, as many as there is room for.
Json spans_array(const JobResult& job, const std::vector<std::uint32_t>& ranks, std::size_t room) {
  const Time until = job.iteration_ends.empty() ? Time::never() : job.iteration_ends.front();
  Json rows = Json::array();
  const auto spans = spans_of(job, ranks);
  const std::size_t each = room / std::max<std::size_t>(spans.size(), 1);
  for (std::size_t row = 0; row < spans.size(); ++row) {
    std::size_t shown = 0;
    for (const JobSpanResult& span : spans[row]) {
      if (span.start >= until || span.end == span.start || shown++ >= each) continue;
      rows.push_back({row, static_cast<int>(span.kind), span.label, in_microseconds(span.start.ps), in_microseconds(span.end.ps)});
    }
  }
  return rows;
}

Json costs_array(const JobResult& job) {
  Json rows = Json::array();
  const auto iterations = static_cast<double>(std::max<std::size_t>(job.iteration_ends.size(), 1));
  for (const LabelCost& cost : label_costs(job, chosen_ranks(job, figure_ranks))) {
    if (rows.size() >= page_labels) break;
    rows.push_back({{"label", job.labels[cost.label]},
                    {"hidden_us", in_microseconds(cost.hidden.v) / iterations},
                    {"exposed_us", in_microseconds(cost.exposed.v) / iterations}});
  }
  return rows;
}

Json job_object(const JobResult& job, std::size_t room) {
  const std::vector<std::uint32_t> ranks = chosen_ranks(job, page_ranks);
  Json data{{"name", job.name},        {"ranks", job.hosts.size()}, {"iterations", job.iteration_ends.size()},
            {"iteration_us", nullptr}, {"compute_us", nullptr},     {"exposed_us", nullptr},
            {"scaled", job.scaled},    {"labels", job.labels}};
  if (job.iteration.v > 0) {
    data["iteration_us"] = in_microseconds(job.iteration.v);
    data["compute_us"] = in_microseconds(job.compute.v);
    data["exposed_us"] = in_microseconds(job.exposed_communication().v);
  }
  data["shown"] = ranks;
  data["hosts"] = Json::array();
  for (const std::uint32_t rank : ranks) data["hosts"].push_back(job.hosts[rank]);
  data["spans"] = spans_array(job, ranks, room);
  data["costs"] = costs_array(job);
  return data;
}

// Collectives that are alike, with the means of those that are over.
Json alike_array(const Results& results) {
  std::map<std::tuple<std::uint16_t, std::string, std::string, std::string, std::uint32_t, std::int64_t>, std::size_t> known;
  std::vector<std::pair<const CollectiveResult*, std::vector<double>>> groups;
  for (const CollectiveResult& c : results.collectives) {
    if (c.end == Time::never() || c.end == c.ready) continue;
    const auto [at, added] = known.emplace(std::tuple(c.workload, c.label, c.operation, c.algorithm, c.ranks, c.bytes.v), groups.size());
    if (added) groups.push_back({&c, {0, 0, 0}});
    std::vector<double>& sums = groups[at->second].second;
    sums[0] += 1;
    sums[1] += in_microseconds((c.end - c.ready).v);
    sums[2] += static_cast<double>(c.busbw.v) / 8e9;
  }
  std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.second[1] > b.second[1]; });
  if (groups.size() > page_labels) groups.resize(page_labels);
  Json rows = Json::array();
  for (const auto& [first, sums] : groups) {
    rows.push_back({{"label", first->label},
                    {"operation", first->operation},
                    {"algorithm", first->algorithm},
                    {"ranks", first->ranks},
                    {"bytes", first->bytes.v},
                    {"count", sums[0]},
                    {"time_us", sums[1] / sums[0]},
                    {"busbw", sums[2] / sums[0]}});
  }
  return rows;
}

}  // namespace

void add_job_data(Json& data, const Results& results) {
  data["jobs"] = Json::array();
  std::size_t left = page_spans;
  for (const JobResult& job : results.jobs) {
    if (data["jobs"].size() >= page_bars) break;
    data["jobs"].push_back(job_object(job, left));
    left -= std::min(left, data["jobs"].back()["spans"].size());
  }
  data["alike"] = alike_array(results);
  data["loads"] = Json::array();
  for (const TierLoad& tier : results.loads) {
    Json points = Json::array();
    for (std::size_t i = 0; i < tier.share.size(); ++i)
      points.push_back({in_microseconds(tier.interval.v * static_cast<std::int64_t>(i)), tier.share[i]});
    data["loads"].push_back({{"name", tier.name}, {"ports", tier.ports}, {"points", points}});
  }
}

}  // namespace weft
