// JobRecord: what a task graph means to people: the spans of a timeline, the ends of its iterations, what was scaled down.
//
// A span lies between two tasks of one rank: it begins when `first` is done (a compute task: when that began) and ends when
// `last` is. Iteration i ends at rank r when iteration_ends[i * ranks + r] is done there, and begins where the one before it
// ended. An extension stands for work that was not simulated (job_builder.hh).
// An entry without iterations is no job of its own in the results; its collectives are there.
// Units: picoseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hh"
#include "collective/request.hh"
#include "collective/task_graph.hh"

namespace weft {

using LabelId = Id<struct LabelTag>;  // position in JobRecord::labels

enum class SpanKind : std::uint8_t { compute, communication, extension };

struct JobSpan {
  collective::TaskId first{}, last{};
  std::uint32_t rank = 0;
  LabelId label{};
  SpanKind kind = SpanKind::compute;
};

// One collective: the tasks [begin, end), the first `ranks` of which are where its ranks begin.
struct CollectiveSpan {
  collective::Operation operation = collective::Operation::all_reduce;
  std::string algorithm{};
  std::string why{};  // of `auto`; empty: it was asked for
  Bytes bytes{};      // of the whole
  Bytes simulated{};  // less than `bytes`: its first part, the rest an extension
  std::uint32_t ranks = 0;
  LabelId label{};
  std::uint32_t begin = 0, end = 0;
};

struct JobRecord {
  std::string name;                  // of the entry, or its kind
  std::vector<std::uint32_t> hosts;  // by rank
  std::vector<std::string> labels;
  std::vector<CollectiveSpan> collectives;
  std::vector<JobSpan> spans;
  std::vector<collective::TaskId> iteration_ends;
  std::vector<Duration> compute;    // by rank: of all iterations together, extensions included
  std::vector<std::string> scaled;  // what was not simulated in full, a sentence each
};

}  // namespace weft
