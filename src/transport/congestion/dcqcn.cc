#include "transport/congestion/dcqcn.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft::congestion {

Dcqcn::Dcqcn(const DcqcnParameters& parameters)
    : current_(parameters.line), target_(parameters.line), alpha_(parameters.initial_alpha), parameters_(parameters) {
  CHECK(parameters.line.v > 0 && parameters.increase_timer.v > 0 && parameters.alpha_timer.v > 0, "line", parameters.line.v);
  CHECK(parameters.kept <= 1024 && parameters.initial_alpha <= alpha_one, "kept", parameters.kept);
}

void Dcqcn::on_cnp(Time now) noexcept {
  catch_up(now);
  if (active_ && now - last_cut_ < parameters_.decrease_interval) {
    pending_cut_ = last_cut_ + parameters_.decrease_interval;
    set_next_event();
    return;
  }
  decrease(now);
}

void Dcqcn::run_events(Time now) noexcept {
  if (pending_cut_ <= now) {
    const Time at = pending_cut_;
    timer_stages_until(at);
    decrease(at);
  }
  timer_stages_until(now);
  set_next_event();
}

// Stages at full rate change nothing but their count, so a long idle time costs the stages up to full rate and one division.
void Dcqcn::timer_stages_until(Time now) noexcept {
  constexpr std::uint32_t most_stages = 1U << 20;
  while (next_stage_ <= now) {
    if (current_ == parameters_.line && target_ == parameters_.line) {
      const std::int64_t missed = (now - next_stage_) / parameters_.increase_timer + 1;
      timer_stages_ = static_cast<std::uint32_t>(std::min<std::int64_t>(most_stages, timer_stages_ + missed));
      next_stage_ = next_stage_ + parameters_.increase_timer * missed;
      timer_raised_ = true;
      return;
    }
    timer_stages_ = std::min(most_stages, timer_stages_ + 1);
    next_stage_ = next_stage_ + parameters_.increase_timer;
    timer_raised_ = true;
    increase();
  }
}

void Dcqcn::byte_stage() noexcept {
  while (bytes_ >= parameters_.byte_counter) {
    bytes_ -= parameters_.byte_counter;
    ++byte_stages_;
    increase();
  }
}

void Dcqcn::increase() noexcept {
  const bool counts_bytes = parameters_.byte_counter.v != 0;
  const std::uint32_t low = counts_bytes ? std::min(timer_stages_, byte_stages_) : timer_stages_;
  const std::uint32_t high = counts_bytes ? std::max(timer_stages_, byte_stages_) : timer_stages_;
  if (low > parameters_.fast_recovery) {
    target_ += parameters_.hyper * (low - parameters_.fast_recovery);
  } else if (high >= parameters_.fast_recovery) {
    target_ += parameters_.additive;
  }
  target_ = std::min(target_, parameters_.line);
  current_ = std::clamp(Rate{(current_.v + target_.v + 1) / 2}, parameters_.least, parameters_.line);
}

void Dcqcn::decrease(Time at) noexcept {
  decay_alpha(at);
  if (!active_ && parameters_.first.v != 0) {
    current_ = std::clamp(parameters_.first, parameters_.least, parameters_.line);
    target_ = current_;
  } else {
    if (!parameters_.keep_target || timer_raised_ || !active_) target_ = current_;
    const auto cut = static_cast<std::int64_t>((static_cast<__int128>(current_.v) * alpha_) >> 31);
    current_ = std::max(Rate{current_.v - cut}, parameters_.least);
  }
  alpha_ =
      static_cast<std::uint32_t>((std::uint64_t{alpha_} * parameters_.kept + std::uint64_t{alpha_one} * (1024 - parameters_.kept)) >> 10);
  active_ = true;
  timer_raised_ = false;
  timer_stages_ = 0;
  byte_stages_ = 0;
  bytes_ = Bytes{};
  last_cut_ = at;
  pending_cut_ = Time::never();
  next_stage_ = at + parameters_.increase_timer;
  set_next_event();
}

// alpha matters only when a notification comes; by then `steps` clock periods have passed without one.
void Dcqcn::decay_alpha(Time at) noexcept {
  if (!active_) return;
  for (std::int64_t steps = (at - last_cut_) / parameters_.alpha_timer; steps > 0 && alpha_ > 0; --steps) {
    alpha_ = static_cast<std::uint32_t>((std::uint64_t{alpha_} * parameters_.kept) >> 10);
  }
}

void Dcqcn::set_next_event() noexcept { next_event_ = std::min(next_stage_, pending_cut_); }

void Dcqcn::digest(Digest& d) const noexcept {
  d.add(static_cast<std::uint64_t>(current_.v)).add(static_cast<std::uint64_t>(target_.v)).add(static_cast<std::uint64_t>(bytes_.v));
  d.add(alpha_).add(timer_stages_).add(byte_stages_).add(active_).add(timer_raised_);
  d.add(next_stage_).add(pending_cut_).add(last_cut_);
}

}  // namespace weft::congestion
