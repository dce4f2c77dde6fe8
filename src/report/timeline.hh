// timeline.json: flows and traced series in time, for ui.perfetto.dev and chrome://tracing.
//
// One process a source host, one lane a flow at a time (a flow takes the first lane that is free when it starts), one counter
// a traced series. Bounded: the `limit` flows that took longest, equal ones in flow order. Units: microseconds.
// Source: the Trace Event Format of the Chromium project (phases X, C, M).
#pragma once

#include <cstddef>

#include "report/results.hh"
#include "report/tables.hh"

namespace weft {

inline constexpr std::size_t timeline_flows = 20'000;
inline constexpr std::size_t timeline_bins = 200'000;  // of all traced series together

void write_timeline(const Results& results, const TextSink& sink, std::size_t limit = timeline_flows);

}  // namespace weft
