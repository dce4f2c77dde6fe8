#include "report/job_figures.hh"

#include <algorithm>
#include <map>

namespace weft {
namespace {

struct Interval {
  Time start{}, end{};
};

// Sorted by start in, disjoint out.
std::vector<Interval> united(const std::vector<Interval>& intervals) {
  std::vector<Interval> whole;
  for (const Interval& each : intervals) {
    if (whole.empty() || each.start > whole.back().end) {
      whole.push_back(each);
    } else {
      whole.back().end = std::max(whole.back().end, each.end);
    }
  }
  return whole;
}

// How much of `one` lies inside `others`; both disjoint and sorted.
std::int64_t overlap(const std::vector<Interval>& one, const std::vector<Interval>& others) {
  std::int64_t sum = 0;
  std::size_t next = 0;
  for (const Interval& each : one) {
    while (next < others.size() && others[next].end <= each.start) ++next;
    for (std::size_t i = next; i < others.size() && others[i].start < each.end; ++i) {
      sum += (std::min(each.end, others[i].end) - std::max(each.start, others[i].start)).v;
    }
  }
  return sum;
}

std::int64_t length(const std::vector<Interval>& intervals) {
  std::int64_t sum = 0;
  for (const Interval& each : intervals) sum += (each.end - each.start).v;
  return sum;
}

}  // namespace

std::vector<std::uint32_t> chosen_ranks(const JobResult& job, std::size_t most) {
  const std::size_t all = job.hosts.size(), count = std::min(all, most);
  std::vector<std::uint32_t> ranks;
  for (std::size_t i = 0; i < count; ++i) ranks.push_back(static_cast<std::uint32_t>(count == 1 ? 0 : i * (all - 1) / (count - 1)));
  return ranks;
}

std::vector<std::vector<JobSpanResult>> spans_of(const JobResult& job, const std::vector<std::uint32_t>& ranks) {
  std::map<std::uint32_t, std::size_t> row;
  for (const std::uint32_t rank : ranks) row.emplace(rank, row.size());
  std::vector<std::vector<JobSpanResult>> spans(row.size());
  for (const JobSpanResult& span : job.spans) {
    const auto at = row.find(span.rank);
    if (at != row.end() && span.start != Time::never() && span.end != Time::never()) spans[at->second].push_back(span);
  }
  for (auto& of_rank : spans) {
    std::stable_sort(of_rank.begin(), of_rank.end(), [](const JobSpanResult& a, const JobSpanResult& b) { return a.start < b.start; });
  }
  return spans;
}

std::vector<LabelCost> label_costs(const JobResult& job, const std::vector<std::uint32_t>& ranks) {
  std::map<std::uint32_t, LabelCost> costs;
  for (const std::vector<JobSpanResult>& spans : spans_of(job, ranks)) {
    std::vector<Interval> computing;
    std::map<std::uint32_t, std::vector<Interval>> talking;
    for (const JobSpanResult& span : spans) {
      if (span.kind == SpanKind::compute) computing.push_back({span.start, span.end});
      if (span.kind == SpanKind::communication) talking[span.label].push_back({span.start, span.end});
    }
    const std::vector<Interval> busy = united(computing);
    for (const auto& [label, intervals] : talking) {
      const std::vector<Interval> whole = united(intervals);
      const std::int64_t hidden = overlap(whole, busy);
      LabelCost& cost = costs[label];
      cost.hidden.v += hidden;
      cost.exposed.v += length(whole) - hidden;
    }
  }
  std::vector<LabelCost> sorted;
  const auto count = static_cast<std::int64_t>(std::max<std::size_t>(ranks.size(), 1));
  for (const auto& [label, cost] : costs) sorted.push_back({label, {cost.hidden.v / count}, {cost.exposed.v / count}});
  std::stable_sort(sorted.begin(), sorted.end(), [](const LabelCost& a, const LabelCost& b) { return a.exposed > b.exposed; });
  return sorted;
}

}  // namespace weft
