#include "base/check.hh"
#include "sim/roce_transport.hh"
#include "sim/transport_of.hh"
#include "sim/uet_transport.hh"

namespace weft {

std::unique_ptr<SimTransport> make_transport(const Scenario& scenario, unsigned threads) {
  if (scenario.fabric.transport == "roce") return std::make_unique<TransportOf<RoceTransport>>(threads, scenario);
  if (scenario.fabric.transport == "uet") return std::make_unique<TransportOf<UetTransport>>(threads, scenario);
  CHECK(false, "transport", scenario.fabric.transport);
  return nullptr;
}

}  // namespace weft
