// UdpPort: RoCEv2's UDP port 4791 of one address, in batches, without allocation after the constructor.
//
// The socket is bound but never connected, and DF is asked for (IP_PMTUDISC_PROBE), so that Linux writes identification 0
// into every IPv4 header; the ICRC covers that field. UDP checksums are off (the ICRC protects more). DSCP and ECN ride with
// every datagram both ways. Source port = 4791 as well.
//
// Sending: slot() is room for one datagram, commit() queues it, flush() hands the queue to the kernel; what the kernel does
// not take stays queued, and room() is false until it has gone. Datagrams that the kernel refuses for good are counted.
// Receiving: receive() yields at most one batch; the views live until the next call.
// Units: bytes. Errors: InputError when the port cannot be had. Source: IBTA annex A17; Linux ip(7), udp(7).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/units.hh"
#include "live/address.hh"
#include "live/capture.hh"
#include "live/fault_injector.hh"
#include "live/file_descriptor.hh"
#include "wire/cursor.hh"
#include "wire/roce_packet.hh"

namespace weft::live {

struct Datagram {
  wire::ByteView bytes{};
  Address source{};
  std::uint16_t source_port = 0;
  std::uint8_t traffic_class = 0;  // DSCP and ECN
  bool truncated = false;          // it was longer than any RoCE packet; `bytes` is its beginning
};

struct PortCounters {
  std::uint64_t datagrams_sent = 0, bytes_sent = 0;          // UDP payload
  std::uint64_t datagrams_received = 0, bytes_received = 0;  // before injected faults
  std::uint64_t send_refused = 0;                            // the kernel would not take it
  std::uint64_t send_waits = 0;                              // its buffer was full
};

class UdpPort {
 public:
  static constexpr std::size_t batch = FaultInjector::largest_batch;

  UdpPort(const Address& own, const FaultOptions& faults);
  ~UdpPort();
  UdpPort(const UdpPort&) = delete;
  UdpPort& operator=(const UdpPort&) = delete;

  [[nodiscard]] std::span<const Datagram> receive() noexcept;

  [[nodiscard]] bool room() const noexcept { return !sending_ && queued_ < batch; }
  [[nodiscard]] std::size_t room_left() const noexcept { return sending_ ? 0 : batch - queued_; }
  [[nodiscard]] wire::ByteRoom slot() noexcept;
  void commit(std::size_t size, const SocketAddress& to, std::uint8_t traffic_class) noexcept;
  // True when nothing is left in the queue.
  bool flush() noexcept;
  [[nodiscard]] bool waiting_to_send() const noexcept { return sending_; }

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] const Address& address() const { return own_; }
  // How much of the network's burst the kernel can hold for us, as it counts (packet and bookkeeping).
  [[nodiscard]] Bytes receive_buffer() const { return receive_buffer_; }
  [[nodiscard]] const PortCounters& counters() const { return counters_; }
  [[nodiscard]] const FaultCounters& transmit_faults() const { return transmit_faults_.counters(); }
  [[nodiscard]] const FaultCounters& receive_faults() const { return receive_faults_.counters(); }
  // From now on every datagram is also written there; it must outlive this port or be taken away with nullptr.
  void capture_into(Capture* capture) { capture_ = capture; }

 private:
  static constexpr std::size_t slot_size = wire::roce_packet_limit + 4;  // a longer one arrives truncated and is told apart
  struct Slots;                                                          // buffers and the kernel's descriptions of them

  void set_options();
  void bind_socket();
  [[nodiscard]] Datagram describe(std::size_t index) const noexcept;
  void start_sending() noexcept;
  void sent(std::size_t index) noexcept;

  Address own_;
  FileDescriptor socket_;
  Bytes receive_buffer_{};
  std::unique_ptr<Slots> slots_;
  std::size_t queued_ = 0;              // committed
  std::size_t planned_ = 0, next_ = 0;  // entries of the plan, and the next to send
  bool sending_ = false;
  FaultInjector transmit_faults_, receive_faults_;
  std::array<Datagram, 2 * batch> received_{};
  PortCounters counters_{};
  Capture* capture_ = nullptr;
};

}  // namespace weft::live
