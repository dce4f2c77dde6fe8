#include "fabric/egress_port.hh"

#include <algorithm>
#include <bit>

namespace weft {

namespace {
constexpr std::uint32_t quantum_bytes = 256;  // credit a round for weight 1
}

Damage PortDetail::damage(std::uint32_t wire_bytes) {
  if (loss.active() && loss.loses(loss_random)) return Damage::loss;
  const auto bits = static_cast<std::uint32_t>(8 * (wire_bytes - gap.v));
  return bit_errors.active() && bit_errors.damages(bits, loss_random) ? Damage::bits : Damage::none;
}

bool PortDetail::damages_set() {
  constexpr std::uint32_t block_bits = 66;
  if (loss.active() && loss.loses(loss_random)) return true;
  return bit_errors.active() && bit_errors.damages(block_bits, loss_random);
}

void PortDetail::lost_to_down(const Record& record, Time start) {
  DownLoss& losses = down_losses[next_down];  // where meets_down() found it
  ++losses.frames;
  losses.last = start;
  if (!record.has_header() || hurt_flows.size() == hurt_flows.capacity()) return;
  if (std::find(hurt_flows.rbegin(), hurt_flows.rend(), record.flow) == hurt_flows.rend()) hurt_flows.push_back(record.flow);
}

bool meets_down(PortDetail& detail, Time start, Time end) {
  auto& next = detail.next_down;
  while (next < detail.down.size() && detail.down[next].up <= start) ++next;
  return next < detail.down.size() && detail.down[next].down <= end;
}

std::uint8_t choose_slot(const ClassTable& classes, std::uint8_t eligible, Deficits& deficits,
                         const std::array<std::uint32_t, most_slots>& head_bytes) {
  const auto strict = static_cast<std::uint8_t>(eligible & classes.strict_mask);
  if (strict != 0) return static_cast<std::uint8_t>(std::countr_zero(strict));
  if (std::has_single_bit(eligible)) return static_cast<std::uint8_t>(std::countr_zero(eligible));
  for (std::uint8_t slot = 0; slot < classes.slots; ++slot) {
    if ((eligible >> slot & 1) == 0) deficits.bytes[slot] = 0;  // an empty queue saves nothing for later
  }
  for (std::uint8_t slot = deficits.last;;) {  // ends: each round adds credit to an eligible queue
    if ((eligible >> slot & 1) != 0 && deficits.bytes[slot] >= head_bytes[slot]) {
      deficits.bytes[slot] -= head_bytes[slot];
      deficits.last = slot;
      return slot;
    }
    slot = static_cast<std::uint8_t>(slot + 1 == classes.slots ? 0 : slot + 1);
    if ((eligible >> slot & 1) != 0) deficits.bytes[slot] += quantum_bytes * classes.weight[slot];
  }
}

}  // namespace weft
