// Switch::Gse, pods: by which exit a packet leaves for another pod, and what it is again when it has left. See switch_gse.hh.
#include "base/random.hh"
#include "fabric/switch_gse.hh"

namespace weft {

std::uint32_t Switch::Gse::exit_of_pod(const Record& packet) const {
  const std::uint32_t exit = plan_.exit_of_host[packet.dst];
  const std::uint16_t gsp = plan_.exits[exit].gsp;
  if (gsp == number_) return exit;
  if (plan_.pod_of_gsp[gsp] != plan_.pod_of_gsp[number_]) return exit_to_pod(packet);
  const auto group = node_.row_.ports(NodeId{packet.dst});
  const bool torn = !group.empty() && is_exit(group[0]);  // the pod's own links no longer lead there: round by the cores, as RoCE
  return torn ? exit_of_port_[group[0]] : exit;
}

// One of the nearest borders, and of its ports that lead on one, by the flow's hash; where none of them does, one of the others.
std::uint32_t Switch::Gse::exit_to_pod(const Record& packet) const {
  const std::uint64_t hash = mix64(packet.hash);
  const std::span<const std::uint32_t> all(ways_out_);
  for (const auto borders : {all.first(nearest_ways_out_), all.subspan(nearest_ways_out_)}) {
    for (std::size_t k = 0; k < borders.size(); ++k) {
      const GsePlan::Border& border = plan_.borders[borders[(hash % borders.size() + k) % borders.size()]];
      const auto group = node_.routes_->ports(border.node, NodeId{packet.dst});
      for (std::size_t i = 0; i < group.size(); ++i) {
        const std::uint32_t exit = border.exit_of_port[group[((hash >> 32) + i) % group.size()]];
        if (exit != GsePlan::no_exit) return exit;
      }
    }
  }
  return GsePlan::no_exit;
}

// Beyond a pod the packet is its NIC's again.
void Switch::Gse::restore(Parcel& packet) const {
  const GsePlan::FlowHosts& hosts = plan_.hosts[packet.flow];
  const bool back = packet.has(Record::to_initiator);
  packet.dst = back ? hosts.src : hosts.dst;
  packet.hash = back ? hosts.hash_back : hosts.hash_there;
}

}  // namespace weft
