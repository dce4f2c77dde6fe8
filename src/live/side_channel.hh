// SideChannel: a TCP connection on port 18515 that carries the messages of exchange.hh, with a time limit on every wait.
//
// Errors: connecting and listening throw InputError. Afterwards nothing throws: poll() tells of a message, of silence, of the
// end (the peer closed, or was killed), or of something that is no message.
// Bounds: one message's bytes are kept; a peer that sends more than that at once waits in the kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "live/address.hh"
#include "live/exchange.hh"
#include "live/file_descriptor.hh"

namespace weft::live {

inline constexpr std::uint16_t side_channel_port = 18515;

class SideChannel {
 public:
  enum class State : std::uint8_t { open, ended, broken };

  SideChannel() = default;
  SideChannel(FileDescriptor socket, const Address& peer) : socket_(std::move(socket)), peer_(peer) {}
  static SideChannel connect(const Address& to, const Address& from, Duration patience);

  // True when all of it was taken by the kernel (messages are small, its buffer is not).
  bool send(const Message& message);
  // A message if one is there; does not wait.
  std::optional<Message> poll();
  // Waits for one.
  std::optional<Message> wait(Duration patience);

  [[nodiscard]] State state() const { return state_; }
  // Why there will be no more messages, in words.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] const Address& peer() const { return peer_; }

 private:
  void stop(State state, std::string problem);
  std::optional<Message> take();

  FileDescriptor socket_;
  Address peer_{};
  MessageBytes buffer_{};
  std::size_t filled_ = 0;
  State state_ = State::open;
  std::string problem_;
};

class SideListener {
 public:
  explicit SideListener(const Address& own);
  // A connection if one waits.
  std::optional<SideChannel> accept();
  [[nodiscard]] int descriptor() const { return socket_.get(); }

 private:
  FileDescriptor socket_;
};

}  // namespace weft::live
