#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "report/decimal.hh"
#include "report/job_figures.hh"
#include "report/timeline_events.hh"

namespace weft {
namespace {

constexpr std::size_t first_process = 2'000'000;  // below are hosts, see timeline.cc

std::string span_event(const JobResult& job, const JobSpanResult& span, std::size_t process, std::size_t lane) {
  constexpr const char* kinds[] = {"compute", "communication", "not simulated"};
  return "{\"name\":" + quoted(job.labels[span.label]) + ",\"cat\":\"" + kinds[static_cast<std::size_t>(span.kind)] +
         "\",\"ph\":\"X\",\"pid\":" + std::to_string(process) + ",\"tid\":" + std::to_string(lane) + ",\"ts\":" + microseconds(span.start) +
         ",\"dur\":" + microseconds(span.end - span.start) + "}";
}

std::string process_name(const JobResult& job, std::uint32_t rank, std::size_t process) {
  const std::string name = quoted("job " + job.name + ", rank " + std::to_string(rank) + ", host " + std::to_string(job.hosts[rank]));
  return "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":" + std::to_string(process) + ",\"args\":{\"name\":" + name + "}}";
}

}  // namespace

std::string quoted(const std::string& text) { return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

std::size_t take_lane(std::vector<Time>& lanes, Time start, Time end) {
  const auto free = std::find_if(lanes.begin(), lanes.end(), [&](Time until) { return until <= start; });
  if (free != lanes.end()) {
    *free = end;
    return static_cast<std::size_t>(free - lanes.begin());
  }
  lanes.push_back(end);
  return lanes.size() - 1;
}

void add_job_events(TimelineEvents& events, const Results& results) {
  std::size_t process = first_process, written = 0;
  for (const JobResult& job : results.jobs) {
    std::vector<std::uint32_t> ranks(std::min(job.hosts.size(), timeline_ranks));
    std::iota(ranks.begin(), ranks.end(), 0U);
    const auto spans = spans_of(job, ranks);
    for (const std::uint32_t rank : ranks) {
      events.add(process_name(job, rank, process));
      std::vector<Time> lanes(1, Time::never());  // lane 0 is for computing
      for (const JobSpanResult& span : spans[rank]) {
        if (written++ >= timeline_spans) return;
        const std::size_t lane = span.kind == SpanKind::communication ? take_lane(lanes, span.start, span.end) : 0;
        events.add(span_event(job, span, process, lane));
      }
      ++process;
    }
  }
}

}  // namespace weft
