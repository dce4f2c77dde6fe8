// What a switch does with a packet for which there is no room: see trimming.hh.
#include "fabric/switch_forward.hh"

namespace weft {

void Switch::drop(Worker& worker, std::size_t out, const Record& record) {
  PortCounters& counters = details_[out].counters;
  ++counters.drops_buffer;
  counters.lost_bytes += record.wire_bytes;
  if (record.has_header()) worker.headers.release(record.handle);
}

void Switch::refuse(Worker& worker, std::size_t out, const Record& record, Time now) {
  if (!trimming_.trimmable(record)) return drop(worker, out, record);
  const Record cut = trimming_.victim == TrimVictim::either ? trim_victim(out, record) : record;
  ++details_[out].counters.trims;
  const Record rest = trimming_.cut(cut, classes_.trimmed_slot, ports_[out].has(EgressPort::to_host));
  if (!admit(worker, buffer_.ingress(ingress_index(rest.in_port, rest.slot)), out, rest, now)) return drop(worker, out, rest);
  forward(worker, out, rest, now);
  if (ports_[out].has(EgressPort::traced)) show_depth(worker, out, now);
}

// The packet to cut: `arriving` itself, or the last of the queue, whose place it then takes.
Record Switch::trim_victim(std::size_t out, const Record& arriving) {
  ClassQueue& waiting = queue(out, arriving.slot);
  constexpr std::uint64_t half = std::uint64_t{1} << 31;
  if (waiting.ring.empty() || !details_[out].random.chance(half)) return arriving;
  Record& last = waiting.ring.back();
  const Record victim = last;
  const std::uint32_t less = victim.wire_bytes, more = arriving.wire_bytes;
  if (!trimming_.trimmable(victim) || more > less) return arriving;
  buffer_.release(buffer_.ingress(ingress_index(victim.in_port, victim.slot)), less);
  buffer_.charge_shared(buffer_.ingress(ingress_index(arriving.in_port, arriving.slot)), more);
  waiting.bytes -= less - more;
  last = arriving;
  if (marks_at_enqueue(out, arriving.bits, waiting.bytes)) last.bits |= Record::ce;
  return victim;
}

}  // namespace weft
