// Stored responses: what a target has refused and the initiator must come to know. Guaranteed delivery: a refusal is kept until
// the initiator has cleared its PSN, and until then that PSN counts as acknowledged only in an ACK that names it and carries
// the refusal. So every other acknowledged PSN went well, whichever ACKs were lost; a lost refusal is told again when the
// packet comes again.
//
// Only refusals are kept; that all went well can be told again at any time. Bound: 8; with no room for another the packet is
// not taken (NACK NO_GTD_DEL).
// Source: UE 1.0 PDS (guaranteed delivery, CLEAR); how a refusal is told apart in coalesced ACKs is a project profile.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "transport/uet/psn.hh"

namespace weft::uet {

struct StoredResponse {
  Sequence psn = 0;
  std::uint16_t message_id = 0;
};

class StoredResponses {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  // The last place is for the expected packet, without which nothing could be cleared.
  [[nodiscard]] bool full(bool expected) const { return count_ >= (expected ? capacity : capacity - 1); }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  void push(StoredResponse response) { (*entries_)[count_++] = response; }
  [[nodiscard]] const StoredResponse* find(Sequence psn) const {
    for (std::uint32_t i = 0; i < count_; ++i) {
      if ((*entries_)[i].psn == psn) return &(*entries_)[i];
    }
    return nullptr;
  }
  // The lowest PSN of [from, to) that is kept, or `to`.
  [[nodiscard]] Sequence lowest(Sequence from, Sequence to) const {
    Sequence lowest = to;
    for (std::uint32_t i = 0; i < count_; ++i) {
      const Sequence psn = (*entries_)[i].psn;
      if (psn >= from && psn < lowest) lowest = psn;
    }
    return lowest;
  }
  void clear_to(Sequence psn) {
    std::uint32_t kept = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if ((*entries_)[i].psn > psn) (*entries_)[kept++] = (*entries_)[i];
    }
    count_ = kept;
  }
  void reset() {
    if (!entries_) entries_ = std::make_unique<std::array<StoredResponse, capacity>>();
    count_ = 0;
  }

 private:
  static constexpr std::uint32_t capacity = 8;
  std::unique_ptr<std::array<StoredResponse, capacity>> entries_;
  std::uint32_t count_ = 0;
};

}  // namespace weft::uet
