// The send queue: posted work in order, from posting over acknowledgement to the moment its completion is polled.
//
// A ring with three marks that only move forward: polled <= completed <= tail. Bound: send_depth entries; a slot is free
// again when its completion has been polled. Sequences are assigned when work is posted: first, one for each packet.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "base/id.hh"
#include "transport/roce/psn.hh"
#include "transport/roce/work.hh"

namespace weft::roce {

struct WorkEntry {
  Sequence first = 0;
  Sequence end = 0;           // one past the last packet
  std::uint64_t address = 0;  // local
  std::uint32_t length = 0;
  BufferId region{};
  WorkKind kind = WorkKind::write;
  Status status = Status::success;
  bool issued = false;         // READ, atomic: the request has been sent at least once
  std::uint32_t received = 0;  // READ, atomic: responses taken, in order
  std::uint32_t rkey = 0;
  std::uint32_t immediate = 0;
  std::uint64_t remote_address = 0;
  std::uint64_t id = 0;
  std::uint64_t compare = 0;
  std::uint64_t swap_add = 0;  // atomics: the operand; once done, the original value

  [[nodiscard]] bool awaits_response() const {
    return kind == WorkKind::read || kind == WorkKind::compare_swap || kind == WorkKind::fetch_add;
  }
  [[nodiscard]] Sequence next_response() const { return first + received; }
};

class WorkQueue {
 public:
  void reset(std::uint32_t depth) {
    depth_ = depth;
    const std::uint32_t slots = std::bit_ceil(depth == 0 ? 1 : depth);
    if (!entries_ || slots > mask_ + 1) {
      entries_ = std::make_unique<WorkEntry[]>(slots);
      mask_ = slots - 1;
    }
    polled_ = completed_ = tail_ = 0;
  }
  [[nodiscard]] bool full() const { return tail_ - polled_ >= depth_; }
  [[nodiscard]] bool all_completed() const { return completed_ == tail_; }
  [[nodiscard]] std::uint32_t head() const { return completed_; }
  [[nodiscard]] std::uint32_t tail() const { return tail_; }
  WorkEntry& at(std::uint32_t index) { return entries_[index & mask_]; }
  [[nodiscard]] const WorkEntry& at(std::uint32_t index) const { return entries_[index & mask_]; }
  void push(const WorkEntry& entry) { at(tail_++) = entry; }
  void complete(Status status) { at(completed_++).status = status; }
  bool poll(Completion& out) {
    if (polled_ == completed_) return false;
    const WorkEntry& e = at(polled_++);
    out = Completion{};
    out.id = e.id;
    out.kind = e.kind;
    out.status = e.status;
    if (e.status == Status::success) {
      out.bytes = Bytes{e.length};
      out.original = e.swap_add;
    }
    return true;
  }

 private:
  std::unique_ptr<WorkEntry[]> entries_;
  std::uint32_t mask_ = 0, depth_ = 0;
  std::uint32_t polled_ = 0, completed_ = 0, tail_ = 0;
};

}  // namespace weft::roce
