// RdmaClient: the asking side of `weft rdma write|read|send`: sets up a connection over the side channel, keeps `depth`
// messages in flight until `count` have completed, and tells what came of it.
//
// With verify: a WRITE carries its number as immediate and the server compares it on arrival; the server compares SENDs in
// order; READs are compared here, into buffers that were spoilt before.
// Errors: the constructor throws InputError for what the user can set right (address, MTU, port, server missing or refusing);
// run() reports the transport's own error, or a peer that fell silent, and never throws but for the capture file.
#pragma once

#include <optional>

#include "live/clock.hh"
#include "live/driver.hh"
#include "live/rdma_options.hh"
#include "live/rdma_report.hh"
#include "live/rdma_session.hh"
#include "live/side_channel.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::live {

class RdmaClient {
 public:
  explicit RdmaClient(const RdmaClientOptions& options);
  RdmaReport run();

 private:
  using RoceDriver = Driver<roce::QueuePair, RoceDatagrams>;

  static Address choose_address(const RdmaClientOptions& options);
  Answer shake_hands();
  void start(const Answer& answer);
  [[nodiscard]] std::span<std::byte> slot(std::uint64_t message);
  void post_more();
  [[nodiscard]] bool post(std::uint64_t message);
  void reap();
  void completed(const roce::Completion& completion);
  void watch(std::size_t arrived);
  void finish();

  RdmaClientOptions options_;
  Address own_;
  std::optional<Capture> capture_;
  UdpPort port_;
  RegisteredMemory memory_;
  BufferId buffer_{};
  Offer offer_{};
  Answer answer_{};
  SideChannel side_;
  Clock clock_;
  DropCounters drops_{};
  std::optional<RoceDatagrams> codec_;
  std::optional<roce::QueuePair> queue_pair_;
  std::optional<RoceDriver> driver_;
  std::uint64_t posted_ = 0, done_ = 0;
  Time first_post_{}, last_completion_{}, last_heard_{};
  RdmaReport report_{};
};

}  // namespace weft::live
