// Work and its outcome: the messages a user posts to a packet delivery context and what it gives back.
//
// Every posted message yields exactly one completion: RUD and RUDI in the order in which messages were acknowledged, ROD in the
// order of posting, UUD as soon as the packet has been sent. A receive is used up by a SEND (oldest untagged receive) or by a
// tagged SEND (oldest receive whose match bits agree outside its ignore bits). Lengths are at most 2^31 bytes.
// Source: UE 1.0 SES (operations, matching), libfabric's words for them.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/id.hh"
#include "base/units.hh"

namespace weft::uet {

struct WorkRequest {
  std::uint64_t id = 0;
  Bytes length{};
  BufferId region{};  // local buffer: source of a WRITE or SEND, destination of a READ
  std::uint64_t address = 0;
  std::uint64_t remote_address = 0;  // WRITE, READ
  std::uint64_t key = 0;             // WRITE, READ: memory key, of which 32 bits name a region; tagged SEND: match bits
  std::uint64_t header_data = 0;     // SEND: handed to the receiver's completion
  std::uint32_t initiator = 0;
  std::uint16_t resource_index = 0;  // 12 bits
};

struct ReceiveRequest {
  std::uint64_t id = 0;
  Bytes length{};
  BufferId region{};
  std::uint64_t address = 0;
  std::uint64_t match_bits = 0;
  std::uint64_t ignore_bits = 0;
  bool tagged = false;
};

enum class WorkKind : std::uint8_t { write, read, send, tagged_send, receive };

enum class Status : std::uint8_t {
  success,
  retry_exceeded,
  target_not_ready,
  refused,
  context_lost,
  flushed,
};

// The transport's own words for a status, for example "retransmission limit reached without an acknowledgement".
std::string_view status_text(Status status);

struct Completion {
  std::uint64_t id = 0;
  WorkKind kind = WorkKind::write;
  Status status = Status::success;
  bool is_receive = false;
  std::uint64_t match_bits = 0;   // receives
  std::uint64_t header_data = 0;  // receives
  Bytes bytes{};
};

}  // namespace weft::uet
