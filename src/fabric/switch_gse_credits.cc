// Switch::Gse, what concerns credit-based flow control on its links. See switch_gse.hh, link/cbfc_receiver.hh.
//
// A packet frees what it cost on its way in, though a GSP adds or takes off a header between its hosts and the fabric.
// What comes from the fabric has been asked for: it becomes the switch's own, charged to no link, and its credits go back at once. So a
// slow receiver holds up nobody else, and no two links wait for each other because each holds what must come after the other's. What is
// in order takes at most half of the shared part, since it leaves by itself; what comes early may take all of it. A packet for which
// there is no room there stays in its link's and keeps its credits; nothing is lost, and hole_timeout ends what waits in a circle.
#include "fabric/switch_gse.hh"
#include "wire/gse_frame.hh"

namespace weft {

std::uint32_t Switch::Gse::came_with(std::size_t in, std::size_t out, std::uint32_t bytes) const {
  constexpr auto header = static_cast<std::uint32_t>(wire::gse_overhead.v);
  const bool from_host = is_exit(in), to_host = is_exit(out);
  if (from_host == to_host) return bytes;
  return from_host ? bytes - header : bytes + header;
}

bool Switch::Gse::keeps_as_own(const Parcel& packet, gse::Turn turn) {
  if (!node_.credited_ || !node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot)).credited) return false;
  const std::int64_t limit = node_.buffer_.shared_limit(), used = node_.buffer_.shared_used() + packet.wire_bytes;
  return used <= (turn == gse::Turn::hold ? limit : limit / 2);
}

void Switch::Gse::keep_as_own(Worker& worker, Parcel& packet, Time now) {
  packet.in_port = static_cast<std::uint16_t>(node_.port_count());
  node_.buffer_.charge_shared(node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot)), packet.wire_bytes);
  node_.free_credits(worker, packet.came.in_port, {packet.slot, packet.came.wire_bytes}, now);
}

void Switch::Gse::for_each_kept(const std::function<void(const Record&, std::uint32_t)>& visit) const {
  constexpr auto header = static_cast<std::uint32_t>(wire::gse_overhead.v);
  for (const Queue& queue : queues_) {
    const std::uint32_t added = queue.local ? 0 : header;
    queue.ring.for_each([&](const Record& packet) { visit(packet, packet.wire_bytes - added); });
  }
  for (const Stream& stream : streams_) {
    for (const Ring& lane : stream.lanes) lane.for_each([&](const Record& packet) { visit(packet, packet.wire_bytes + header); });
  }
}

}  // namespace weft
