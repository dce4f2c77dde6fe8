// PortedNode, the merge of one window, and the same handlers one event at a time for the oracle. See ported_node.hh.
#pragma once

#include "fabric/ported_node.hh"

namespace weft {

template <class Self>
void PortedNode<Self>::look_ahead(Worker& worker, Time end, Ahead ahead) const {
  if (ahead == Ahead::early) {
    prefetch<PrefetchFor::write>(ports_.data(), 2);
    prefetch<PrefetchFor::write>(local_.address(), 2);
  }
  if (!Self::always_exact || ports_.size() > 1) fetch_links(worker.exchange(), ahead);
  static_cast<const Self&>(*this).fetch_coming(worker, end, ahead);
}

// The first in-links, then what they hold. The link of a single port has been asked for already.
template <class Self>
inline void PortedNode<Self>::fetch_links(const Exchange& exchange, Ahead ahead) const {
  constexpr std::size_t first_links = 12;
  if (ahead == Ahead::early) {
    __builtin_prefetch(in_links_.data());
    __builtin_prefetch(active_.data(), 1);
  } else if (ahead == Ahead::late) {
    for (std::size_t i = 0; i < std::min(in_links_.size(), first_links); ++i) __builtin_prefetch(&exchange.links[in_links_[i]], 1);
  } else {
    fetch_rings(exchange);
  }
}

// What the first in-links hold; gather() looks ahead for the others.
template <class Self>
inline void PortedNode<Self>::fetch_rings(const Exchange& exchange) const {
  constexpr std::size_t first_links = 8, lines = 5;
  for (std::size_t i = 0; i < std::min(in_links_.size(), first_links); ++i) {
    const Ring& ring = exchange.links[in_links_[i]].ring;
    prefetch(ring.front_address(), lines);
    __builtin_prefetch(ring.link_address());
  }
}

// What the in-links a few ports on will show first; most of a busy switch's links hold something.
template <class Self>
inline void PortedNode<Self>::fetch_ahead(const Exchange& exchange, std::size_t in_port) const {
  constexpr std::size_t far = 12, middle = 8, near = 4, lines = 5;
  const std::size_t ports = in_links_.size();
  if (in_port + near >= ports) return;
  prefetch(exchange.links[in_links_[in_port + near]].ring.second_address(), lines);
  if (in_port + middle >= ports) return;
  const Ring& ring = exchange.links[in_links_[in_port + middle]].ring;
  prefetch(ring.front_address(), lines);
  __builtin_prefetch(ring.link_address());
  if (in_port + far < ports) __builtin_prefetch(&exchange.links[in_links_[in_port + far]], 1);
}

template <class Self>
std::size_t PortedNode<Self>::gather(Worker& worker, Time start, Time end, Time& next) {
  Exchange& exchange = worker.exchange();
  WorkerScratch& scratch = worker.scratch;
  std::size_t count = 0, room = scratch.keys.size();
  std::uint64_t* keys = scratch.keys.data();
  const Record** arrivals = scratch.arrivals.data();
  const std::size_t words = active_.size();
  for (std::size_t word = 0; word < words; ++word) {
    std::uint64_t& waiting = exchange.waiting[first_word_ + word];
    for (std::uint64_t bits = waiting; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<std::size_t>(std::countr_zero(bits));
      const std::size_t in_port = word * 64 + bit;
      fetch_ahead(exchange, in_port);
      Ring& ring = exchange.links[in_links_[in_port]].ring;
      const bool emptied = ring.drain_before(end.ps, worker.spent, [&](Record& record) {
        if (count == room) [[unlikely]] {
          scratch.grow();
          room = scratch.keys.size();
          keys = scratch.keys.data();
          arrivals = scratch.arrivals.data();
        }
        keys[count] = arrival_key(record.at - start.ps, count);
        arrivals[count++] = &record;
        record.in_port = static_cast<std::uint16_t>(in_port);
        self().gathered(worker, record);
      });
      if (emptied)
        waiting &= ~(std::uint64_t{1} << bit);
      else
        next = std::min(next, Time{ring.front().at});
    }
  }
  CHECK(count <= key_position_mask, "arrivals", count);
  return count;
}

template <class Self>
void PortedNode<Self>::handle_local(Worker& worker, const LocalEvent& event) {
  switch (static_cast<LocalWhat>(event.what)) {
    case LocalWhat::pause_acts:
    case LocalWhat::pause_ends: return change_pause(worker, event);
    case LocalWhat::link_down:
    case LocalWhat::link_up: return change_link(worker, event);
    case LocalWhat::set_arrives: return receive_set(worker, event);
    case LocalWhat::set_due: return set_due(worker, event);
    case LocalWhat::link_timer: return link_timer(worker, event);
    case LocalWhat::credit_timer: return credit_timer(worker, event);
    case LocalWhat::credit_repeat: return credit_repeat(worker, event);
    default: return self().on_local(worker, event);
  }
}

template <class Self>
void PortedNode<Self>::run_lazy_until(Worker& worker, Time t, bool include_all_of_t) {
  while (!local_.empty() && lazy()) {
    const LocalEvent& top = local_.top();
    if (include_all_of_t ? top.at > t : !before_arrivals(top, t)) return;
    handle_local(worker, local_.pop());
  }
  if (!lazy()) run_exact_until(worker, t, include_all_of_t);
}

// One instant after another: releases in port order, local events that precede services, services in port order, timers.
template <class Self>
void PortedNode<Self>::run_exact_until(Worker& worker, Time t, bool include_all_of_t) {
  for (;;) {
    const Time ports = port_heap_next(), locals = local_.next();
    const Time u = std::min(ports, locals);
    if (u > t) return;
    instant_.clear();
    while (port_heap_next() == u) {
      instant_.push_back(static_cast<std::uint16_t>(port_heap_.front() & 0xffff));
      std::pop_heap(port_heap_.begin(), port_heap_.end(), std::greater<>());
      port_heap_.pop_back();
    }
    for (const std::uint16_t i : instant_) {
      if (ports_[i].free_at == u) release(worker, i, u);
    }
    while (!local_.empty() && local_.top().at == u && local_.top().kind < EventKind::service) handle_local(worker, local_.pop());
    for (const std::uint16_t i : instant_) {
      if (ports_[i].free_at == u && ports_[i].serving_bytes == 0 && ports_[i].backlogged()) self().start_next(worker, i, u);
    }
    if (port_heap_next() == u) continue;
    const bool timers = u < t || include_all_of_t || rules::timer_before_arrival;
    while (timers && !local_.empty() && local_.top().at == u) handle_local(worker, local_.pop());
    if (!timers) return;
  }
}

template <class Self>
void PortedNode<Self>::go_exact(Time now) {
  if (mode_ != Mode::lazy) return;
  mode_ = Mode::exact;
  heap_base_ = now;
  port_heap_.clear();
  for (std::size_t word = 0; word < active_.size(); ++word) {
    for (std::uint64_t bits = active_[word]; bits != 0; bits &= bits - 1) {
      const std::size_t i = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      const EgressPort& port = ports_[i];
      if (port.free_at >= now && port.free_at < window_end_) push_port(i);
    }
  }
}

// A few records at a time are looked at three times: to find their ports, to fetch what those ports will touch, and to arrive.
template <class Self>
void PortedNode<Self>::run_arrivals(Worker& worker, const std::uint64_t* keys, std::size_t count) {
  constexpr std::size_t few = 8;
  const Record* const* const arrivals = worker.scratch.arrivals.data();
  std::uint16_t* const hints = worker.scratch.out_ports.data();
  std::size_t routed = 0, fetched = 0;
  self().begin_arrivals();
  for (std::size_t i = 0; i < count;) {
    const std::size_t route_to = std::min(i + 2 * few + few / 2, count), fetch_to = std::min(i + few + few / 2, count),
                      run_to = std::min(i + few, count);
    self().route_ahead(worker, {arrivals, keys + routed, hints + routed, route_to - routed});
    self().fetch(worker, {arrivals, keys + fetched, hints + fetched, fetch_to - fetched});
    routed = route_to;
    fetched = fetch_to;
    for (; i < run_to; ++i) {
      const Record& record = *arrivals[key_position(keys[i])];
      const Time at{record.at};
      if (lazy()) {
        if (!local_.empty()) run_lazy_until(worker, at, false);
      } else {
        run_exact_until(worker, at, false);
      }
      self().arrive(worker, record, at, hints[i]);
    }
  }
}

template <class Self>
Time PortedNode<Self>::finish_window(Worker& worker, Time end, Time next) {
  const bool watch_releases = self().must_be_exact();
  const Time limit = rules::commit_past_window ? end + Duration{2'000'000} : end;
  for (std::size_t word = 0; word < active_.size(); ++word) {
    for (std::uint64_t bits = active_[word]; bits != 0; bits &= bits - 1) {
      const std::size_t i = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
      EgressPort& port = ports_[i];
      const std::uint64_t next_bits = bits & (bits - 1), later_bits = next_bits & (next_bits - 1);
      if (later_bits != 0) { self().fetch_port(worker, word * 64 + static_cast<std::size_t>(std::countr_zero(later_bits))); }
      if (lazy()) catch_up(worker, i, Time{limit.ps - 1}, limit);
      if (!port.busy() && port.free_at < end) {
        active_[word] &= ~(std::uint64_t{1} << (i & 63));
      } else if (port.backlogged() || (watch_releases && port.serving_bytes != 0)) {
        next = std::min(next, port.free_at);
      }
    }
  }
  return std::min(next, local_.next());
}

template <class Self>
void PortedNode<Self>::run_window(Worker& worker, Time start, Time end) {
  if constexpr (Self::always_exact) {
    if (ports_.size() == 1) return run_single_window(worker, end);
  }
  Time next = Time::never();
  window_end_ = end;
  const std::size_t count = gather(worker, start, end, next);
  if (self().must_be_exact()) go_exact(start);
  if (!self().run_by_port(worker, count, start, end)) {
    WorkerScratch& scratch = worker.scratch;
    run_arrivals(worker, order_keys(scratch.keys.data(), scratch.sorted.data(), count, (end - start).v), count);
  }
  if (lazy())
    run_lazy_until(worker, Time{end.ps - 1}, true);
  else
    run_exact_until(worker, Time{end.ps - 1}, true);
  next = finish_window(worker, end, next);
  if (mode_ == Mode::exact) mode_ = Mode::lazy;
  worker.release_spent();
  worker.exchange().next[index_] = next;
}

// One port and every counter true at every instant: arrivals stand in their order already, and the port's next start is known
// without a heap.
template <class Self>
void PortedNode<Self>::run_single_window(Worker& worker, Time end) {
  Exchange& exchange = worker.exchange();
  mode_ = Mode::stepped;
  Time next = Time::never();
  Ring& ring = exchange.links[exchange.first_link[index_]].ring;  // that of in_links_[0], which stands apart
  // Asked for long before, too; but what a node or two have touched since may have pushed it out of the first cache.
  constexpr std::size_t most_fetched = 32;
  ring.peek_before(
      end.ps, most_fetched, [&](const Record& record) __attribute__((always_inline)) { self().gathered(worker, record); });
  const bool emptied = ring.drain_before(end.ps, worker.spent, [&](Record& record) {
    const Time at{record.at};
    record.in_port = 0;
    if (single_next() <= at) run_single_until(worker, at, false);
    self().arrive(worker, record, at, no_hint);
  });
  if (emptied)
    exchange.waiting[first_word_] = 0;
  else
    next = Time{ring.front().at};
  run_single_until(worker, Time{end.ps - 1}, true);
  worker.release_spent();
  exchange.next[index_] = std::min(next, single_next());
}

// As run_exact_until(): local events that precede services, the service, timers, one instant after another.
template <class Self>
void PortedNode<Self>::run_single_until(Worker& worker, Time t, bool include_all_of_t) {
  EgressPort& port = ports_[0];
  for (;;) {
    const Time u = single_next();
    if (u > t) return;
    while (!local_.empty() && local_.top().at == u && local_.top().kind < EventKind::service) handle_local(worker, local_.pop());
    if (port.free_at <= u && port.backlogged()) self().start_next(worker, 0, u);
    if (u == t && !include_all_of_t && !rules::timer_before_arrival) return;
    while (!local_.empty() && local_.top().at == u) handle_local(worker, local_.pop());
  }
}

template <class Self>
void PortedNode<Self>::settle(Worker& worker, Time now) {
  const Mode before = mode_;
  mode_ = Mode::stepped;  // no heap, no look-ahead: everything before `now` has been started already
  settle_active(worker, Time{now.ps - 1});
  mode_ = before;
}

// ---- one event at a time --------------------------------------------------------------------------------------------
template <class Self>
std::optional<PendingEvent> PortedNode<Self>::least_event(Worker& worker) {
  mode_ = Mode::stepped;
  std::optional<PendingEvent> least;
  const auto offer = [&least](PendingEvent e) {
    if (!least || e < *least) least = e;
  };
  for (std::uint32_t i = 0; i < ports_.size(); ++i) {
    const EgressPort& port = ports_[i];
    if (port.serving_bytes != 0)
      offer({port.free_at, EventKind::release, i});
    else if (port.backlogged())
      offer({port.free_at, EventKind::service, i});
    const Ring& ring = worker.exchange().links[in_links_[i]].ring;
    if (!ring.empty()) offer({Time{ring.front().at}, EventKind::arrival, i});
  }
  if (!local_.empty()) offer({local_.top().at, local_.top().kind, 0});
  return least;
}

template <class Self>
void PortedNode<Self>::do_event(Worker& worker, const PendingEvent& event) {
  switch (event.kind) {
    case EventKind::release:
      self().released(worker, event.id, event.at);
      ports_[event.id].serving_bytes = 0;
      return;
    case EventKind::service: self().start_next(worker, event.id, event.at); return;
    case EventKind::arrival: {
      Ring& ring = worker.exchange().links[in_links_[event.id]].ring;
      Record record = ring.front();
      ring.pop(worker.blocks);
      record.in_port = static_cast<std::uint16_t>(event.id);
      self().arrive(worker, record, event.at, no_hint);
      return;
    }
    default: handle_local(worker, local_.pop()); return;
  }
}

}  // namespace weft
