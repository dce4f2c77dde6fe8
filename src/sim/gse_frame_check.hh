// GseFrameCheck: what --wire-check knows of a scheduled fabric by itself, from the frames that it has seen on each link, so that fields of
// GSE headers are compared with something else than what they were made from.
//
// Data: the offset of a packet is the sum of the bytes of its container that went before it on the link, and the first has none; a
// container ends with the packet that fills it (the container before may have left it a debit of less than a packet), or its 256th, and
// nothing follows. Where packets are missing, lost on an earlier link, the offset is at least so much. A packet that is seen again (LLR)
// has the offset that it had. Where routes change in the run, packets of a container may come by two paths, and containers may be left
// before they are full.
// Requests and grants, where they enter the fabric: totals never go back. Where routes change or frames are repeated on the link, what was
// sent anew is not known, and totals are left out.
// Units: bytes as on the wire; totals as in wire/gse_messages.hh. Errors: CHECK. Bound: the last 64 containers of each queue and link.
// Threads: a link is seen by the thread of the node that sends on it only.
// Source: project profile.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "wire/gse_messages.hh"

namespace weft {

struct Network;

class GseFrameCheck {
 public:
  explicit GseFrameCheck(const Network& network);

  // `link` is directed; `frame` the host's, without the GSE header.
  void data(std::uint32_t link, const wire::GseData& data, Bytes frame);
  void request(std::uint32_t link, const wire::GseRequest& request);
  void grant(std::uint32_t link, const wire::GseGrant& grant);

 private:
  struct Packet {
    std::uint8_t index = 0;
    std::uint32_t offset = 0, end = 0;
  };
  struct Container {
    std::uint32_t number = ~0U;
    bool ended = false;
    std::vector<Packet> packets;  // in order of their index, each once
  };
  static constexpr std::size_t containers_kept = 64;
  // One way of a queue: its data and requests, or its grants.
  struct Seen {
    std::vector<Container> containers;  // the last ones, in the order of their first packets, round the end
    std::size_t oldest = 0;
    bool any_total = false;
    std::uint32_t total = 0;
  };

  [[nodiscard]] bool enters_at(std::uint32_t link, std::uint16_t gsp) const;
  [[nodiscard]] Seen& seen(std::uint32_t link, const wire::GseWay& way, bool grants = false);
  static Container& container_of(Seen& seen, std::uint32_t number);
  void place(Container& container, const wire::GseData& data, Bytes frame) const;
  static void raise(Seen& seen, std::uint32_t total);

  const Network& network_;
  std::vector<std::unordered_map<std::uint64_t, Seen>> links_;  // by directed link, then by way
};

}  // namespace weft
