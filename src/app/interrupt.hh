// Ctrl-C as a flag: the first SIGINT or SIGTERM asks the run to stop at its next window, the second one ends the program.
//
// Rule: the signals are blocked in the thread that makes this and in all it starts afterwards, and a thread of its own waits
// for them; so make it before the run starts its workers.
#pragma once

#include <atomic>
#include <csignal>
#include <thread>

namespace weft {

class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  [[nodiscard]] const std::atomic<bool>* flag() const { return &asked_; }
  [[nodiscard]] bool asked() const { return asked_.load(std::memory_order_relaxed); }

 private:
  void wait_for_signals(const sigset_t& signals);

  sigset_t before_{};
  std::atomic<bool> asked_{false};
  std::atomic<bool> finished_{false};
  std::thread waiter_;
};

}  // namespace weft
