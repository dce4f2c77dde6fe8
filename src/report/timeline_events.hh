// TimelineEvents: events of timeline.json, written with commas between them, and the lanes in which bars that overlap lie.
#pragma once

#include <string>
#include <vector>

#include "report/results.hh"
#include "report/tables.hh"

namespace weft {

class TimelineEvents {
 public:
  explicit TimelineEvents(const TextSink& sink) : sink_(sink) { sink_("{\"displayTimeUnit\":\"ns\",\"traceEvents\":["); }
  void add(const std::string& event) {
    sink_(first_ ? "\n" : ",\n");
    first_ = false;
    sink_(event);
  }
  void end() { sink_("\n]}\n"); }

 private:
  const TextSink& sink_;
  bool first_ = true;
};

// As a JSON string.
[[nodiscard]] std::string quoted(const std::string& text);
// The first lane that is free at `start`, taken until `end`; `lanes` holds when each is free again.
[[nodiscard]] std::size_t take_lane(std::vector<Time>& lanes, Time start, Time end);

// The spans of jobs, a process for each rank: lane 0 computes, the others communicate. The first timeline_ranks ranks of each job.
inline constexpr std::size_t timeline_ranks = 256;
inline constexpr std::size_t timeline_spans = 200'000;  // of all jobs together
void add_job_events(TimelineEvents& events, const Results& results);

}  // namespace weft
