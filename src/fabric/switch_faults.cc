#include "fabric/switch_faults.hh"

#include "fabric/switch_forward.hh"

namespace weft {

namespace {
constexpr std::int64_t block_bits = 66;
}

Switch::Faults::Faults(Switch& node, const FaultPlan& plan, std::vector<FabricNeighbour> neighbours)
    : node_(node), plan_(plan), neighbours_(std::move(neighbours)), heard_(plan.changes.size(), Time::never()) {}

void Switch::Faults::found(Worker& worker, std::uint32_t change, Instant at) {
  if (!plan_.changes[change].up) return announce(worker, change, plan_.copies, at);
  node_.arm({at.now + plan_.join, EventKind::timer, static_cast<std::uint8_t>(What::fault_timer), change, plan_.copies});
}

void Switch::Faults::on_event(Worker& worker, const LocalEvent& event) {
  if (event.what == static_cast<std::uint8_t>(What::fault_timer))
    return announce(worker, event.id, event.argument, Instant::after_services(event.at));
  GseMessage notice;
  notice.exit = static_cast<std::uint32_t>(event.argument >> 8);
  notice.amount = static_cast<std::uint8_t>(event.argument);
  hear(worker, notice, static_cast<std::uint16_t>(event.id), Instant::before_services(event.at));
}

void Switch::Faults::message(Worker& worker, const Record& record, Time now) {
  hear(worker, GseMessage::of(record), record.in_port, Instant::after_services(now));
}

void Switch::Faults::announce(Worker& worker, std::uint32_t change, std::uint64_t copies, Instant at) {
  learn(worker, change, at);
  flood(worker, change, FaultPlan::most_hops, own, at);
  if (copies > 1) node_.arm({at.now + plan_.repeat, EventKind::timer, static_cast<std::uint8_t>(What::fault_timer), change, copies - 1});
}

void Switch::Faults::hear(Worker& worker, const GseMessage& notice, std::uint16_t from, Instant at) {
  if (heard_[notice.exit] != Time::never()) return;
  learn(worker, notice.exit, at);
  if (notice.amount > 1) flood(worker, notice.exit, static_cast<std::uint8_t>(notice.amount - 1), from, at);
}

void Switch::Faults::learn(Worker& worker, std::uint32_t change, Instant at) {
  heard_[change] = std::min(heard_[change], at.now);
  node_.adopt_routes(worker, plan_.changes[change].version, at);
}

void Switch::Faults::flood(Worker& worker, std::uint32_t change, std::uint8_t hops, std::uint16_t except, Instant at) {
  GseMessage notice;
  notice.what = GseMessage::What::fault;
  notice.exit = change;
  notice.amount = hops;
  notice.source = plan_.device_of_node[plan_.changes[change].reporter];
  for (const FabricNeighbour& neighbour : neighbours_) {
    if (neighbour.port == except || !node_.ports_[neighbour.port].has(EgressPort::up)) continue;
    ++sent_;
    if (plan_.notice == FaultNotice::block)
      send_block(worker, neighbour, notice, at);
    else
      node_.send_fabric_message(worker, neighbour.port, notice.record(), at);
  }
}

// A block takes the place of an idle one or goes between two of a frame: the port's frames are where they were.
void Switch::Faults::send_block(Worker& worker, const FabricNeighbour& to, const GseMessage& notice, Instant at) {
  if (node_.lazy()) node_.catch_up(worker, to.port, at.now, at.starts_before);
  const EgressPort& port = node_.ports_[to.port];
  PortDetail& detail = node_.details_[to.port];
  if (port.has(EgressPort::tapped)) node_.tap_->fault_block(worker, port.link, notice.record());
  const Time left = at.now + Duration{(block_bits * ps_per_second + port.clock.rate().v - 1) / port.clock.rate().v};
  const bool down = port.has(EgressPort::scheduled) && meets_down(detail, at.now, left + detail.link_delay);
  const bool hit = port.has(EgressPort::lossy) && detail.damages_set();
  if (down || hit) return;
  worker.notify(to.node, {left + port.flight, EventKind::control, static_cast<std::uint8_t>(What::fault_block), to.peer_port,
                          std::uint64_t{notice.exit} << 8 | notice.amount});
}

}  // namespace weft
