// RdmaService: one client's session on the serving side: its queue pair, its memory, and the comparison of what arrives.
//
// The loop compares messages between Driver::receive() and Driver::transmit(), that is before the acknowledgement can leave;
// so a client that has not been told of a message's end cannot have overwritten it.
#pragma once

#include "live/clock.hh"
#include "live/driver.hh"
#include "live/rdma_options.hh"
#include "live/rdma_report.hh"
#include "live/rdma_session.hh"
#include "live/roce_datagram.hh"
#include "live/side_channel.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::live {

class RdmaService {
 public:
  RdmaService(const RdmaServerOptions& options, UdpPort& port, SideListener& listener, SideChannel& side, const Offer& offer,
              DropCounters& drops);
  RdmaReport run();

 private:
  [[nodiscard]] std::span<std::byte> slot(std::uint64_t message);
  void post_receive(std::uint64_t message);
  void reap();
  void completed(const roce::Completion& completion);
  void compare(std::uint64_t message, std::span<const std::byte> bytes);
  [[nodiscard]] bool listen_to_client();
  void turn_away();
  // Ends a session whose client fell silent, or when the user wants it.
  [[nodiscard]] bool watch(std::size_t arrived);
  [[nodiscard]] Result result() const;
  [[nodiscard]] std::uint64_t messages() const;  // READ: requests executed
  [[nodiscard]] std::uint64_t bytes() const;

  const RdmaServerOptions* options_;
  UdpPort* port_;
  SideListener* listener_;
  SideChannel* side_;
  Offer offer_;
  DropCounters* drops_;
  DropCounters drops_before_;
  QueuePairOffer own_queue_pair_;
  RegisteredMemory memory_;
  BufferId buffer_{};
  RoceDatagrams codec_;
  Clock clock_;
  roce::QueuePair queue_pair_;
  Driver<roce::QueuePair, RoceDatagrams> driver_;
  std::uint64_t received_ = 0;  // receive completions
  Time began_{}, last_heard_{};
  RdmaReport report_{};
};

}  // namespace weft::live
