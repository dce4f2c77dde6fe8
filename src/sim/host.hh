// Host: a NIC with its protocol engines. It pulls packets from the engines when a port's wire is free and the class is not
// paused; it hands what arrives to the engine it belongs to. Nothing queues in a NIC but engines that are ready.
//
// Lanes map to class slots (data, respond, notify); within a slot notifications go before answers and answers before data;
// engines of one lane take turns, one packet each. Arrivals are never refused: the NIC drains at line rate.
#pragma once

#include <cstdint>
#include <vector>

#include "base/check.hh"
#include "base/random.hh"
#include "engine/engine.hh"
#include "fabric/ported_node.hh"
#include "sim/engine_pool.hh"
#include "sim/flow_table.hh"
#include "sim/ready_ring.hh"
#include "sim/trigger_table.hh"
#include "topology/routes.hh"

namespace weft {

// Told of what traced flows do; bins by time. See traces.hh.
class FlowTrace {
 public:
  FlowTrace() = default;
  FlowTrace(const FlowTrace&) = delete;
  FlowTrace& operator=(const FlowTrace&) = delete;
  virtual ~FlowTrace() = default;
  virtual void sent(std::uint32_t flow, std::uint32_t payload, Time now) = 0;
  virtual void in_flight(std::uint32_t flow, std::uint64_t packets, Time now) = 0;
};

struct HostParameters {
  std::uint32_t index = 0, ports = 0, first_word = 0;
  ClassTable classes;
  std::uint64_t seed = 0;  // of the run: flows' entropy comes from it
};

template <class Transport>
class Host final : public PortedNode<Host<Transport>> {
 public:
  using Base = PortedNode<Host<Transport>>;
  using Engine = typename Transport::Engine;
  using Segment = typename Engine::Segment;
  using Pool = EnginePool<Engine>;

  Host(const HostParameters& parameters, Transport& transport, FlowTable& table, TriggerTable& triggers);

  void set_pool(Pool& pool) { pool_ = &pool; }
  void set_routes(std::vector<const RoutingTables*> versions) {
    versions_ = std::move(versions);
    routes_ = versions_.front();
  }
  void set_flow_trace(FlowTrace* trace) { trace_ = trace; }
  void arm_routes(Time at, std::uint32_t version) {
    Base::arm({at, EventKind::link_change, static_cast<std::uint8_t>(What::routes), version, 0});
  }
  // Flows of this host that start by the clock, in the order (start, flow).
  void set_timed_flows(std::vector<std::uint32_t> flows);
  // Between windows: writes down the state of engines still alive.
  void record_live();

  [[nodiscard]] std::uint64_t progress() const { return progress_; }     // data packets used by their engine
  [[nodiscard]] std::uint64_t late() const { return late_; }             // packets for connections that are over
  [[nodiscard]] std::uint64_t ends_closed() const { return finished_; }  // initiators that completed or failed
  [[nodiscard]] Time next_timed_start() const {
    return next_timed_ < timed_.size() ? table_.flows[timed_[next_timed_]].start : Time::never();
  }
  // Calls visit(flow, reason) for each flow of this host that has begun and is not over.
  template <class Visit>
  void for_each_waiting(Visit&& visit) const;

 private:
  friend class PortedNode<Host<Transport>>;
  using Slot = typename Pool::Slot;
  enum class What : std::uint8_t { routes = static_cast<std::uint8_t>(LocalWhat::first_free), flow_start, engine, activation };

  void arrive(Worker& worker, std::uint16_t in_port, const Record& record, Time now, std::uint16_t hint);
  // always_inline: g++ 12 takes a function that only prefetches for one without effect and drops the call.
  [[gnu::always_inline]] inline void gathered(Worker& worker, const Record& record) const {
    if (record.kind() != RecordKind::pause) __builtin_prefetch(&worker.headers[record.handle]);
  }
  [[nodiscard]] static std::uint16_t route_ahead(Worker&, const Record&) { return no_hint; }
  static void fetch(Worker&, std::uint16_t) {}
  bool start_next(Worker& worker, std::size_t i, Time start);
  void released(Worker&, std::size_t, Time) {}
  void on_local(Worker& worker, const LocalEvent& event);
  // Serving a port may arm a timer that is due before the port's next start, so nothing may be put off.
  [[nodiscard]] static bool must_be_exact() { return true; }

  Slot* find(std::uint32_t end, Time now);
  Slot& open(std::uint32_t end, Time now, bool finished);
  void start_flow(Worker& worker, std::uint32_t flow, Time now);
  void start_timed(Worker& worker, Time now);
  void after_engine(Worker& worker, Slot& slot, Time now);
  void harvest(Worker& worker, Slot& slot, Time now);
  void finish_initiator(Worker& worker, Slot& slot, bool failed, std::string_view error, Time now);
  void activate(Worker& worker, TriggerId trigger, std::uint32_t cause, Time now);
  void make_ready(Slot& slot, Time now);
  void arm_engine(Slot& slot);
  void close_if_over(Slot& slot, Time now);
  void record(Slot& slot);
  void close(Slot& slot);
  bool pull(Worker& worker, std::size_t i, Lane lane, Time start);
  void send_segment(Worker& worker, std::size_t i, Lane lane, Slot& slot, const Segment& segment, Time start);
  void clear_if_quiet(std::size_t i, std::uint8_t slot);
  void move_engines();
  [[nodiscard]] std::uint16_t pick_port(std::uint32_t peer, std::uint32_t hash) const;
  [[nodiscard]] std::uint8_t slot_of(Lane lane) const { return lane_slot_[static_cast<std::size_t>(lane)]; }
  [[nodiscard]] ReadyRing& ring(std::size_t port, Lane lane) { return rings_[port * lane_count + static_cast<std::size_t>(lane)]; }
  [[nodiscard]] bool is_initiator(const Slot& slot) const { return slot.end % 2 == 0; }
  [[nodiscard]] bool sends_data(const Slot& slot) const {
    return is_initiator(slot) != (table_.flows[slot.end / 2].operation == Operation::read);
  }

  std::vector<ReadyRing> rings_;  // by port and lane
  std::array<std::uint8_t, lane_count> lane_slot_{};
  Transport& transport_;
  FlowTable& table_;
  TriggerTable& triggers_;
  Pool* pool_ = nullptr;                   // not owned
  const RoutingTables* routes_ = nullptr;  // not owned
  FlowTrace* trace_ = nullptr;             // not owned; null: no flow is traced
  std::vector<const RoutingTables*> versions_;
  std::vector<std::uint32_t> timed_;
  std::vector<std::uint32_t> live_;  // ends with an engine
  std::size_t next_timed_ = 0;
  std::uint64_t seed_ = 0, progress_ = 0, late_ = 0, finished_ = 0;
};

// Addresses: host i is 10.0.0.0 + i + 1. The 5-tuple's source port is drawn for each end of a flow.
[[nodiscard]] constexpr std::uint32_t host_address(std::uint32_t host) { return 0x0a000001U + host; }
[[nodiscard]] constexpr std::uint16_t source_port(std::uint64_t seed, std::uint32_t end) {
  return static_cast<std::uint16_t>(0xc000U + (random_key(seed, RandomRoom::routing, end) & 0x3fffU));
}
[[nodiscard]] constexpr std::uint32_t tuple_hash(std::uint32_t src, std::uint32_t dst, std::uint16_t port) {
  const std::uint64_t addresses = (std::uint64_t{host_address(src)} << 32) | host_address(dst);
  return static_cast<std::uint32_t>(mix64(mix64(addresses) ^ ((std::uint64_t{port} << 24) + (4791ULL << 8) + 17)) >> 32);
}

}  // namespace weft

#include "sim/host_engines.hh"
#include "sim/host_ports.hh"
