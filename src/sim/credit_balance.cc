#include "sim/credit_balance.hh"

#include "base/check.hh"
#include "link/cyclic20.hh"

namespace weft {

namespace {

// Of one switch: credits that buffered packets hold, by in-port and slot.
class HeldCredits {
 public:
  explicit HeldCredits(Switch& node) : node_(node), slots_(node.classes().slots), held_(node.port_count() * slots_) {
    for (std::size_t i = 0; i < node.port_count(); ++i) {
      const EgressPort& port = node.port(i);
      if (port.serving_bytes != 0) add({port.serving_in_port, port.serving_slot, i, port.serving_bytes});
      for (std::uint8_t slot = 0; slot < slots_; ++slot) {
        node.queue(i, slot).ring.for_each([&](const Record& r) { add({r.in_port, r.slot, i, r.wire_bytes}); });
      }
    }
    node.for_each_kept([this](const Record& r, std::uint32_t came_with) { count(r.in_port, r.slot, came_with); });
  }
  [[nodiscard]] std::uint32_t of(std::size_t in_port, std::uint8_t slot) const { return held_[in_port * slots_ + slot]; }

 private:
  struct Leaving {
    std::uint16_t in_port = 0;
    std::uint8_t slot = 0;
    std::size_t out = 0;
    std::uint32_t wire_bytes = 0;
  };
  void add(const Leaving& r) {
    if (r.in_port < node_.port_count()) count(r.in_port, r.slot, node_.came_with(r.in_port, r.out, r.wire_bytes));
  }
  // Nothing for what is the switch's own.
  void count(std::uint16_t in_port, std::uint8_t slot, std::uint32_t came_with) {
    if (in_port >= node_.port_count()) return;
    const auto& layer = node_.detail(in_port).layer;
    if (layer && layer->cbfc && (layer->channels >> slot & 1) != 0)
      held_[std::size_t{in_port} * slots_ + slot] += layer->cost.of(came_with);
  }

  Switch& node_;
  std::uint8_t slots_;
  std::vector<std::uint32_t> held_;
};

}  // namespace

void check_credits(Network& network) {
  if (network.scenario.fabric.lossless != Lossless::cbfc) return;
  for (std::uint32_t node = 0; node < network.spec.nodes.size(); ++node) {
    Switch* const s = network.switches[node];
    if (s == nullptr) continue;
    const HeldCredits held(*s);
    for (std::size_t i = 0; i < s->port_count(); ++i) {
      const auto& layer = s->detail(i).layer;
      if (!layer || !layer->cbfc) continue;
      for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) {
        const CbfcReceiver& receiver = layer->freed[slot];
        CHECK(cyclic20_distance(receiver.freed(), receiver.counted()) == held.of(i, slot), "node", network.spec.nodes[node].name, "port", i,
              "slot", unsigned{slot}, "counted", receiver.counted(), "freed", receiver.freed(), "held", held.of(i, slot));
      }
    }
  }
}

}  // namespace weft
