#include "sim/gse_frame_check.hh"

#include <algorithm>

#include "base/check.hh"
#include "sim/network.hh"
#include "wire/frame_size.hh"
#include "wire/gse_frame.hh"

namespace weft {

namespace {

// More than any packet takes on the wire.
constexpr std::uint32_t most_of_a_packet = wire::gse_frame_limit + wire::preamble_and_gap.v + wire::fcs_size;

}  // namespace

GseFrameCheck::GseFrameCheck(const Network& network) : network_(network), links_(network.egress.size()) {}

// A grant's port is its source's, so a queue of another GSP may have the same way.
GseFrameCheck::Seen& GseFrameCheck::seen(std::uint32_t link, const wire::GseWay& way, bool grants) {
  const std::uint64_t ends = std::uint64_t{way.source} << 48 | std::uint64_t{way.destination} << 32 | std::uint64_t{way.port} << 16;
  return links_[link][ends | (grants ? 8U : 0U) | way.priority];
}

// Where the GSP itself puts it on a wire, once.
bool GseFrameCheck::enters_at(std::uint32_t link, std::uint16_t gsp) const {
  return network_.routes.size() == 1 && !network_.plan.directions[link].llr && network_.gse->gsp_of_node[network_.egress[link].node] == gsp;
}

GseFrameCheck::Container& GseFrameCheck::container_of(Seen& seen, std::uint32_t number) {
  for (Container& container : seen.containers) {
    if (container.number == number) return container;
  }
  if (seen.containers.size() < containers_kept) return seen.containers.emplace_back(Container{.number = number, .packets = {}});
  Container& oldest = seen.containers[seen.oldest];
  seen.oldest = (seen.oldest + 1) % containers_kept;
  oldest.number = number;
  oldest.ended = false;
  oldest.packets.clear();
  return oldest;
}

void GseFrameCheck::place(Container& container, const wire::GseData& data, Bytes frame) const {
  const Packet packet{data.packet, data.offset, data.offset + static_cast<std::uint32_t>(frame.v)};
  auto& packets = container.packets;
  const auto after =
      std::lower_bound(packets.begin(), packets.end(), packet, [](const Packet& a, const Packet& b) { return a.index < b.index; });
  const bool behind = after == packets.end(), again = !behind && after->index == packet.index;
  const Packet before = after == packets.begin() ? Packet{} : *(after - 1);
  const bool next = packet.index == (after == packets.begin() ? 0 : before.index + 1);
  CHECK(next ? packet.offset == before.end : packet.offset > before.end, "container", data.container, "packet", int{data.packet}, "offset",
        packet.offset, "before", before.end);
  if (again) {
    CHECK(after->offset == packet.offset && after->end == packet.end, "container", data.container, "offset", packet.offset);
    return;
  }
  CHECK(behind ? !container.ended : network_.routes.size() > 1 && packet.end <= after->offset, "container", data.container, "packet",
        int{data.packet});
  packets.insert(after, packet);
}

void GseFrameCheck::data(std::uint32_t link, const wire::GseData& data, Bytes frame) {
  Seen& way = seen(link, data.way);
  Container& container = container_of(way, data.container);
  place(container, data, frame);
  const std::int64_t end = data.offset + frame.v, length = network_.gse->container.v;
  const bool most_packets = data.packet + 1U == wire::gse_container_packets;
  const bool full = most_packets || end + most_of_a_packet > length || network_.routes.size() > 1;
  CHECK(data.last ? full : !most_packets && end < length, "container", data.container, "end", end);
  container.ended = container.ended || data.last;
}

void GseFrameCheck::raise(Seen& seen, std::uint32_t total) {
  CHECK(!seen.any_total || wire::gse_ahead(total, seen.total) >= 0, "total", total, "before", seen.total);
  seen.any_total = true;
  seen.total = total;
}

void GseFrameCheck::request(std::uint32_t link, const wire::GseRequest& request) {
  if (!enters_at(link, request.way.source)) return;
  Seen& way = seen(link, request.way);
  raise(way, request.requested);
}

void GseFrameCheck::grant(std::uint32_t link, const wire::GseGrant& grant) {
  if (enters_at(link, grant.way.source)) raise(seen(link, grant.way, true), grant.granted);
}

}  // namespace weft
