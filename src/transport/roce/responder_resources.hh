// The responder's memory of READs and atomics: what is still to be answered, and what may be asked for again.
//
// A ring of responder_resources entries in PSN order; a new request pushes the oldest out. Entries are answered in order: the
// active one is the oldest that still has responses to send. A duplicate READ restarts its entry, in part or whole; a
// duplicate atomic sends its saved result again and never runs twice.
// Source: IBTA 1.4 section 9.7.5.1.5 (duplicate requests).
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "base/id.hh"
#include "transport/roce/psn.hh"

namespace weft::roce {

struct Resource {
  Sequence first = 0;
  Sequence end = 0;
  Sequence next = 0;           // next response to send; end when all are sent
  Sequence high = 0;           // one past the highest response ever sent
  Sequence start = 0;          // first response of the current run
  std::uint64_t address = 0;   // of `first`
  std::uint64_t original = 0;  // atomic: the value before
  std::uint32_t length = 0;
  std::uint32_t msn = 0;
  BufferId region{};
  bool atomic = false;
};

class ResponderResources {
 public:
  void reset(std::uint32_t count) {
    const std::uint32_t slots = count == 0 ? 0 : std::bit_ceil(count);
    if (slots > slots_) {
      ring_ = std::make_unique<Resource[]>(slots);
      slots_ = slots;
    }
    capacity_ = count;
    begin_ = end_ = active_ = 0;
  }
  // False when none can be kept: there is no room at all, or the oldest has not been answered even once.
  bool push(const Resource& resource) {
    if (capacity_ == 0) return false;
    if (end_ - begin_ == capacity_) {
      if (at(begin_).high != at(begin_).end) return false;
      ++begin_;
      if (active_ == begin_ - 1) active_ = begin_;
      skip_done();
    }
    at(end_++) = resource;
    return true;
  }
  // The remembered entry that holds `s`; nullptr when it is gone or was no READ or atomic.
  Resource* find(Sequence s) {
    for (std::uint32_t i = end_; i != begin_; --i) {
      Resource& r = at(i - 1);
      if (s >= r.first && s < r.end) return &r;
    }
    return nullptr;
  }
  void restart(Resource& resource, Sequence from) {
    resource.next = resource.start = from;
    active_ = begin_;
    skip_done();
  }
  [[nodiscard]] bool pending() const { return active_ != end_; }
  [[nodiscard]] bool read_pending() const { return pending() && !at(active_).atomic; }
  [[nodiscard]] bool atomic_pending() const { return pending() && at(active_).atomic; }
  Resource& active() { return at(active_); }
  [[nodiscard]] const Resource& active() const { return at(active_); }
  void skip_done() {
    while (active_ != end_ && at(active_).next == at(active_).end) ++active_;
  }
  void clear() { begin_ = active_ = end_; }

 private:
  Resource& at(std::uint32_t i) { return ring_[i & (slots_ - 1)]; }
  [[nodiscard]] const Resource& at(std::uint32_t i) const { return ring_[i & (slots_ - 1)]; }

  std::unique_ptr<Resource[]> ring_;
  std::uint32_t begin_ = 0, end_ = 0, active_ = 0;  // wrap at 2^32: the capacity is a power of two
  std::uint32_t capacity_ = 0, slots_ = 0;
};

}  // namespace weft::roce
