// Host: a NIC with its protocol engines. It pulls packets from the engines when a port's wire is free and the class is not
// paused; it hands what arrives to the engine it belongs to. Nothing queues in a NIC but engines that are ready.
//
// Lanes map to class slots (data, respond, notify); within a slot notifications go before answers and answers before data;
// engines of one lane take turns, one packet each. Arrivals are never refused: the NIC drains at line rate.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/check.hh"
#include "base/random.hh"
#include "engine/engine.hh"
#include "fabric/ported_node.hh"
#include "sim/addresses.hh"
#include "sim/credit_desk.hh"
#include "sim/engine_pool.hh"
#include "sim/flow_table.hh"
#include "sim/ready_ring.hh"
#include "sim/sim_transport.hh"
#include "sim/task_runner.hh"
#include "sim/trigger_table.hh"
#include "topology/routes.hh"

namespace weft {

template <class Transport>
class Host final : public PortedNode<Host<Transport>>, public HostNode {
 public:
  using Base = PortedNode<Host<Transport>>;
  using Engine = typename Transport::Engine;
  using Segment = typename Engine::Segment;
  using Pool = EnginePool<Engine>;

  Host(const HostParameters& parameters, Transport& transport, FlowTable& table, TriggerTable& triggers, TaskRunner& tasks);

  void set_pool(Pool& pool) { pool_ = &pool; }

  void use_routes(std::vector<const RoutingTables*> versions) override {
    versions_ = std::move(versions);
    routes_ = versions_.front();
  }
  void use_routes_from(Time at, std::uint32_t version) override {
    Base::arm({at, EventKind::link_change, static_cast<std::uint8_t>(What::routes), version, 0});
  }
  void watch(Tap* tap, FlowTrace* trace) override {
    Base::set_tap(tap);
    trace_ = trace;
  }
  void comes_in_by(std::size_t port, std::uint32_t link) override { Base::set_in_link(port, link); }
  void set_timed_flows(std::vector<std::uint32_t> flows) override;
  void begin_tasks(std::uint32_t work, Time at) override;
  void record_live() override;
  void for_each_waiting(const std::function<void(std::uint32_t, std::uint64_t)>& visit) const override;

  [[nodiscard]] std::uint64_t progress() const override { return progress_; }
  [[nodiscard]] std::uint64_t ends_closed() const override { return finished_; }
  [[nodiscard]] std::uint64_t late() const { return late_; }  // packets for connections that are over
  [[nodiscard]] Time next_timed_start() const override {
    return next_timed_ < timed_.size() ? table_.flows[timed_[next_timed_]].start : Time::never();
  }
  [[nodiscard]] EgressPort& egress(std::size_t port) override { return Base::port(port); }
  [[nodiscard]] PortDetail& egress_detail(std::size_t port) override { return Base::detail(port); }
  [[nodiscard]] ClassQueue& egress_queue(std::size_t port, std::uint8_t slot) override { return Base::queue(port, slot); }

 private:
  friend class PortedNode<Host<Transport>>;
  using Slot = typename Pool::Slot;
  enum class What : std::uint8_t {
    routes = static_cast<std::uint8_t>(LocalWhat::first_free),
    flow_start,
    engine,
    activation,
    credit,
    task_begin,
    task_ended,
    task_start,
    task_sent
  };

  void arrive(Worker& worker, const Record& record, Time now, std::uint16_t hint);
  // always_inline: g++ 12 takes a function that only prefetches for one without effect and drops the call.
  [[gnu::always_inline]] inline void fetch_coming(Worker& worker, Time end, Ahead ahead) const;
  [[gnu::always_inline]] inline void gathered(Worker& worker, const Record& record) const {
    if (record.kind() != RecordKind::pause) __builtin_prefetch(&worker.headers[record.handle]);
  }
  static void route_ahead(Worker&, const ArrivalBatch&) {}
  static void fetch(Worker&, const ArrivalBatch&) {}
  static void fetch_port(Worker&, std::size_t) {}
  static void begin_arrivals() {}
  static bool run_by_port(Worker&, std::size_t, Time, Time) { return false; }
  bool start_next(Worker& worker, std::size_t i, Time start);
  bool start_next_inline(Worker& worker, std::size_t i, Time start) { return start_next(worker, i, start); }
  void released(Worker&, std::size_t, Time) {}
  void on_local(Worker& worker, const LocalEvent& event);
  // Serving a port may arm a timer that is due before the port's next start, so nothing may be put off.
  static constexpr bool always_exact = true, keeps_arrivals = false;
  [[nodiscard]] static bool must_be_exact() { return true; }

  Slot* find(std::uint32_t end, Time now);
  Slot& open(std::uint32_t end, Time now, bool finished);
  void start_flow(Worker& worker, std::uint32_t flow, Time now);
  void start_timed(Worker& worker, Time now);
  void after_engine(Worker& worker, Slot& slot, Time now);
  void harvest(Worker& worker, Slot& slot, Time now);  // of an initiator, or of a target that has had all
  void finish_initiator(Worker& worker, Slot& slot, bool failed, std::string_view error, Time now);
  void activate(Worker& worker, TriggerId trigger, std::uint32_t cause, Time now);
  void on_task(Worker& worker, const LocalEvent& event);
  void message_ended(const FlowSpec& flow, Time now);
  [[gnu::noinline]] void watched_left(Slot& slot, std::uint32_t payload, Time start);
  static constexpr std::uint8_t what_of(TaskEvent event) {
    return static_cast<std::uint8_t>(static_cast<std::uint8_t>(What::task_begin) + static_cast<std::uint8_t>(event));
  }
  void make_ready(Slot& slot, const Outlook& outlook);
  void arm_engine(Slot& slot, Time deadline);
  void close_if_over(Slot& slot, const Outlook& outlook);
  void record(Slot& slot);
  void close(Slot& slot);
  void stop_sending(Slot& slot);
  void ask_for_credit(Slot& slot, Time now);
  void give_credit(Worker& worker, std::size_t port, Time now);
  void leave_desk(Slot& slot);
  [[gnu::always_inline]] inline bool pull(Worker& worker, std::size_t i, Lane lane, Time start);
  [[gnu::always_inline]] inline void send_segment(Worker& worker, std::size_t i, Lane lane, Slot& slot, const Segment& segment, Time start);
  void stand_in_line(Slot& slot, std::size_t i, Lane lane);
  void leave_line(std::size_t i, Lane lane);
  void move_engines();
  [[nodiscard]] std::uint16_t pick_port(std::uint32_t peer, std::uint32_t hash) const;
  [[nodiscard]] std::uint8_t slot_of(Lane lane) const { return lane_slot_[static_cast<std::size_t>(lane)]; }
  [[nodiscard]] bool is_initiator(const Slot& slot) const { return slot.end % 2 == 0; }
  [[nodiscard]] bool sends_data(const Slot& slot) const {
    return is_initiator(slot) != (table_.flows[slot.end / 2].operation == Operation::read);
  }

  // The engines that have something to send by a port.
  struct alignas(64) PortLanes {
    std::array<ReadyRing<Slot>, lane_count> rings;
    std::uint8_t ready = 0;  // bit l: the ring of lane l holds something
    [[nodiscard]] ReadyRing<Slot>& ring(Lane lane) { return rings[static_cast<std::size_t>(lane)]; }
  };
  struct LiveEngine {
    Slot* slot = nullptr;     // not owned
    std::uint32_t lines = 0;  // of the slot, to fetch
    std::uint32_t end = 0;    // the slot's
  };

  // What every window touches stands first.
  std::vector<PortLanes> lanes_;  // by port
  std::array<std::uint8_t, lane_count> lane_slot_{};
  std::array<std::uint8_t, most_slots> slot_lanes_{};  // bit l: lane l uses the slot
  std::vector<LiveEngine> live_;                       // the engines of this host
  Pool* pool_ = nullptr;                               // not owned
  Transport& transport_;
  FlowTable& table_;
  std::uint64_t progress_ = 0;
  std::uint32_t sending_ = 0;  // engines that have data to send, for the shares of receiver credit

  [[no_unique_address]] std::conditional_t<Transport::receiver_credit, CreditDesk, NoCreditDesk> desk_;
  std::vector<PortLine> lines_;  // by port
  TriggerTable& triggers_;
  TaskRunner& tasks_;
  const RoutingTables* routes_ = nullptr;  // not owned
  FlowTrace* trace_ = nullptr;             // not owned; null: no flow is traced
  std::vector<const RoutingTables*> versions_;
  std::vector<std::uint32_t> timed_;
  std::vector<TaskStep> task_steps_;  // scratch
  std::size_t next_timed_ = 0;
  std::uint64_t seed_ = 0, late_ = 0, finished_ = 0;
};

}  // namespace weft

#include "sim/host_credit.hh"
#include "sim/host_engines.hh"
#include "sim/host_ports.hh"
#include "sim/host_tasks.hh"
