// The side channel's messages: how two processes agree on queue pairs, keys and addresses before the first RoCE packet, and
// on the outcome after the last. A project profile; RoCE itself leaves this to connection managers.
//
//   | "WEFT" 4 B | version 2 B (1) | type 2 B | body length 4 B | body |       network byte order
//
//   client                                  server
//     Offer  (what will be done, own QP)  ->
//                                         <-  Answer (own QP, rkey, address)   or  Refusal (text)
//     ... RoCE over UDP 4791, both ways ...
//     Done   (all completions are here)   ->
//                                         <-  Result (what was counted and compared)
//
// Strict: another magic, version, type or length, an unknown operation, a reserved bit, a value out of range ends the
// connection with a reason. Bounds: a body has at most 512 bytes. Units: bytes, packets.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "wire/cursor.hh"

namespace weft::live {

inline constexpr std::uint16_t exchange_version = 1;
inline constexpr std::size_t exchange_head_size = 12;
inline constexpr std::size_t exchange_body_limit = 512;
inline constexpr std::size_t exchange_limit = exchange_head_size + exchange_body_limit;

enum class RdmaOperation : std::uint8_t { write = 1, read = 2, send = 3 };
std::string_view name_of(RdmaOperation operation);

// What each side must know of the other's queue pair.
struct QueuePairOffer {
  std::uint32_t qp = 0;     // 24 bits, not 0 or 1
  std::uint32_t psn = 0;    // first PSN of its requests, 24 bits
  std::uint32_t burst = 0;  // packets that it can take at once
  friend bool operator==(const QueuePairOffer&, const QueuePairOffer&) = default;
};

struct Offer {
  RdmaOperation operation = RdmaOperation::write;
  bool verify = false;
  bool selective = false;   // recovery
  std::uint32_t mtu = 0;    // 256, 512 ... 4096
  std::uint32_t depth = 0;  // messages at once, 1 to 256
  std::uint32_t ack_every = 0;
  std::uint8_t timeout_exponent = 0;
  std::uint64_t size = 0;   // of a message; 0 to 2^31
  std::uint64_t count = 0;  // of messages; at least 1
  std::uint64_t seed = 0;   // of the pattern
  QueuePairOffer queue_pair{};
  friend bool operator==(const Offer&, const Offer&) = default;
};

struct Answer {
  std::uint32_t rkey = 0;
  std::uint64_t address = 0;
  QueuePairOffer queue_pair{};
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Refusal {
  std::string reason;  // at most 400 bytes of printable ASCII
  friend bool operator==(const Refusal&, const Refusal&) = default;
};

struct Done {
  std::uint64_t messages = 0;
  friend bool operator==(const Done&, const Done&) = default;
};

struct Result {
  std::uint64_t messages = 0;  // that the server saw the end of
  std::uint64_t bytes = 0;
  std::uint64_t verified = 0;  // messages compared and right
  std::uint64_t wrong_messages = 0;
  std::uint64_t wrong_message = 0, wrong_offset = 0;  // the first that differed
  std::uint8_t expected = 0, found = 0;
  std::uint64_t packets_dropped = 0;  // malformed, bad ICRC, unknown QP ...
  std::uint64_t naks_sent = 0;
  std::uint64_t retransmissions = 0;
  friend bool operator==(const Result&, const Result&) = default;
};

using Message = std::variant<Offer, Answer, Refusal, Done, Result>;

using MessageBytes = std::array<std::byte, exchange_limit>;
// The number of bytes written.
std::size_t encode_message(const Message& message, MessageBytes& out);

struct DecodedMessage {
  enum class State : std::uint8_t { incomplete, complete, refused };
  State state = State::incomplete;
  std::size_t consumed = 0;  // complete: bytes that the message took
  Message message{};
  std::string_view problem{};  // refused: why
};
// The message at the front of `bytes`.
DecodedMessage decode_message(wire::ByteView bytes);

}  // namespace weft::live
