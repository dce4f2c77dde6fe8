// RdmaServer: the serving side of `weft rdma`: holds UDP port 4791 of one address, accepts one client at a time over the side
// channel, gives it a queue pair and memory, compares what arrives, and goes on with the next client.
//
// A client that dies is noticed by its side channel, one that falls silent by `idle_limit`; a second client is told that the
// server is busy. Datagrams that belong to nobody are counted and dropped at any time.
// Errors: the constructor throws InputError (address, port). serve_one() does not throw but for the capture file.
#pragma once

#include <optional>
#include <string>

#include "live/clock.hh"
#include "live/driver.hh"
#include "live/rdma_options.hh"
#include "live/rdma_report.hh"
#include "live/side_channel.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::live {

class RdmaServer {
 public:
  explicit RdmaServer(const RdmaServerOptions& options);

  // The next client, from its arrival to its end; RdmaReport::began is false when there was no session (offer refused).
  // Nothing when the user wants an end.
  std::optional<RdmaReport> serve_one();
  // Writes what the capture still holds.
  void close_capture();

 private:
  [[nodiscard]] std::optional<SideChannel> next_client();
  void drop_strays();
  [[nodiscard]] std::string objection(const Offer& offer, const Address& peer) const;

  RdmaServerOptions options_;
  std::optional<Capture> capture_;
  UdpPort port_;
  SideListener listener_;
  DropCounters drops_{};
};

}  // namespace weft::live
