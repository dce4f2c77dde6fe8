// OrderWatch: whether packets of a connection reach its host in the order in which they left the other, as a NIC that goes back by PSN
// wants it. Told of every frame that starts on a host's own link.
//
// Rule: what leaves a host bears the count of its link's frames behind the header; among those that start towards a host, the counts of
// one connection, direction and class never fall. Losses leave gaps and retransmissions have counts of their own, so it is exact with
// both; counts are compared cyclically with 32 bits. Links that repeat frames by themselves (LLR) are left out, since their frames start
// again. Source: project design, a check of its own beside NAKs and gaps (transport/roce), which losses cause, too.
#pragma once

#include <cstdint>
#include <vector>

#include "core/record.hh"
#include "sim/network.hh"

namespace weft {

class OrderWatch {
 public:
  explicit OrderWatch(Network& network);
  [[nodiscard]] bool watches(std::uint32_t link) const { return role_[link] != Role::other; }
  // On the sending node's thread.
  void started(Worker& worker, std::uint32_t link, const Record& record);
  [[nodiscard]] std::uint64_t out_of_order() const;

 private:
  enum class Role : std::uint8_t { other, from_host, to_host };
  struct alignas(64) Count {
    std::uint64_t out_of_order = 0;
  };
  Network& network_;
  std::vector<Role> role_;             // by directed link
  std::vector<std::uint32_t> sent_;    // likewise: frames so far
  std::vector<std::uint32_t> latest_;  // by (end that receives) * slots + slot
  std::vector<Count> counts_;          // by thread
};

}  // namespace weft
