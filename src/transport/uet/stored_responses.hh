// Stored responses: what a target has refused and the initiator must come to know. Guaranteed delivery: a response is kept,
// and every ACK carries the one of the lowest PSN that its cumulative PSN has reached, and asks for CLEAR, until the initiator
// has cleared that PSN. CLEAR is cumulative, so a response beyond the cumulative PSN waits.
//
// Only refusals are kept; that all went well can be told again at any time. Bound: 8; with no room for another the packet is
// not taken (NACK NO_GTD_DEL).
// Source: UE 1.0 PDS (guaranteed delivery, CLEAR). Which responses ride in which ACK is a project profile: an ACK that does not
// ask for CLEAR says that nothing up to its cumulative PSN is kept.
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
  // The one of the lowest PSN below `expected`; nullptr when there is none.
  [[nodiscard]] const StoredResponse* lowest_before(Sequence expected) const {
    const StoredResponse* lowest = nullptr;
    for (std::uint32_t i = 0; i < count_; ++i) {
      if ((*entries_)[i].psn < expected && (lowest == nullptr || (*entries_)[i].psn < lowest->psn)) lowest = &(*entries_)[i];
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
