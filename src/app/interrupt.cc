#include "app/interrupt.hh"

#include <pthread.h>
#include <unistd.h>

#include <ctime>

#include "app/exit_code.hh"

namespace weft {

Interrupt::Interrupt() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, &before_);
  waiter_ = std::thread([this, signals] { wait_for_signals(signals); });
}

void Interrupt::wait_for_signals(const sigset_t& signals) {
  const timespec patience{0, 50'000'000};
  while (!finished_.load(std::memory_order_acquire)) {
    if (sigtimedwait(&signals, nullptr, &patience) < 0) continue;
    if (asked_.exchange(true)) _exit(number(ExitCode::interrupted));
  }
}

Interrupt::~Interrupt() {
  finished_.store(true, std::memory_order_release);
  waiter_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace weft
