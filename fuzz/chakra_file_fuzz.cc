// Chakra execution traces of two ranks, or of one that stands for two: refused with an InputError that names the file, or put in
// an order in which every node comes after those it waits for.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/chakra_graph.hh"

namespace {

void check_order(const weft::ChakraGraph& graph) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> done;
  for (const weft::ChakraStep step : graph.order()) {
    const bool collective = graph.node(step).kind == weft::ChakraKind::collective;
    const auto members = collective ? graph.members(graph.call(step).group) : std::vector<std::uint32_t>{step.rank};
    for (std::size_t i = 0; i < members.size(); ++i) {
      const weft::ChakraStep own{members[i], collective ? graph.call(step).nodes[i] : step.node};
      for (const std::uint32_t before : graph.dependencies(own))
        CHECK(done.count({own.rank, before}) == 1, "node", own.node, "before", before);
    }
    for (std::size_t i = 0; i < members.size(); ++i) done.insert({members[i], collective ? graph.call(step).nodes[i] : step.node});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const bool control : {false, true}) {
    try {
      std::vector<weft::ChakraTrace> traces{weft::parse_chakra(bytes, "f.et")};
      check_order(weft::ChakraGraph(traces, {0, 0}, control));
      const std::size_t half = size / 2;
      traces = {weft::parse_chakra(bytes.substr(0, half), "f.et"), weft::parse_chakra(bytes.substr(half), "f.et")};
      check_order(weft::ChakraGraph(traces, {0, 1}, control));
    } catch (const weft::InputError& error) { CHECK(error.where() == "f.et", "where", error.where()); }
  }
  return 0;
}
