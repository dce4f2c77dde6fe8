#include "topology/route_search.hh"

namespace weft {

RouteSearch::RouteSearch(const PortMap& ports, std::span<const LinkId> dead) : ports_(ports), alive_(ports.link_count(), true) {
  for (const LinkId link : dead) alive_[link.index()] = false;
  find_parts();
  ways_.reserve(ports_.port_count());
  ways_begin_.reserve(std::size_t{ports_.node_count()} + 1);
  ways_begin_.push_back(0);
  for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
    if (parts_[node] != Part::scale_up) add_ways(node);
    ways_begin_.push_back(static_cast<std::uint32_t>(ways_.size()));
  }
}

void RouteSearch::find_parts() {
  for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
    Part part = is_host(node) ? Part::host : Part::plain_switch;
    for (const Port& port : ports_.ports({node})) {
      if (part == Part::plain_switch && port.role == LinkRole::pcie) part = Part::nic;
      if (part == Part::plain_switch && port.role == LinkRole::scale_up) part = Part::scale_up;
    }
    parts_.push_back(part);
  }
}

void RouteSearch::add_ways(std::uint32_t node) {
  std::uint16_t number = 0;
  for (const Port& port : ports_.ports({node})) {
    const std::uint16_t own = number++;
    if (!alive(port) || !leads_out(port)) continue;
    if (port.role != LinkRole::pcie) {
      ways_.push_back({.peer = port.peer.v, .port = own, .cost = port.cost});
    } else if (is_host(node)) {
      for (const Port& beyond : ports_.ports(port.peer)) {
        if (alive(beyond) && beyond.role == LinkRole::network) ways_.push_back({.peer = beyond.peer.v, .port = own});
      }
    }
  }
}

void RouteSearch::reach(std::uint32_t node, std::uint32_t distance) {
  distance_[node] = static_cast<std::uint16_t>(distance);
  buckets_[distance % buckets_.size()].push_back(node);
  ++waiting_;
}

void RouteSearch::measure(std::span<const Way> from) {
  distance_.assign(ports_.node_count(), unreached);
  for (const Way& way : from) {
    if (distance_[way.peer] != unreached) continue;
    distance_[way.peer] = 1;
    if (forwards(way.peer)) reach(way.peer, 1);
  }
  for (std::uint32_t level = 1; waiting_ > 0; ++level) {
    std::vector<std::uint32_t>& bucket = buckets_[level % buckets_.size()];
    waiting_ -= bucket.size();
    for (const std::uint32_t node : bucket) {
      if (distance_[node] != level) continue;  // found nearer since
      for (const Way& way : ways(node)) {
        if (forwards(way.peer) && level + way.cost < distance_[way.peer]) reach(way.peer, level + way.cost);
      }
    }
    bucket.clear();
  }
}

std::span<const std::uint16_t> RouteSearch::nearest(std::uint32_t node) {
  group_.clear();
  std::uint32_t best = unreached;
  for (const Way& way : ways(node)) {
    if (!forwards(way.peer) || distance_[way.peer] == unreached) continue;
    const std::uint32_t length = std::uint32_t{distance_[way.peer]} + way.cost;
    if (length > best) continue;
    if (length < best) group_.clear();
    best = length;
    if (group_.empty() || group_.back() != way.port) group_.push_back(way.port);
  }
  return group_;
}

}  // namespace weft
