// DCQCN, the sender's side (reaction point): the rate Rc falls with each congestion notification and climbs back in stages.
//
//   notification       Rt = Rc; Rc = Rc * (1 - alpha/2); alpha = (1-g) alpha + g; stage counters, both clocks start anew
//   each K without one alpha = (1-g) alpha
//   each T, or each B bytes, a stage: T or BC grows by 1, then with i = min(T, BC) - F
//     max(T, BC) < F   fast recovery        i > 0   hyper: Rt += i * Rhai        else   additive: Rt += Rai
//     Rc = (Rc + Rt) / 2, rounded up; Rt <= line; Rmin <= Rc <= line
//
// Notifications closer than the decrease interval act once, at its end. Without a byte counter T stands for both counters.
// Units: bits per second, picoseconds; alpha is a 30-bit fraction. Integers only. Timers are caught up when the rate is asked
// for; because stages and cuts take place at their own instants, the answer does not depend on how often it is asked.
// Source: Zhu et al., SIGCOMM 2015, sections 3.1 and 5; decrease interval and first rate as adapters and simulators have them.
#pragma once

#include <cstdint>

#include "transport/congestion/dcqcn_parameters.hh"
#include "transport/congestion/law.hh"

namespace weft::congestion {

class Dcqcn {
 public:
  explicit Dcqcn(const DcqcnParameters& parameters);

  [[nodiscard]] bool paced() const noexcept { return true; }
  void on_cnp(Time now) noexcept;
  void on_sent(Time now, Bytes size) noexcept {
    if (!active_ || parameters_.byte_counter.v == 0) return;
    catch_up(now);
    bytes_ += size;
    if (bytes_ >= parameters_.byte_counter) byte_stage();
  }
  [[nodiscard]] Rate rate(Time now) noexcept {
    catch_up(now);
    return current_;
  }
  void digest(Digest& d) const noexcept;

  [[nodiscard]] Rate target() const { return target_; }
  [[nodiscard]] std::uint32_t alpha() const { return alpha_; }
  [[nodiscard]] std::uint32_t timer_stages() const { return timer_stages_; }
  [[nodiscard]] std::uint32_t byte_stages() const { return byte_stages_; }

 private:
  void catch_up(Time now) noexcept {
    if (now >= next_event_) [[unlikely]]
      run_events(now);
  }
  void run_events(Time now) noexcept;
  void timer_stages_until(Time now) noexcept;
  void byte_stage() noexcept;
  void decrease(Time at) noexcept;
  void decay_alpha(Time at) noexcept;
  void increase() noexcept;
  void set_next_event() noexcept;

  Time next_event_ = Time::never();
  Rate current_{};
  Rate target_{};
  Bytes bytes_{};
  std::uint32_t alpha_ = 0;
  std::uint32_t timer_stages_ = 0;
  std::uint32_t byte_stages_ = 0;
  bool active_ = false;        // the first notification has come
  bool timer_raised_ = false;  // a timer stage since the last cut
  Time next_stage_ = Time::never();
  Time pending_cut_ = Time::never();
  Time last_cut_{};  // alpha's clock starts there too
  DcqcnParameters parameters_;
};
static_assert(CongestionLaw<Dcqcn>);

}  // namespace weft::congestion
