// Exchange: who sends how much to whom in an all-to-all, and where it lies.
//
// Rule: a sender's `data` holds its parts in the order of the receivers, a receiver's `result` those of the senders.
// Units: elements.
#pragma once

#include <vector>

#include "collective/builder.hh"

namespace weft::collective {

class Exchange {
 public:
  explicit Exchange(Builder& builder);

  [[nodiscard]] std::int64_t elements(Member from, Member to) const;
  // From `from`'s data to `to`'s result.
  [[nodiscard]] Piece direct(Member from, Member to) const { return {sent(from, to), received(from, to), elements(from, to)}; }

 private:
  [[nodiscard]] Run sent(Member from, Member to) const;
  [[nodiscard]] Run received(Member from, Member to) const;
  [[nodiscard]] std::size_t index(Member from, Member to) const { return std::size_t{from} * builder_.size() + to; }

  Builder& builder_;
  std::vector<std::int64_t> sent_, received_;  // offsets, by index(), only for a matrix whose pieces are kept
};

// Copies of the members' own parts.
void copy_own_parts(Builder& builder, const Exchange& exchange);

// The messages a member has under way: which one must be done before the next may start.
class InFlight {
 public:
  InFlight(Member members, std::uint32_t limit) : limit_(limit), started_(members) {}
  [[nodiscard]] TaskId before_next(Member member) const;
  void started(Member member, TaskId task);

 private:
  std::uint32_t limit_;
  std::vector<std::vector<TaskId>> started_;  // by member, a ring of the last `limit` ones
  std::vector<std::size_t> next_ = std::vector<std::size_t>(started_.size());
};

}  // namespace weft::collective
