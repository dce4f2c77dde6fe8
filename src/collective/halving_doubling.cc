#include "collective/halving_doubling.hh"

#include <bit>

namespace weft::collective {
namespace {

class HalvingDoubling {
 public:
  HalvingDoubling(Builder& builder, Range range, Channel channel)
      : builder_(builder), range_(range), channel_(channel), power_(std::bit_floor(builder.size())), ready_(builder.front()) {}

  void build() {
    fold();
    for (Member distance = power_ / 2; distance > 0; distance /= 2) halve(distance);
    // What a member holds in the end of the halving, and every arrival since: all of it goes out in the next step.
    held_.resize(power_);
    for (Member m = 0; m < power_; ++m) {
      held_[m].push_back(ready_[m]);
      if (ready_[m] != builder_.front()[m]) builder_.ends().received(m, ready_[m]);
    }
    for (Member distance = 1; distance < power_; distance *= 2) gather(distance);
    unfold();
  }

 private:
  // What member m still works on when only partners closer than `distance` are left.
  [[nodiscard]] Range kept(Member m, Member distance) const {
    Range range = range_;
    for (Member bit = power_ / 2; bit >= distance && bit > 0; bit /= 2) range = part_of(range, 2, (m & bit) != 0 ? 1 : 0);
    return range;
  }

  void fold() {
    for (Member m = power_; m < builder_.size(); ++m) {
      const Way way{m, m - power_, channel_};
      ready_[way.to] = builder_.send_and_reduce(way, range_, ready_[m], ready_[way.to]);
    }
  }

  void halve(Member distance) {
    Front next = ready_;
    for (Member m = 0; m < power_; ++m) {
      const Way way{m, m ^ distance, channel_};
      const Range theirs = kept(way.to, distance);
      if (!theirs.empty()) next[way.to] = builder_.send_and_reduce(way, theirs, ready_[m], ready_[way.to]);
    }
    ready_ = next;
  }

  void gather(Member distance) {
    Front arrivals(power_);
    for (Member m = 0; m < power_; ++m) {
      const Way way{m, m ^ distance, channel_};
      const Range mine = kept(m, distance);
      if (!mine.empty()) arrivals[way.to] = builder_.send_data(way, mine, held_[m]);
    }
    for (Member m = 0; m < power_; ++m) {
      if (!arrivals[m].valid()) continue;
      held_[m].push_back(arrivals[m]);
      builder_.ends().received(m, arrivals[m]);
    }
  }

  void unfold() {
    for (Member m = power_; m < builder_.size(); ++m) {
      const Way way{m - power_, m, channel_};
      builder_.ends().received(m, builder_.send_data(way, range_, held_[way.from]));
    }
  }

  Builder& builder_;
  Range range_;
  Channel channel_;
  Member power_;
  Front ready_;  // by member: after what its part of the sum is complete so far
  std::vector<std::vector<TaskId>> held_;
};

}  // namespace

void halving_doubling_all_reduce(Builder& builder) {
  for (Channel c = 0; c < builder.request().channels; ++c) {
    for (const Range chunk : builder.chunks_of_channel(c)) HalvingDoubling(builder, chunk, c).build();
  }
}

}  // namespace weft::collective
