// The responder with `recovery: selective` (project profile, selective_sender.hh).
#include "transport/roce/responder.hh"

namespace weft::roce {

// A packet beyond the expected one. Kept: a WRITE packet within the window that carries its own place and may be written.
// READs and atomics are left to go-back-N (false); for the rest the answer says that it must come again.
bool Responder::keep_ahead(RoceSegment& segment, const OpcodeTraits& kind, Sequence at, QueuePairCounters& counters) noexcept {
  if (kind.operation == Operation::read || kind.operation == Operation::atomic) return false;
  const wire::RoceHeader& header = segment.header;
  if (!selective_->fits(at, expected_)) {
    ++counters.dropped_out_of_order;
    return true;
  }
  tell_selective(at);
  if (selective_->kept(at)) {
    ++counters.dropped_duplicate;
    return true;
  }
  const std::uint32_t size = segment.payload.length;
  const bool whole = kind.operation == Operation::write && kind.first && kind.last && !kind.immediate && header.dma_length == size &&
                     size <= mtu_ && (header.solicited || size == mtu_);
  const auto region = whole && size > 0 ? memory_->find(header.rkey, header.address, size, Access::remote_write) : std::nullopt;
  if (!whole || (size > 0 && !region)) {
    ++counters.dropped_out_of_order;
    return true;
  }
  segment.placement = {header.address, region.value_or(BufferId{}), size > 0};
  selective_->keep(at, header.solicited);
  delivered_bytes_ += size;
  ++counters.data_received;
  return true;
}

// The expected packet closed a gap: what was kept behind it is now in order.
void Responder::take_kept(Sequence trigger) noexcept {
  bool ends_message = false;
  while (selective_->take(expected_, ends_message)) {
    ++expected_;
    message_bytes_ = ends_message ? 0 : message_bytes_ + mtu_;
    if (!ends_message) continue;
    msn_ = (msn_ + 1) & psn_mask;
    ++delivered_messages_;
  }
  tell_selective(trigger);
}

}  // namespace weft::roce
