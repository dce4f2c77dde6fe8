// Accounts of credit-based flow control when a run is over.
#pragma once

#include <functional>

#include "sim/simulation.hh"
#include "support/sim_runs.hh"

namespace weft::test {

// For the two ends of every directed link with credits, and every class.
inline void for_each_account(Network& network, const std::function<void(const CbfcSender&, const CbfcReceiver&)>& visit) {
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    if (!network.detail_of(directed).layer) continue;  // PCIe
    const LinkLayer &sender = *network.detail_of(directed).layer, &receiver = *network.detail_of(directed ^ 1U).layer;
    for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) {
      SCOPED_TRACE("link " + std::to_string(directed) + " slot " + std::to_string(slot));
      visit(sender.credits[slot], receiver.freed[slot]);
    }
  }
}

// Whole accounts: every credit that was spent has come back when a run is over, whatever was added and taken off, held, or lost.
// (What receivers counted and freed is compared with their buffers at the end of every run: sim/credit_balance.hh.)
inline Results expect_all_credits_back(const Scenario& scenario, std::uint64_t least_spent = 10'000) {
  const RunOptions options;
  Simulation simulation(scenario, options);
  simulation.execute();
  Results r = simulation.results();
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  std::uint64_t spent = 0;
  for_each_account(simulation.network(), [&spent](const CbfcSender& sender, const CbfcReceiver& receiver) {
    EXPECT_EQ(sender.used(), 0U);
    EXPECT_EQ(sender.consumed(), receiver.freed());
    spent += sender.consumed();
  });
  EXPECT_GE(spent, least_spent);
  return r;
}

inline Results expect_all_credits_back(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return expect_all_credits_back(scenario_of(text, overrides));
}

}  // namespace weft::test
