// SpecBuilder: grows a TopologySpec. Hosts first, then switches by tier, then links; names are prefix + number.
#pragma once

#include <cstdint>
#include <string>

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

class SpecBuilder {
 public:
  explicit SpecBuilder(std::string kind) { spec_.kind = std::move(kind); }

  // `count` nodes named prefix0, prefix1, ...; returns the first. Hosts (tier 0) must come before every switch.
  NodeId add(const std::string& prefix, std::uint32_t count, std::uint8_t tier, Duration latency = {});
  NodeId add_named(std::string name, std::uint8_t tier, Duration latency = {});
  // Of `count` switches from `first` on.
  void place(NodeId first, std::uint32_t count, SwitchPlace where);
  // `parallel` links between a and b.
  void connect(NodeId a, NodeId b, const LinkParameters& link, std::uint32_t parallel = 1, std::uint8_t cost = 1);
  [[nodiscard]] TopologySpec take() { return std::move(spec_); }

 private:
  TopologySpec spec_;
};

// The n-th node after `first`.
constexpr NodeId nth(NodeId first, std::uint32_t n) { return {first.v + n}; }

}  // namespace weft
