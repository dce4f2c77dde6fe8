#include "core/window_loop.hh"

#include <algorithm>
#include <thread>

#include "base/check.hh"
#include "base/random.hh"
#include "core/barrier.hh"
#include "core/prefetch.hh"

namespace weft {

namespace {
constexpr std::int64_t longest_window_ps = std::int64_t{1} << 38;  // what an arrival key holds
}

struct WindowLoop::Shared {
  Shared(const WindowOptions& o, std::uint32_t parties) : options(o), barrier(parties), least(parties) {}
  struct alignas(64) Least {
    Time at = Time::never();
  };
  const WindowOptions& options;
  const std::function<Verdict(const WindowState&)>* inspect = nullptr;
  const std::function<Verdict(const WindowState&)>* each_window = nullptr;
  WindowBarrier barrier;
  std::vector<Least> least;  // by thread
  Time start{}, end{};       // of the window to run
  Time inspected{};          // the last inspection instant that has passed
  bool finished = false;
  unsigned parity = 0;
  std::uint64_t count = 0;

  void set_window(Time from) {
    std::int64_t length = std::min(options.length.v, longest_window_ps);
    if (options.jitter_seed != 0)
      length = 1 + static_cast<std::int64_t>(mix64(options.jitter_seed + count) % static_cast<std::uint64_t>(length));
    start = from;
    end = std::min(from + Duration{length}, options.stop);
    if (options.inspection.v > 0) end = std::min(end, inspected + options.inspection);
  }
};

// On one thread while all others wait: what comes after the window that just ended.
void WindowLoop::decide(Shared& shared) {
  ++shared.count;
  shared.parity ^= 1;
  Time next = Time::never();
  for (const auto& l : shared.least) next = std::min(next, l.at);
  const bool idle = next >= Time::never();
  const Duration step = shared.options.inspection;
  while (!shared.finished && step.v > 0 && next >= shared.inspected + step && shared.inspected + step <= shared.options.stop && !idle) {
    shared.inspected = shared.inspected + step;
    shared.finished = (*shared.inspect)({shared.inspected, false}) == Verdict::stop;
  }
  if (shared.finished) return;
  if (idle || next >= shared.options.stop) {
    (*shared.inspect)({idle ? shared.end : shared.options.stop, idle});
    shared.finished = true;
    return;
  }
  shared.finished = (*shared.each_window)({next, false}) == Verdict::stop;
  if (!shared.finished) shared.set_window(next);
}

// Visits the nodes with something due; what the coming ones touch first is fetched meanwhile. In turns from the first to the last and
// back: what a window touched last is still in the caches, which hold less than a window touches.
void WindowLoop::run_due(Worker& worker, const std::vector<std::uint32_t>& own, Time start, Time end, bool backwards) {
  std::vector<std::uint32_t>& due = worker.due;
  due.clear();
  for (const std::uint32_t node : own) {
    if (exchange_.next[node] < end) due.push_back(node);
  }
  if (backwards) std::reverse(due.begin(), due.end());
  constexpr std::size_t far = 7, early = 5, late = 3, last = 1;
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (i + far < due.size()) {
      prefetch_lines(nodes_[due[i + far]].get(), Node::usual_lines);
      __builtin_prefetch(&exchange_.links[exchange_.first_link[due[i + far]]], 1);
    }
    if (i + early < due.size()) {
      const Ring& ring = exchange_.links[exchange_.first_link[due[i + early]]].ring;
      prefetch(ring.front_address(), 5);
      __builtin_prefetch(ring.link_address());
      nodes_[due[i + early]]->look_ahead(worker, end, Ahead::early);
    }
    if (i + late < due.size()) nodes_[due[i + late]]->look_ahead(worker, end, Ahead::late);
    if (i + last < due.size()) nodes_[due[i + last]]->look_ahead(worker, end, Ahead::last);
    nodes_[due[i]]->run_window(worker, start, end);
  }
}

void WindowLoop::work(Worker& worker, const std::vector<std::uint32_t>& own, Shared& shared) {
  const auto accept = [this](const Notice& notice) {
    nodes_[notice.node]->accept(notice.event);
    exchange_.next[notice.node] = std::min(exchange_.next[notice.node], notice.event.at);
  };
  while (!shared.finished) {
    const Time start = shared.start, end = shared.end;
    const unsigned parity = shared.parity;
    worker.begin_window(parity);
    if (worker.between_windows) worker.between_windows();
    for (const auto& other : workers_) {
      if (other->id() == worker.id()) continue;
      Outbox& box = other->outbox(parity ^ 1U, worker.id());
      worker.take_mail(box);
      for (const Notice& notice : box.notices) accept(notice);
    }
    run_due(worker, own, start, end, parity != 0);
    for (const Notice& notice : worker.local_notices) accept(notice);
    worker.local_notices.clear();
    Time least = worker.mail_min();
    for (const std::uint32_t node : own) least = std::min(least, exchange_.next[node]);
    shared.least[worker.id()].at = least;
    shared.barrier.arrive_and_wait([&shared] { decide(shared); });
  }
}

void WindowLoop::run(const WindowOptions& options, const std::function<Verdict(const WindowState&)>& inspect,
                     const std::function<Verdict(const WindowState&)>& each_window) {
  CHECK(options.length.v > 0, "window", options.length.v);
  Shared shared(options, static_cast<std::uint32_t>(workers_.size()));
  shared.inspect = &inspect;
  shared.each_window = &each_window;
  Time first = Time::never();
  for (const Time t : exchange_.next) first = std::min(first, t);
  if (first >= std::min(Time::never(), options.stop)) {
    inspect({first >= Time::never() ? Time{} : options.stop, first >= Time::never()});
    return;
  }
  if (options.inspection.v > 0) shared.inspected = Time{first.ps / options.inspection.v * options.inspection.v};
  shared.set_window(first);
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers_.size(); ++i) threads.emplace_back([this, i, &shared] { work(*workers_[i], own_[i], shared); });
  work(*workers_[0], own_[0], shared);
  for (std::thread& thread : threads) thread.join();
  windows_ = shared.count;
}

}  // namespace weft
