#include "report/timeline.hh"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <vector>

#include "report/decimal.hh"
#include "report/figures.hh"
#include "report/timeline_events.hh"

namespace weft {
namespace {

// When a flow that has started ended, or the run did.
Time end_of(const FlowResult& flow, const Results& results) {
  if (flow.sender_done < Time::never()) return flow.sender_done;
  return std::max(flow.start, results.simulated_time);
}

bool shown(const FlowResult& flow) { return flow.start < Time::never() && flow.status != FlowStatus::pending; }

// The positions of the longest flows, in order of start.
std::vector<std::size_t> longest_flows(const Results& results, std::size_t limit) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < results.flows.size(); ++i) {
    if (shown(results.flows[i])) chosen.push_back(i);
  }
  const auto took = [&](std::size_t i) { return end_of(results.flows[i], results) - results.flows[i].start; };
  if (chosen.size() > limit) {
    std::stable_sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) { return took(a) > took(b); });
    chosen.resize(limit);
  }
  std::sort(chosen.begin(), chosen.end(), [&](std::size_t a, std::size_t b) {
    return std::pair{results.flows[a].start, a} < std::pair{results.flows[b].start, b};
  });
  return chosen;
}

std::string flow_event(const FlowResult& flow, std::size_t position, std::size_t lane, Time end) {
  return "{\"name\":\"flow " + std::to_string(position) + " to host " + std::to_string(flow.spec.dst.v) + "\",\"cat\":\"" +
         std::string(name_of(flow.status)) + "\",\"ph\":\"X\",\"pid\":" + std::to_string(flow.spec.src.v) +
         ",\"tid\":" + std::to_string(lane) + ",\"ts\":" + microseconds(flow.start) + ",\"dur\":" + microseconds(end - flow.start) +
         ",\"args\":{\"size_bytes\":" + std::to_string(flow.spec.size.v) + ",\"retransmissions\":" + std::to_string(flow.retransmissions) +
         ",\"cnps\":" + std::to_string(flow.cnps) + ",\"ecn_marked\":" + std::to_string(flow.ecn_marked) + "}}";
}

void add_flows(TimelineEvents& events, const Results& results, std::size_t limit) {
  std::map<std::uint32_t, std::vector<Time>> lanes;
  for (const std::size_t position : longest_flows(results, limit)) {
    const FlowResult& flow = results.flows[position];
    const Time end = end_of(flow, results);
    events.add(flow_event(flow, position, take_lane(lanes[flow.spec.src.v], flow.start, end), end));
  }
  for (const auto& [host, unused] : lanes) {
    events.add("{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":" + std::to_string(host) + ",\"args\":{\"name\":\"host " +
               std::to_string(host) + "\"}}");
  }
}

void add_traces(TimelineEvents& events, const Results& results) {
  std::size_t bins = 0;
  for (const TraceSeries& series : results.traces) {
    const std::string name = quoted(series.name + ' ' + series.what);
    const std::string unit = quoted(series.unit);
    for (std::size_t bin = 0; bin < series.at.size() && bin < series.value.size() && bins < timeline_bins; ++bin, ++bins) {
      events.add("{\"name\":" + name + ",\"ph\":\"C\",\"pid\":1000000,\"ts\":" + microseconds(series.at[bin]) + ",\"args\":{" + unit + ':' +
                 nlohmann::json(series.value[bin]).dump() + "}}");
    }
  }
  if (bins > 0) events.add("{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1000000,\"args\":{\"name\":\"traces\"}}");
}

}  // namespace

void write_timeline(const Results& results, const TextSink& sink, std::size_t limit) {
  TimelineEvents events(sink);
  add_job_events(events, results);
  add_flows(events, results, limit);
  add_traces(events, results);
  events.end();
}

}  // namespace weft
