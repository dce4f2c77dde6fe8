#include "sim/order_watch.hh"

#include "wire/roce.hh"

namespace weft {

static_assert(sizeof(wire::RoceHeader) <= HeaderPool::stamp_at, "the count stands behind the header");

OrderWatch::OrderWatch(Network& network)
    : network_(network),
      role_(network.egress.size()),
      sent_(role_.size()),
      latest_(network.table.ends.size() * network.classes.slots),
      counts_(network.workers.size()) {
  for (std::uint32_t directed = 0; directed < role_.size(); ++directed) {
    const LinkSpec& link = network.spec.links[directed / 2];
    const NodeId from = directed % 2 == 0 ? link.a : link.b, to = directed % 2 == 0 ? link.b : link.a;
    if (link.role == LinkRole::network && network.scenario.fabric.llr.enabled) continue;
    role_[directed] = network.is_end_point(from) ? Role::from_host : network.is_end_point(to) ? Role::to_host : Role::other;
  }
}

void OrderWatch::started(Worker& worker, std::uint32_t link, const Record& record) {
  if (record.kind() == RecordKind::pause) return;
  if (role_[link] == Role::from_host) return worker.headers.stamp(record.handle, ++sent_[link]);
  const std::uint32_t end = record.has(Record::to_initiator) ? initiator_of(record.flow) : target_of(record.flow);
  std::uint32_t& latest = latest_[std::size_t{end} * network_.classes.slots + record.slot];
  const std::uint32_t stamp = worker.headers.stamped(record.handle);
  if (static_cast<std::int32_t>(stamp - latest) < 0)
    ++counts_[worker.id()].out_of_order;
  else
    latest = stamp;
}

std::uint64_t OrderWatch::out_of_order() const {
  std::uint64_t sum = 0;
  for (const Count& count : counts_) sum += count.out_of_order;
  return sum;
}

}  // namespace weft
