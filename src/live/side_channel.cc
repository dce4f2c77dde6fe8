#include "live/side_channel.hh"

#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/error.hh"
#include "live/clock.hh"

namespace weft::live {

namespace {

constexpr std::int64_t ps_per_ms = 1'000'000'000;

// Rounded up, so that a wait never ends early.
int milliseconds(Duration d) { return static_cast<int>(std::max<std::int64_t>(0, (d.v + ps_per_ms - 1) / ps_per_ms)); }

std::string place(const Address& address) { return address.text() + " port " + std::to_string(side_channel_port); }

void set_option(int socket, int level, int name, int value) { ::setsockopt(socket, level, name, &value, sizeof value); }

FileDescriptor stream_socket(const Address& own) {
  FileDescriptor socket(::socket(own.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.open()) throw InputError(own.text(), std::string("no TCP socket: ") + std::strerror(errno));
  return socket;
}

[[noreturn]] void refuse_connection(const Address& to, int reason) {
  const char* const hint = reason == ECONNREFUSED ? "is `weft rdma server --bind` running with this address?" : "";
  throw InputError(place(to), std::string("cannot connect the side channel: ") + std::strerror(reason), hint);
}

}  // namespace

SideChannel SideChannel::connect(const Address& to, const Address& from, Duration patience) {
  FileDescriptor socket = stream_socket(to);
  const SocketAddress local(from, 0);
  const SocketAddress peer(to, side_channel_port);
  if (::bind(socket.get(), local.raw(), local.length) != 0) {
    throw InputError(from.text(), std::string("cannot use this address: ") + std::strerror(errno),
                     "--bind takes an address of this machine");
  }
  if (::connect(socket.get(), peer.raw(), peer.length) != 0) {
    if (errno != EINPROGRESS) refuse_connection(to, errno);
    pollfd polled{socket.get(), POLLOUT, 0};
    if (::poll(&polled, 1, milliseconds(patience)) <= 0) refuse_connection(to, ETIMEDOUT);
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) refuse_connection(to, error);
  }
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  return SideChannel(std::move(socket), to);
}

void SideChannel::stop(State state, std::string problem) {
  if (state_ != State::open) return;
  state_ = state;
  problem_ = std::move(problem);
}

bool SideChannel::send(const Message& message) {
  if (state_ != State::open) return false;
  MessageBytes bytes;
  const std::size_t size = encode_message(message, bytes);
  const ssize_t n = ::send(socket_.get(), bytes.data(), size, MSG_NOSIGNAL);
  if (n == static_cast<ssize_t>(size)) return true;
  stop(State::ended, n < 0 ? std::string("side channel: ") + std::strerror(errno) : "side channel: the peer does not read");
  return false;
}

std::optional<Message> SideChannel::take() {
  DecodedMessage decoded = decode_message(wire::ByteView(buffer_).first(filled_));
  if (decoded.state == DecodedMessage::State::refused) {
    stop(State::broken, "side channel: " + std::string(decoded.problem));
    return std::nullopt;
  }
  if (decoded.state == DecodedMessage::State::incomplete) return std::nullopt;
  filled_ -= decoded.consumed;
  std::memmove(buffer_.data(), buffer_.data() + decoded.consumed, filled_);
  return std::move(decoded.message);
}

std::optional<Message> SideChannel::poll() {
  if (auto message = take()) return message;
  if (state_ != State::open) return std::nullopt;
  ssize_t n = -1;
  do { n = ::recv(socket_.get(), buffer_.data() + filled_, buffer_.size() - filled_, MSG_DONTWAIT); } while (n < 0 && errno == EINTR);
  if (n < 0 && errno == EAGAIN) return std::nullopt;
  if (n <= 0) {
    stop(State::ended, n == 0 ? "side channel closed by the peer" : std::string("side channel: ") + std::strerror(errno));
    return std::nullopt;
  }
  filled_ += static_cast<std::size_t>(n);
  return take();
}

std::optional<Message> SideChannel::wait(Duration patience) {
  const Clock clock;
  const Time end = clock.now() + patience;
  while (true) {
    if (auto message = poll()) return message;
    if (state_ != State::open) return std::nullopt;
    const Duration left = end - clock.now();
    if (left.v <= 0) break;
    pollfd polled{socket_.get(), POLLIN, 0};
    ::poll(&polled, 1, milliseconds(left));
  }
  stop(State::ended, "side channel: no answer in time");
  return std::nullopt;
}

SideListener::SideListener(const Address& own) : socket_(stream_socket(own)) {
  constexpr int waiting = 8;
  set_option(socket_.get(), SOL_SOCKET, SO_REUSEADDR, 1);
  if (own.v6) set_option(socket_.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  const SocketAddress local(own, side_channel_port);
  if (::bind(socket_.get(), local.raw(), local.length) != 0 || ::listen(socket_.get(), waiting) != 0) {
    const char* const hint =
        errno == EADDRINUSE ? "another server runs there: --bind another address" : "--bind takes an address of this machine";
    throw InputError("TCP " + place(own), std::string("cannot listen: ") + std::strerror(errno), hint);
  }
}

std::optional<SideChannel> SideListener::accept() {
  SocketAddress peer;
  const int number = ::accept4(socket_.get(), peer.raw(), &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (number < 0) return std::nullopt;
  FileDescriptor socket(number);
  set_option(number, IPPROTO_TCP, TCP_NODELAY, 1);
  return SideChannel(std::move(socket), peer.address());
}

}  // namespace weft::live
