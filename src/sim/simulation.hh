// Simulation: a network, the window loop over it, and the judgement of its progress: done, stuck, interrupted.
//
// Stuck (design rule 13): no payload was used by any engine for `stall` beyond every known wait (flows that have yet to start,
// links that have yet to come up), or nothing is left to do while flows are unfinished, or a connection failed.
#pragma once

#include <chrono>
#include <functional>

#include "core/window_loop.hh"
#include "report/results.hh"
#include "sim/cyclic_wait.hh"
#include "sim/network.hh"
#include "sim/run.hh"

namespace weft {

// What tests vary and users do not: no result depends on it.
struct Execution {
  Duration window{};              // 0: as long as the network allows
  std::uint64_t jitter_seed = 0;  // not 0: windows of random length
};

class Observers;

class Simulation {
 public:
  Simulation(const Scenario& scenario, const RunOptions& options);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  void execute(const Execution& execution = {});
  [[nodiscard]] Results results();
  [[nodiscard]] Network& network() { return network_; }
  // For other loops over the same nodes: they stop where this says, too. Called with everything before state.now done, at
  // every multiple of `inspection`, and when nothing is left to do.
  static constexpr Duration inspection{1'000'000'000};
  Verdict inspect(const WindowState& state);
  // What the whole run takes, estimated: first deliveries of data packets times the links of their paths.
  [[nodiscard]] double expected_packet_hops() const;

 private:
  void conclude(Time now);
  Verdict each_window(const WindowState& state);
  [[nodiscard]] std::uint64_t progress() const;
  [[nodiscard]] std::uint64_t finished() const;
  [[nodiscard]] bool anyone_waits();  // does the search for cyclic waits have anything to look at?
  [[nodiscard]] Time last_known_wait(Time now) const;
  [[nodiscard]] Duration stall() const;
  void report_progress(Time now);

  const Scenario& scenario_;
  const RunOptions& options_;
  std::chrono::steady_clock::time_point built_, begun_, ended_, reported_;
  Network network_;
  std::unique_ptr<Observers> observers_;
  CyclicWait cyclic_wait_;
  RunStatus status_ = RunStatus::done;
  std::string reason_;
  Time stopped_at_{};
  Time progressed_at_{};
  std::uint64_t progressed_ = 0;
  double expected_hops_ = 0;
};

}  // namespace weft
