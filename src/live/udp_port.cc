#include "live/udp_port.hh"

#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/check.hh"
#include "base/error.hh"
#include "wire/udp.hh"

namespace weft::live {

namespace {

constexpr std::size_t control_size = 64;
constexpr int wanted_buffer = 4 * 1024 * 1024;

// The room for a datagram's traffic class, aligned as the kernel wants it.
struct alignas(cmsghdr) Control {
  std::array<char, control_size> bytes{};
};

bool set_option(int socket, int level, int name, int value) { return ::setsockopt(socket, level, name, &value, sizeof value) == 0; }

}  // namespace

struct UdpPort::Slots {
  struct Side {
    std::array<std::array<std::byte, slot_size>, batch> bytes;
    std::array<iovec, batch> vectors{};
    std::array<SocketAddress, batch> peers{};
    std::array<Control, batch> controls{};
    std::array<mmsghdr, batch> messages{};
  };

  Side in, out;
  std::array<std::uint8_t, batch> out_class{};
  FaultInjector::Plan plan{};
  std::array<mmsghdr, 2 * batch> outgoing{};

  Slots() {
    link(in);
    link(out);
  }
  static void link(Side& side) {
    for (std::size_t i = 0; i < batch; ++i) {
      side.vectors[i] = {side.bytes[i].data(), slot_size};
      msghdr& header = side.messages[i].msg_hdr;
      header.msg_iov = &side.vectors[i];
      header.msg_iovlen = 1;
      header.msg_name = &side.peers[i].storage;
      header.msg_control = side.controls[i].bytes.data();
    }
  }
};

UdpPort::UdpPort(const Address& own, const FaultOptions& faults)
    : own_(own),
      socket_(::socket(own.family(), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      slots_(std::make_unique<Slots>()),
      transmit_faults_(faults.drop_transmit, faults.duplicate, faults.reorder, random_key(faults.seed, RandomRoom::port, 0)),
      receive_faults_(faults.drop_receive, faults.duplicate, faults.reorder, random_key(faults.seed, RandomRoom::port, 1)) {
  if (!socket_.open()) throw InputError(own.text(), std::string("no UDP socket: ") + std::strerror(errno));
  set_options();
  bind_socket();
}

UdpPort::~UdpPort() = default;

void UdpPort::set_options() {
  const int s = socket_.get();
  bool ok = true;
  if (own_.v6) {
    ok &= set_option(s, IPPROTO_IPV6, IPV6_V6ONLY, 1);
    ok &= set_option(s, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
    ok &= set_option(s, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
    ok &= set_option(s, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
    ok &= set_option(s, IPPROTO_UDP, UDP_NO_CHECK6_TX, 1);
    ok &= set_option(s, IPPROTO_UDP, UDP_NO_CHECK6_RX, 1);
  } else {
    ok &= set_option(s, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
    ok &= set_option(s, IPPROTO_IP, IP_RECVTOS, 1);
    ok &= set_option(s, SOL_SOCKET, SO_NO_CHECK, 1);
  }
  if (!ok) throw InputError(own_.text(), std::string("this kernel lacks a UDP option that RoCE needs: ") + std::strerror(errno));
  // The forced sizes need a privilege; without it the kernel cuts to its limit.
  if (!set_option(s, SOL_SOCKET, SO_RCVBUFFORCE, wanted_buffer)) set_option(s, SOL_SOCKET, SO_RCVBUF, wanted_buffer);
  if (!set_option(s, SOL_SOCKET, SO_SNDBUFFORCE, wanted_buffer)) set_option(s, SOL_SOCKET, SO_SNDBUF, wanted_buffer);
  int size = 0;
  socklen_t length = sizeof size;
  ::getsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, &length);
  receive_buffer_ = Bytes{size};
}

void UdpPort::bind_socket() {
  const SocketAddress local(own_, wire::roce_udp_port);
  if (::bind(socket_.get(), local.raw(), local.length) == 0) return;
  const std::string what = "UDP port " + std::to_string(wire::roce_udp_port) + " of " + own_.text();
  if (errno == EADDRINUSE) {
    throw InputError(what, "is in use by another process",
                     "another address of this machine: --bind (on one machine 127.0.0.1 and 127.0.0.2)");
  }
  throw InputError(what, std::string("cannot be bound: ") + std::strerror(errno), "--bind takes an address of this machine");
}

wire::ByteRoom UdpPort::slot() noexcept {
  CHECK(room(), "queued", queued_);
  return slots_->out.bytes[queued_];
}

void UdpPort::commit(std::size_t size, const SocketAddress& to, std::uint8_t traffic_class) noexcept {
  CHECK(room() && size <= slot_size, "queued", queued_, "size", size);
  auto& out = slots_->out;
  out.vectors[queued_].iov_len = size;
  out.peers[queued_] = to;
  msghdr& header = out.messages[queued_].msg_hdr;
  header.msg_namelen = to.length;
  header.msg_controllen = CMSG_SPACE(sizeof(int));
  cmsghdr* const control = CMSG_FIRSTHDR(&header);
  control->cmsg_level = own_.v6 ? static_cast<int>(IPPROTO_IPV6) : static_cast<int>(IPPROTO_IP);
  control->cmsg_type = own_.v6 ? IPV6_TCLASS : IP_TOS;
  control->cmsg_len = CMSG_LEN(sizeof(int));
  const int value = traffic_class;
  std::memcpy(CMSG_DATA(control), &value, sizeof value);
  slots_->out_class[queued_] = traffic_class;
  ++queued_;
}

void UdpPort::start_sending() noexcept {
  planned_ = transmit_faults_.plan(queued_, slots_->plan);
  for (std::size_t i = 0; i < planned_; ++i) slots_->outgoing[i] = slots_->out.messages[slots_->plan[i]];
  next_ = 0;
  sending_ = true;
}

bool UdpPort::flush() noexcept {
  if (!sending_) {
    if (queued_ == 0) return true;
    start_sending();
  }
  while (next_ < planned_) {
    const int n = ::sendmmsg(socket_.get(), slots_->outgoing.data() + next_, static_cast<unsigned>(planned_ - next_), MSG_NOSIGNAL);
    if (n > 0) {
      for (int i = 0; i < n; ++i) sent(slots_->plan[next_++]);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {
      ++counters_.send_waits;
      return false;
    }
    ++counters_.send_refused;
    ++next_;
  }
  sending_ = false;
  queued_ = 0;
  return true;
}

void UdpPort::sent(std::size_t index) noexcept {
  const wire::ByteView bytes = wire::ByteView(slots_->out.bytes[index]).first(slots_->out.vectors[index].iov_len);
  ++counters_.datagrams_sent;
  counters_.bytes_sent += bytes.size();
  if (capture_ == nullptr) return;
  const SocketAddress& to = slots_->out.peers[index];
  capture_->add(own_, to.address(), {.source_port = wire::roce_udp_port, .destination_port = to.port()}, slots_->out_class[index], bytes);
}

Datagram UdpPort::describe(std::size_t index) const noexcept {
  const auto& in = slots_->in;
  const mmsghdr& message = in.messages[index];
  Datagram datagram;
  datagram.bytes = wire::ByteView(in.bytes[index]).first(std::min<std::size_t>(message.msg_len, slot_size));
  datagram.source = in.peers[index].address();
  datagram.source_port = in.peers[index].port();
  datagram.truncated = (message.msg_hdr.msg_flags & MSG_TRUNC) != 0;
  msghdr header = message.msg_hdr;
  for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TOS) {
      std::memcpy(&datagram.traffic_class, CMSG_DATA(control), 1);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_TCLASS) {
      int value = 0;
      std::memcpy(&value, CMSG_DATA(control), sizeof value);
      datagram.traffic_class = static_cast<std::uint8_t>(value);
    }
  }
  return datagram;
}

std::span<const Datagram> UdpPort::receive() noexcept {
  auto& in = slots_->in;
  for (mmsghdr& message : in.messages) {
    message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    message.msg_hdr.msg_controllen = control_size;
  }
  int count = -1;
  do {
    count = ::recvmmsg(socket_.get(), in.messages.data(), static_cast<unsigned>(batch), MSG_DONTWAIT, nullptr);
  } while (count < 0 && errno == EINTR);
  if (count <= 0) return {};
  std::array<Datagram, batch> arrived;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    arrived[i] = describe(i);
    ++counters_.datagrams_received;
    counters_.bytes_received += arrived[i].bytes.size();
    if (capture_ == nullptr) continue;
    capture_->add(arrived[i].source, own_, {.source_port = arrived[i].source_port}, arrived[i].traffic_class, arrived[i].bytes);
  }
  FaultInjector::Plan plan;
  const std::size_t kept = receive_faults_.plan(static_cast<std::size_t>(count), plan);
  for (std::size_t i = 0; i < kept; ++i) received_[i] = arrived[plan[i]];
  return std::span<const Datagram>(received_).first(kept);
}

}  // namespace weft::live
