#include "fabric/class_table.hh"

namespace weft {

ClassTable make_class_table(const FabricParameters& fabric) {
  ClassTable table;
  const bool trims = fabric.transport == "uet" && fabric.uet.trimming;
  for (int priority = 7; priority >= 0; --priority) {
    const auto p = static_cast<std::uint8_t>(priority);
    const bool data = p == fabric.data_class, respond = p == fabric.ack_class, notify = p == fabric.notify_class;
    const bool trimmed = trims && p == fabric.uet.trimmed_class;
    if (!data && !respond && !notify && !trimmed) continue;
    const std::uint8_t slot = table.slots++;
    const auto bit = static_cast<std::uint8_t>(1U << slot);
    table.priority[slot] = p;
    table.weight[slot] = fabric.dwrr_weight[p];
    if (table.weight[slot] == 0) table.strict_mask |= bit;
    if (data) table.data_slot = slot;
    if (respond) table.respond_slot = slot;
    if (notify) table.notify_slot = slot;
    if (trimmed) table.trimmed_slot = slot;
    if (fabric.lossless != Lossless::none && (data || respond)) table.lossless_mask |= bit;
  }
  return table;
}

}  // namespace weft
