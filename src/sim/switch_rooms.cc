// Network, what is refused of a fabric that drops: a switch in which a packet that must pass finds no room even when nothing
// waits. A run would lose each such packet for ever.
#include <string>

#include "base/error.hh"
#include "sim/network.hh"

namespace weft {

namespace {

std::string bytes_of(std::int64_t bytes) { return std::to_string(bytes) + " bytes"; }

}  // namespace

void Network::check_lossy() const {
  if (scenario.fabric.lossless != Lossless::none) return;
  for (std::uint32_t node = spec.end_points(); node < spec.nodes.size(); ++node) {
    if (spec.nodes[node].role != NodeRole::plain) continue;
    for (const Port& port : ports.ports(NodeId{node})) check_lossy(*switches[node], port);
  }
}

void Network::check_lossy(const Switch& at, const Port& port) const {
  const Bytes frame = full_frame_on(port.link.v);
  const std::string full = "a full frame, which is " + bytes_of(frame.v) + " at mtu " + std::to_string(scenario.fabric.mtu);
  const std::int64_t buffer = at.buffer().shared_limit();
  if (buffer < frame.v) {
    throw InputError(scenario.file, "'buffer' in fabric has " + bytes_of(buffer) + ", too little for " + full,
                     "write a greater buffer, or a smaller mtu");
  }
  const QueueSizes sizes = queue_sizes_of(port.out().v);
  const bool limited = sizes.data != QueueSizes::no_limit;
  const std::int64_t queue = limited ? std::int64_t{sizes.data} : at.buffer().thresholds_with(0).queue;
  if (queue < frame.v) {
    const std::string name = limited ? "'queue' in fabric has " : "'alpha' in fabric leaves an egress queue ";
    throw InputError(scenario.file, name + bytes_of(queue) + ", too little for " + full,
                     std::string("write a greater ") + (limited ? "queue" : "alpha or buffer") + ", or a smaller mtu");
  }
  if (std::int64_t{sizes.trimmed} < trimmed_packet().v) {
    throw InputError(scenario.file,
                     "'trim_queue' in fabric has " + bytes_of(sizes.trimmed) + ", too little for a trimmed packet, which is " +
                         bytes_of(trimmed_packet().v),
                     "write a greater trim_queue, or drop it");
  }
}

}  // namespace weft
