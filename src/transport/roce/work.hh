// Work and its outcome: what a user posts to a queue pair and what it gives back.
//
// Every posted request yields exactly one completion, in the order of posting; a receive is used up by a SEND or by a WRITE
// with immediate. Lengths are at most 2^31 bytes. Source: IBTA 1.4 chapter 10 (work requests, completions).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/id.hh"
#include "base/units.hh"

namespace weft::roce {

struct WorkRequest {
  std::uint64_t id = 0;
  Bytes length{};
  BufferId region{};  // local buffer: source of a WRITE or SEND, destination of a READ
  std::uint64_t address = 0;
  std::uint64_t remote_address = 0;  // WRITE, READ, atomics
  std::uint32_t rkey = 0;
  std::uint32_t immediate = 0;
};

struct AtomicRequest {
  std::uint64_t id = 0;
  std::uint64_t remote_address = 0;  // a multiple of 8
  std::uint32_t rkey = 0;
  std::uint64_t compare = 0;   // compare and swap only
  std::uint64_t swap_add = 0;  // the new value, or the addend
};

struct ReceiveRequest {
  std::uint64_t id = 0;
  Bytes length{};
  BufferId region{};
  std::uint64_t address = 0;
};

enum class WorkKind : std::uint8_t {
  write,
  write_immediate,
  read,
  send,
  send_immediate,
  compare_swap,
  fetch_add,
  receive,
  receive_write_immediate
};

enum class Status : std::uint8_t {
  success,
  retry_exceeded,
  rnr_retry_exceeded,
  remote_access_error,
  remote_invalid_request,
  remote_operational_error,
  flushed,
};

// The transport's own words for a status, for example "transport retry count exceeded".
std::string_view status_text(Status status);

struct Completion {
  std::uint64_t id = 0;
  WorkKind kind = WorkKind::write;
  Status status = Status::success;
  bool is_receive = false;
  bool has_immediate = false;
  std::uint32_t immediate = 0;
  Bytes bytes{};
  std::uint64_t original = 0;  // atomics: the value before the operation
};

}  // namespace weft::roce
