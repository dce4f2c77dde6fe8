// What came of a run of `weft rdma`, on either side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "live/drop_counters.hh"
#include "live/exchange.hh"
#include "live/pattern.hh"
#include "live/udp_port.hh"
#include "transport/roce/counters.hh"

namespace weft::live {

struct RdmaReport {
  RdmaOperation operation = RdmaOperation::write;
  Address own{}, peer{};
  std::uint64_t messages = 0;  // completed
  std::uint64_t bytes = 0;     // of them
  Duration elapsed{};          // from the first posting to the last completion
  bool verify = false;
  std::uint64_t verified = 0;  // messages compared and right, wherever the comparison took place
  std::uint64_t wrong_messages = 0;
  std::optional<WrongByte> wrong{};  // the first
  std::string error{};               // why it ended early; empty when all went well
  bool began = false;                // server: an offer was accepted
  bool interrupted = false;          // from outside
  roce::QueuePairCounters queue_pair{};
  DropCounters drops{};
  PortCounters port{};
  FaultCounters faults{};  // injected, both directions

  [[nodiscard]] bool ok() const { return error.empty() && wrong_messages == 0; }
};

}  // namespace weft::live
