// What a run's results say of its model: what was modelled, what was not, and what of it is a project profile and no standard.
#pragma once

#include <string>
#include <vector>

namespace weft {

struct Network;

[[nodiscard]] std::vector<std::string> what_was_modelled(const Network& network);

// "GSE in mode n2n ...": who schedules, with which sizes; for a scheduled fabric only.
[[nodiscard]] std::string schedule_text(const Network& network);
// "LLR on 12 links, CBFC of each lossless class"; empty: links have neither.
[[nodiscard]] std::string link_layer_text(const Network& network);

}  // namespace weft
