// PortedNode: what switches and hosts have in common: ports, pause frames received, links that go down, and the merge of one
// window: arrivals, local events and port services in the order of design rule 1.
//
// Ports are served lazily: a port is brought up to t when something at t concerns it. Counters of the buffer are then upper
// bounds, which is why a switch looks again before it drops or pauses. From an XOFF to the last XON the node runs exact:
// services and releases are merged with the arrivals by time, because a release may send an XON.
//
// Derived class (static dispatch, no virtual call per packet):
//   bool start_next(Worker&, port, Time)        put the next eligible frame on the wire at that time; start_next_inline() likewise,
//                                               for the one place that calls it most
//   void released(Worker&, port, Time)          the frame in service has left
//   void arrive(Worker&, const Record&, Time, hint)
//   void fetch_coming(Worker&, Time, Ahead) const  as look_ahead(), for what the derived class has
//   void gathered(Worker&, const Record&)       a record of this window, in no order: for prefetching
//   void route_ahead(Worker&, const ArrivalBatch&)  the ports by which records that arrive soon will leave, or no_hint
//   void begin_arrivals()                       a window's arrivals come now; hints of the last one are forgotten
//   bool run_by_port(Worker&, count, start, end)  has taken the arrivals gathered in another order that makes no difference
//   void fetch(Worker&, const ArrivalBatch&)    those records come very soon: for prefetching
//   void fetch_port(Worker&, port)              that port is served very soon: for prefetching
//   void on_local(Worker&, const LocalEvent&)   link changes beyond the port's own state, and timers
//   bool must_be_exact() const                  counters must be true at every instant of this window
//   static constexpr bool always_exact          for ever so: with one port there is nothing to merge but its link and its events
//                                               (optional; false)
//   static constexpr bool keeps_arrivals        what arrives stays in a buffer (optional; true)
#pragma once

#include <algorithm>
#include <bit>
#include <span>
#include <vector>

#include "base/check.hh"
#include "core/node.hh"
#include "core/order.hh"
#include "core/prefetch.hh"
#include "core/worker.hh"
#include "fabric/class_table.hh"
#include "fabric/egress_port.hh"
#include "fabric/parcel.hh"
#include "fabric/tap.hh"

namespace weft {

inline constexpr std::uint16_t no_hint = 0xffff;
inline constexpr std::uint32_t control_frame_bytes = 84;  // 64 with FCS, 20 preamble and gap

// LocalEvent::what of the events every node knows; derived classes go on from `first_free_what`.
enum class LocalWhat : std::uint8_t {
  link_down,
  link_up,
  pause_acts,
  pause_ends,
  set_arrives,
  set_due,
  link_timer,
  credit_timer,
  credit_repeat,
  first_free
};

// Arrivals of a window, in their order, and where to put the ports by which they will leave.
struct ArrivalBatch {
  const Record* const* arrivals = nullptr;  // by position
  const std::uint64_t* keys = nullptr;      // [count]
  std::uint16_t* hints = nullptr;           // [count]
  std::size_t count = 0;
};

template <class Self>
class alignas(64) PortedNode : public Node {
 public:
  PortedNode(std::uint32_t index, std::uint32_t ports, std::uint32_t first_word, const ClassTable& classes)
      : ports_(ports),
        in_links_(ports),
        index_(index),
        first_word_(first_word),
        classes_(classes),
        active_((ports + 63) / 64),
        queues_(std::size_t{ports} * classes.slots),
        details_(ports) {
    if (Self::always_exact && ports == 1) active_[0] = 1;
    local_.reserve(std::size_t{ports} * classes.slots * 4 + 16);
    port_heap_.reserve(std::size_t{ports} * 2);
    instant_.reserve(std::size_t{ports} * 2);
  }

  void run_window(Worker& worker, Time start, Time end) final;
  void look_ahead(Worker& worker, Time end, Ahead ahead) const final;
  void accept(const LocalEvent& event) final { local_.push(event); }
  void settle(Worker& worker, Time now) final;
  std::optional<PendingEvent> least_event(Worker& worker) final;
  void do_event(Worker& worker, const PendingEvent& event) final;

  // Set-up and inspection.
  [[nodiscard]] EgressPort& port(std::size_t i) { return ports_[i]; }
  [[nodiscard]] PortDetail& detail(std::size_t i) { return details_[i]; }
  [[nodiscard]] ClassQueue& queue(std::size_t port, std::uint8_t slot) { return queues_[port * classes_.slots + slot]; }
  [[nodiscard]] std::size_t port_count() const { return ports_.size(); }
  [[nodiscard]] std::uint32_t index() const { return index_; }
  [[nodiscard]] std::uint32_t first_bit() const { return first_word_ * 64; }  // in Exchange::waiting
  [[nodiscard]] const ClassTable& classes() const { return classes_; }
  void set_in_link(std::size_t port, std::uint32_t link) { in_links_[port] = link; }
  void set_latency(Duration latency) { in_latency_ = latency; }
  void set_tap(Tap* tap) { tap_ = tap; }
  void arm(const LocalEvent& event) { local_.push(event); }

 protected:
  enum class Mode : std::uint8_t { lazy, exact, stepped };
  static constexpr bool always_exact = false, keeps_arrivals = true;

  Self& self() { return static_cast<Self&>(*this); }
  [[nodiscard]] bool lazy() const { return mode_ == Mode::lazy; }

  // What of a record the port's accounts need.
  struct Frame {
    std::uint32_t dst = 0, flow = 0;
    std::uint16_t wire_bytes = 0;
    std::uint8_t bits = 0;
  };
  // Puts a frame on the wire of `port` at `start`; make(Record&) makes its record, but for `at`.
  template <class Make>
  [[gnu::always_inline]] inline void launch_made(Worker& worker, EgressPort& port, std::size_t i, Frame frame, Time start, Make&& make);
  // The same for a record that the caller has taken from its queue, or a Parcel.
  template <class Packet>
  [[gnu::always_inline]] inline void launch(Worker& worker, EgressPort& port, std::size_t i, const Packet& packet, std::uint8_t bits,
                                            Time start) {
    launch_made(
        worker, port, i, {packet.dst, packet.flow, packet.wire_bytes, bits}, start, [&](Record & slot) __attribute__((always_inline)) {
          write_out(packet, slot);
          slot.bits = bits;
        });
  }
  // Serves the port's own clock: releases up to `upto`, starts strictly before `starts_before`.
  [[gnu::always_inline]] void catch_up(Worker& worker, std::size_t i, Time upto, Time starts_before) {
    EgressPort& port = ports_[i];
    if (port.free_at > upto) return;
    if (port.queued_mask == 0 && !port.has(EgressPort::control_pending)) {
      release(worker, i, port.free_at);
    } else {
      serve(worker, i, upto, starts_before);
    }
  }
  [[gnu::always_inline]] void catch_up(Worker& worker, std::size_t i, Time now) { catch_up(worker, i, now, Time{now.ps + 1}); }
  // Something became eligible at `now` on a port that was caught up to `now`: start at once when the wire is free.
  void kick(Worker& worker, std::size_t i, Time now);
  // The only port of a node that is always exact counts as active for ever: nothing looks for it.
  void mark_active(std::size_t i) {
    if constexpr (Self::always_exact) {
      if (ports_.size() == 1) return;
    }
    active_[i >> 6] |= std::uint64_t{1} << (i & 63);
  }
  void settle_active(Worker& worker, Time now, Time starts_before);
  void settle_active(Worker& worker, Time now) { settle_active(worker, now, Time{now.ps + 1}); }
  void go_exact(Time now);
  // Queues a PFC frame for `slot` on port i and sends it as soon as the wire is free.
  void send_pause(Worker& worker, std::size_t i, std::uint8_t slot, std::uint16_t quanta, Time now);
  void receive_pause(const Record& record, Time now);
  struct Freed {
    std::uint8_t slot = 0;
    std::uint32_t wire_bytes = 0;
  };
  [[gnu::noinline]] void free_credits(Worker& worker, std::size_t i, Freed freed, Time now);
  [[gnu::noinline]] void receive_control(Worker& worker, const Record& record, Time now);
  bool start_control(Worker& worker, std::size_t i, Time start);

  // What every window touches stands first.
  std::vector<EgressPort> ports_;
  std::vector<std::uint32_t> in_links_;  // directed link that arrives at the port

 private:
  std::uint32_t index_ = 0, first_word_ = 0;

 protected:
  LocalEvents local_;
  ClassTable classes_;

 private:
  Mode mode_ = Mode::lazy;
  Time window_end_{};
  std::vector<std::uint64_t> active_;  // bit i: port i may be busy

 protected:
  std::vector<ClassQueue> queues_;
  std::vector<PortDetail> details_;
  Duration in_latency_{};
  Tap* tap_ = nullptr;  // not owned; null: nothing is tapped

 private:
  void serve(Worker& worker, std::size_t i, Time upto, Time starts_before);
  // The frame in service, if any, has left.
  [[gnu::always_inline]] void release(Worker& worker, std::size_t i, Time at) {
    if (ports_[i].serving_bytes == 0) return;
    self().released(worker, i, at);
    ports_[i].serving_bytes = 0;
  }
  bool lost_on_its_way(Worker& worker, EgressPort& port, std::size_t i, const Record& record, Time start);
  void lose(Worker& worker, std::size_t i, const Record& record, PortLoss why);

  // Link layers.
  struct Fate {
    bool down = false, damaged = false, credited = false;
  };
  [[gnu::noinline]] void send_in_layer(Worker& worker, std::size_t i, const Record& record, Time start, Time arrival);
  void send_numbered(Worker& worker, std::size_t i, const Record& record, Time arrival, Fate fate);
  void update_layer(std::size_t i);
  void answer(Worker& worker, std::size_t i, Time now, Time starts_before);
  void send_set(Worker& worker, std::size_t i, const wire::ControlOrderedSet& set, Time now);
  void receive_set(Worker& worker, const LocalEvent& event);
  void set_due(Worker& worker, const LocalEvent& event);
  void link_timer(Worker& worker, const LocalEvent& event);
  [[nodiscard]] Bytes let_go(Worker& worker, std::size_t i, std::uint32_t frames);
  void begin_replay(std::size_t i);
  void initialise(std::size_t i, Time now);
  void flush_layer(Worker& worker, std::size_t i, LlrTxState next);
  void change_layer(Worker& worker, std::size_t i, bool up, Time now);
  void update_credits(std::size_t i, Time now);
  void spend_credits(std::size_t i, const Record& record, Time now);
  void arm_credit_timer(std::size_t i, Time now);
  void credit_timer(Worker& worker, const LocalEvent& event);
  void send_credit_update(Worker& worker, std::size_t i, Time start);
  void receive_credit_update(Worker& worker, std::size_t i, const Record& record, Time now);
  void arm_repeat(std::size_t i);
  void credit_repeat(Worker& worker, const LocalEvent& event);

  [[gnu::always_inline]] void fetch_ahead(const Exchange& exchange, std::size_t in_port) const;
  [[gnu::always_inline]] void fetch_links(const Exchange& exchange, Ahead ahead) const;
  [[gnu::always_inline]] void fetch_rings(const Exchange& exchange) const;
  std::size_t gather(Worker& worker, Time start, Time end, Time& next);
  void run_lazy_until(Worker& worker, Time t, bool include_all_of_t);
  void run_exact_until(Worker& worker, Time t, bool include_all_of_t);
  void run_arrivals(Worker& worker, const std::uint64_t* keys, std::size_t count);
  void run_single_window(Worker& worker, Time end);
  void run_single_until(Worker& worker, Time t, bool include_all_of_t);
  [[nodiscard]] Time single_next() const {  // what port 0 or an event of this node's own has to do
    return ports_[0].backlogged() ? std::min(local_.next(), ports_[0].free_at) : local_.next();
  }
  void handle_local(Worker& worker, const LocalEvent& event);
  void change_pause(Worker& worker, const LocalEvent& event);
  void arm_pause_end(std::size_t i, std::uint8_t slot);
  void change_link(Worker& worker, const LocalEvent& event);
  void set_pfc_paused(std::size_t i, std::uint8_t mask);
  void end_pause(std::size_t i, std::uint8_t slot, Time now);
  void push_port(std::size_t i) {
    port_heap_.push_back((static_cast<std::uint64_t>((ports_[i].free_at - heap_base_).v) << 16) | i);
    std::push_heap(port_heap_.begin(), port_heap_.end(), std::greater<>());
  }
  [[nodiscard]] Time port_heap_next() const {
    return port_heap_.empty() ? Time::never() : heap_base_ + Duration{static_cast<std::int64_t>(port_heap_.front() >> 16)};
  }
  Time finish_window(Worker& worker, Time end, Time next);
  static bool before_arrivals(const LocalEvent& event, Time t) {
    if (event.at != t) return event.at < t;
    return event.kind < EventKind::arrival || rules::timer_before_arrival;
  }

  std::vector<std::uint64_t> port_heap_;  // exact mode: (free_at - heap_base_) << 16 | port
  std::vector<std::uint16_t> instant_;    // exact mode: ports whose wire is free at one instant
  Time heap_base_{};
};

}  // namespace weft

#include "fabric/ported_node_credit.hh"
#include "fabric/ported_node_link.hh"
#include "fabric/ported_node_ports.hh"
#include "fabric/ported_node_window.hh"
