#include "transport/roce/selective_sender.hh"

#include <algorithm>

namespace weft::roce {

void SelectiveSender::reset(std::uint32_t window, std::uint32_t reordering) {
  kept_.reset(window);
  lost_.reset(window);
  resent_begin_ = resent_end_ = 0;
  judged_ = lost_from_ = 0;
  reordering_ = reordering;
  probes_ = 0;
  rtt_ = RttEstimator{};
  timed_ = 0;
  probe_at_ = Time::never();
}

Sequence SelectiveSender::take_lost(Sequence una, Sequence next) noexcept {
  const Sequence s = lost_.next_set(std::max(una, lost_from_), next);
  lost_.clear(s);
  lost_from_ = s + 1;
  resent(resent_end_++) = {s, next};
  timed_ = 0;
  return s;
}

void SelectiveSender::lose(Sequence s) noexcept {
  if (kept_.test(s)) return;
  lost_.set(s);
  lost_from_ = std::min(lost_from_, s);
}

void SelectiveSender::lose_all(Sequence una, Sequence next) noexcept {
  for (Sequence s = una; s < next; ++s) lose(s);
  resent_begin_ = resent_end_;
  judged_ = next;
  timed_ = 0;
}

void SelectiveSender::probe(Sequence una) noexcept {
  constexpr std::uint32_t most_doublings = 10;
  lose(una);
  judged_ = std::max(judged_, una + 1);
  probes_ = std::min(probes_ + 1, most_doublings);
}

bool SelectiveSender::take(Sequence trigger, std::uint64_t bitmap, Sequence una, Sequence next) noexcept {
  if (trigger >= next) return false;
  bool news = false;
  for (std::uint64_t i = 0; i < 64 && bitmap >> i != 0; ++i) {
    const Sequence s = trigger - i;
    if (s < una) break;
    if ((bitmap >> i & 1) == 0 || !kept_.set(s)) continue;
    lost_.clear(s);
    news = true;
  }
  std::uint64_t at = resent_begin_;
  while (at != resent_end_ && resent(at).packet != trigger) ++at;
  if (at == resent_end_) {
    lose_first_sent_before(trigger < reordering_ ? 0 : trigger - reordering_, una);
    lose_resent_before(resent_end_, trigger, una, next);
  } else {
    const Sequence later = resent(at).next;
    resent(at).packet = 0;
    lose_first_sent_before(later < reordering_ ? 0 : later - reordering_, una);
    lose_resent_before(at, later, una, next);
  }
  if ((bitmap & 1) == 0 && trigger >= una) lose(trigger);
  if (reordering_ == 0) judged_ = std::max(judged_, trigger + 1);
  return news;
}

// First transmissions [judged, limit) left before the trigger did.
void SelectiveSender::lose_first_sent_before(Sequence limit, Sequence una) noexcept {
  for (Sequence s = std::max(judged_, una); s < limit; ++s) lose(s);
  judged_ = std::max(judged_, limit);
}

// Retransmissions left in the order of the queue; `position` is the trigger's, or the end when it was a first transmission,
// in which case those sent when `next` was not beyond it left before it.
void SelectiveSender::lose_resent_before(std::uint64_t position, Sequence sent_later, Sequence una, Sequence next) noexcept {
  const bool trigger_resent = position != resent_end_;
  while (resent_begin_ != resent_end_) {
    const Resent& oldest = resent(resent_begin_);
    const bool settled = oldest.packet < una || oldest.packet >= next || kept_.test(oldest.packet);
    if (!settled) {
      const std::uint64_t between = sent_later - oldest.next + (trigger_resent ? position - resent_begin_ : 0);
      const bool earlier =
          trigger_resent ? resent_begin_ < position && between > reordering_ : oldest.next <= sent_later && between >= reordering_;
      if (!earlier) return;
      lose(oldest.packet);
    }
    ++resent_begin_;
  }
}

void SelectiveSender::advance(Sequence before, Sequence una) noexcept {
  kept_.clear_range(before, una);
  lost_.clear_range(before, una);
  while (resent_begin_ != resent_end_ && resent(resent_begin_).packet < una) ++resent_begin_;
}

void SelectiveSender::time_sent(Time now, Sequence s) noexcept {
  if (timed_ != 0) return;
  timed_ = s;
  timed_at_ = now;
}

void SelectiveSender::time_acknowledged(Time now, Sequence una) noexcept {
  if (timed_ == 0 || una <= timed_) return;
  timed_ = 0;
  if (kept_.count() == 0 && lost_.count() == 0 && resent_begin_ == resent_end_) rtt_.sample(now - timed_at_);
}

void SelectiveSender::digest(Digest& d) const noexcept {
  d.add(kept_.count())
      .add(lost_.count())
      .add(resent_end_ - resent_begin_)
      .add(judged_)
      .add(lost_from_)
      .add(probes_)
      .add(timed_)
      .add(probe_at_);
  rtt_.digest(d);
}

}  // namespace weft::roce
