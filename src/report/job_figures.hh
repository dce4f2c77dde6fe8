// What a job's communication costs it, label by label, and which ranks stand for all on a page.
//
// Rule: of one rank, communication of a label is exposed while the rank computes nothing, hidden while it does; spans of the same
// label that overlap count once. Extensions (job.hh) count as neither. Figures are means over the ranks asked for, and over all
// of a run's iterations together. Units: picoseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "report/results.hh"

namespace weft {

struct LabelCost {
  std::uint32_t label = 0;
  Duration hidden{}, exposed{};
};

// By what is exposed, largest first; labels without communication are left out.
[[nodiscard]] std::vector<LabelCost> label_costs(const JobResult& job, const std::vector<std::uint32_t>& ranks);
// At most `most` ranks, the first and the last among them, at equal steps.
[[nodiscard]] std::vector<std::uint32_t> chosen_ranks(const JobResult& job, std::size_t most);
// By rank of `ranks`: its spans in order of start; spans that did not begin or end are left out.
[[nodiscard]] std::vector<std::vector<JobSpanResult>> spans_of(const JobResult& job, const std::vector<std::uint32_t>& ranks);

}  // namespace weft
