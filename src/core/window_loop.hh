// WindowLoop: runs nodes in windows of at most `length`, on one or more threads, until nothing is left to do.
//
// Rule: with L the least delay between two nodes, nothing that happens in [m, m+L) at one node can reach another before
// m+L; so in that window every node runs alone, in any order, on any thread. The next m is the least time at which any
// node has something to do. No result depends on `length` or on the threads (design section 5).
//
// Windows also end at inspection instants, fixed by the scenario alone, at which `inspect` sees a state that is the same
// for every window length and thread count.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/units.hh"
#include "core/exchange.hh"
#include "core/node.hh"
#include "core/worker.hh"

namespace weft {

struct WindowOptions {
  Duration length{};              // at most the least delay between nodes
  std::uint64_t jitter_seed = 0;  // not 0: every window's length is drawn from [1 ps, length]; for tests
  Duration inspection{};          // 0: none
  Time stop = Time::never();      // nothing at or after this instant is run
};

enum class Verdict : std::uint8_t { go_on, stop };

// Where the run stands when all threads have met.
struct WindowState {
  Time now{};         // everything before has happened
  bool idle = false;  // nothing is left to do
};

class WindowLoop {
 public:
  // `own[t]`: the nodes of thread t in the order in which it visits them.
  WindowLoop(Exchange& exchange, std::vector<std::unique_ptr<Node>>& nodes, std::vector<std::unique_ptr<Worker>>& workers,
             const std::vector<std::vector<std::uint32_t>>& own)
      : exchange_(exchange), nodes_(nodes), workers_(workers), own_(own) {}
  // `inspect` runs on one thread while all others wait: at inspection instants, at `stop`, and when nothing is left.
  // `each_window` too, after every window: for progress and interruption only.
  void run(const WindowOptions& options, const std::function<Verdict(const WindowState&)>& inspect,
           const std::function<Verdict(const WindowState&)>& each_window);
  [[nodiscard]] std::uint64_t windows() const { return windows_; }

 private:
  struct Shared;
  void work(Worker& worker, const std::vector<std::uint32_t>& own, Shared& shared);
  void run_due(Worker& worker, const std::vector<std::uint32_t>& own, Time start, Time end, bool backwards);
  static void decide(Shared& shared);

  Exchange& exchange_;
  std::vector<std::unique_ptr<Node>>& nodes_;
  std::vector<std::unique_ptr<Worker>>& workers_;
  const std::vector<std::vector<std::uint32_t>>& own_;
  std::uint64_t windows_ = 0;
};

}  // namespace weft
