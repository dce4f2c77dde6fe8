#include "topology/spec_builder.hh"

#include <utility>

#include "base/check.hh"

namespace weft {

NodeId SpecBuilder::add_named(std::string name, std::uint8_t tier, Duration latency) {
  const NodeId id{static_cast<std::uint32_t>(spec_.nodes.size())};
  if (tier == 0) {
    CHECK(spec_.hosts == id.v, "hosts", spec_.hosts, "nodes", id.v);
    ++spec_.hosts;
  }
  spec_.nodes.push_back({.name = std::move(name), .tier = tier, .latency = tier == 0 ? Duration{} : latency});
  return id;
}

NodeId SpecBuilder::add(const std::string& prefix, std::uint32_t count, std::uint8_t tier, Duration latency) {
  const NodeId first{static_cast<std::uint32_t>(spec_.nodes.size())};
  spec_.nodes.reserve(spec_.nodes.size() + count);
  for (std::uint32_t i = 0; i < count; ++i) add_named(prefix + std::to_string(i), tier, latency);
  return first;
}

void SpecBuilder::place(NodeId first, std::uint32_t count, SwitchPlace where) {
  for (std::uint32_t i = 0; i < count; ++i) spec_.nodes[first.index() + i].place = where;
}

void SpecBuilder::connect(NodeId a, NodeId b, const LinkParameters& link, std::uint32_t parallel, std::uint8_t cost) {
  for (std::uint32_t i = 0; i < parallel; ++i) {
    spec_.links.push_back({.a = a, .b = b, .rate = link.rate, .delay = link.delay, .cost = cost});
  }
}

}  // namespace weft
