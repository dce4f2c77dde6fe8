#include "transport/congestion/any_congestion.hh"

namespace weft::congestion {

std::optional<AnyCongestion> make_congestion(std::string_view law, std::string_view set, Rate line) {
  if (law == "none" && set.empty()) return AnyCongestion{None{line}};
  if (law == "dcqcn") {
    const auto parameters = dcqcn_parameters(set.empty() ? "paper" : set, line);
    if (parameters) return AnyCongestion{Dcqcn{*parameters}};
  }
  return std::nullopt;
}

}  // namespace weft::congestion
