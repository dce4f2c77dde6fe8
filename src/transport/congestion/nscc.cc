#include "transport/congestion/nscc.hh"

namespace weft::congestion {

Nscc::Nscc(const NsccParameters& parameters) noexcept
    : parameters_(&parameters),
      base_rtt_(parameters.base_rtt),
      window_(static_cast<std::uint32_t>(parameters.first_window.v)),
      largest_(parameters.largest_window(parameters.base_rtt)) {}

// The configured RTT stands for the delay behind a full queue, which the trimmed packet has not waited through.
void Nscc::on_nack(Time now, Duration rtt, Bytes packet, bool last_hop, Bytes in_flight) noexcept {
  pass_by(packet);
  if (rtt.v > 0 && rtt < base_rtt_) set_base_rtt(rtt);
  smooth(parameters_->base_rtt);
  trimmed_ = true;
  if (quick_adapt(now, true, Duration{}, in_flight)) return;
  if (!parameters_->receiver_credit || !last_hop) set_window(window_ - packet.v);
}

void Nscc::set_base_rtt(Duration rtt) noexcept {
  base_rtt_ = rtt;
  largest_ = parameters_->largest_window(rtt);
  set_window(window_);
}

bool Nscc::end_period(Time now, Duration delay, Bytes in_flight) noexcept {
  const bool congested = trimmed_ || delay > parameters_->quick_adapt_delay;
  const bool adapt = period_end_ != Time{} && congested && achieved_ < largest_ >> parameters_->gate;
  if (adapt) {
    set_window(achieved_);
    ignore_ = 0;
    count(ignore_, in_flight);
    trimmed_ = false;
    increment_ = 0;
    received_ = 0;
  }
  achieved_ = 0;
  period_end_ = now + base_rtt_ + parameters_->target;
  return adapt;
}

// Rounded down like a product that is truncated; never below half.
void Nscc::decrease(Time now) noexcept {
  fast_ = false;
  undelayed_ = 0;
  if (mean_delay_ <= parameters_->target || now - last_decrease_ <= base_rtt_) return;
  const std::int64_t mean = mean_delay_.v * 5;
  const __int128 kept = mean - 4 * (mean_delay_ - parameters_->target).v;
  const auto gentle = static_cast<std::int64_t>(window_ * kept / mean);
  set_window(std::max(gentle, std::int64_t{window_ / 2}));
  last_decrease_ = now;
}

void Nscc::adjust(Time now) noexcept {
  std::int64_t window = window_ + increment_ / window_;
  if (now - last_eta_ >= parameters_->base_rtt) {
    window += parameters_->eta.v;
    last_eta_ = now;
  }
  increment_ = 0;
  received_ = 0;
  set_window(window);
}

void Nscc::digest(Digest& d) const noexcept {
  d.add(window_).add(largest_).add(achieved_).add(received_).add(undelayed_).add(ignore_).add(trimmed_).add(fast_);
  d.add(static_cast<std::uint64_t>(base_rtt_.v)).add(static_cast<std::uint64_t>(mean_delay_.v));
  d.add(static_cast<std::uint64_t>(increment_)).add(period_end_).add(last_eta_).add(last_decrease_);
}

}  // namespace weft::congestion
