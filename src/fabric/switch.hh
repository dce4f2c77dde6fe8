// Switch: store and forward, one shared buffer, queues for each port and class, ECN marking, tail drop, PFC towards the
// ingress, equal-cost routing by a policy.
//
// A packet that arrives (last bit in, plus the switch's latency) is routed, charged to the buffer, marked by the depth of its
// egress queue, and starts at once when its port is idle; its room is free again when its last bit has left.
// Drops are counted by reason at the egress port; packets without a route at the switch.
// A lossy queue may have a private limit: what waits and what is being sent; it then takes the place of the dynamic threshold.
// Source: project design, section 5 rules 3 to 5, 11; fabric/shared_buffer.hh, link/pfc.hh.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fabric/fault_plan.hh"
#include "fabric/gse_plan.hh"
#include "fabric/load_balancing/load_balancer.hh"
#include "fabric/ported_node.hh"
#include "fabric/shared_buffer.hh"
#include "fabric/trimming.hh"
#include "topology/routes.hh"

namespace weft {

struct SwitchParameters {
  std::uint32_t index = 0;  // node
  std::uint32_t ports = 0;
  std::uint32_t first_word = 0;  // in Exchange::waiting
  ClassTable classes;
  BufferParameters buffer;
  std::vector<std::uint32_t> headroom;  // by port * slots + slot; of a GSP, then of what is its own, by slot
  std::vector<std::uint8_t> silent;     // by port: never sends a pause, whatever its ingress holds
  std::vector<std::uint32_t> limits;    // likewise: what a lossy queue may hold, QueueSizes::no_limit: by alpha; empty: all by alpha
  TrimParameters trimming;
  LoadBalancing load_balancing = LoadBalancing::ecmp;
  Duration flowlet_gap{};
  std::uint64_t seed = 0;  // of this switch
  bool mark_at_enqueue = true;
  bool mark = true;
  std::uint16_t pause_quanta = 65535;
  bool reroute_queued = false;
  bool scheduled = false;                        // part of a scheduled fabric: containers keep together
  std::uint32_t sprayed_below = 0;               // SprayContainers::below
  std::span<const std::uint32_t> first_of_exit;  // and this
  bool spray_at_random = false;                  // SprayContainers::at_random
  const GsePlan* gse = nullptr;                  // not owned; of a GSP
  std::vector<std::uint32_t> exit_of_port;       // of a GSP, by port: GsePlan::exits; GsePlan::no_exit: leads into the fabric
  std::vector<std::uint32_t> ways_out;           // of a GSP, from its pod: GsePlan::borders, the nearest first
  std::size_t nearest_ways_out = 0;
  std::vector<Rate> uplinks;          // of a GSP, by version of the routes: see Switch::Gse; absent: enough
  const FaultPlan* faults = nullptr;  // not owned; of a switch that hears fault notices
  std::vector<FabricNeighbour> neighbours;
};

// A moment in a node: which frames have started when something happens at it (core/local_events.hh has the order).
struct Instant {
  Time now{}, starts_before{};
  [[nodiscard]] static Instant before_services(Time t) { return {t, t}; }
  [[nodiscard]] static Instant after_services(Time t) { return {t, Time{t.ps + 1}}; }
};

class Switch final : public PortedNode<Switch> {
 public:
  explicit Switch(const SwitchParameters& parameters);
  ~Switch() override;

  // Versions of the routing tables this switch will use; the first from the beginning, others when their event says so.
  void set_routes(std::vector<const RoutingTables*> versions) {
    versions_ = std::move(versions);
    use_routes(0);
  }
  void arm_routes(Time at, std::uint32_t version) {
    arm({at, EventKind::link_change, static_cast<std::uint8_t>(What::routes), version, 0});
  }
  void give_credits(std::size_t port);  // set-up: to the link that arrives at the port
  [[nodiscard]] const SharedBuffer& buffer() const { return buffer_; }
  [[nodiscard]] std::uint64_t drops_no_route() const { return drops_no_route_; }
  [[nodiscard]] std::uint32_t xoff_count() const { return xoff_count_; }
  [[nodiscard]] std::uint64_t windows_by_port() const { return windows_by_port_; }  // of those run; differs by threads and windows
  [[nodiscard]] const GseCounters* gse_counters() const;                            // nullptr: no GSP
  [[nodiscard]] std::uint64_t gse_bytes() const;                                    // charged to the buffer and at no port
  [[nodiscard]] std::uint64_t gse_packets() const;                                  // likewise
  // Exits (GsePlan) for which something waits here that was granted nothing.
  void for_each_ungranted(const std::function<void(std::uint32_t exit)>& visit) const;
  struct Heard {
    std::span<const Time> at{};  // by FaultPlan::changes; never: not yet
    std::uint64_t sent = 0;      // notices
  };
  [[nodiscard]] Heard faults_heard() const;
  // Those packets, and what each took on the wire on its way in.
  void for_each_kept(const std::function<void(const Record&, std::uint32_t)>& visit) const;
  // What a packet that leaves by `out` with so many bytes took on the wire when it came by `in`.
  [[nodiscard]] std::uint32_t came_with(std::size_t in, std::size_t out, std::uint32_t bytes) const;

 private:
  friend class PortedNode<Switch>;
  class Gse;     // switch_gse.hh
  class Faults;  // switch_faults.hh
  enum class What : std::uint8_t {
    routes = static_cast<std::uint8_t>(LocalWhat::first_free),
    refresh,
    gse_desk,
    gse_sweep,
    gse_uplinks,
    fault_block,
    fault_timer
  };

  [[gnu::always_inline]] void arrive(Worker& worker, const Record& record, Time now, std::uint16_t hint);
  void fetch_coming(Worker&, Time, Ahead) const {}
  [[gnu::always_inline]] inline void gathered(Worker& worker, const Record& record) const;
  // always_inline: g++ 12 takes a function that only prefetches for one without effect and drops the call.
  [[gnu::always_inline]] inline void route_ahead(Worker& worker, const ArrivalBatch& batch) const;
  void begin_arrivals() { hint_routes_ = routes_; }
  // A window's arrivals port by port, where that makes no difference (switch_by_port.cc); false: they are to be taken in order of time.
  [[nodiscard]] bool run_by_port(Worker& worker, std::size_t count, Time start, Time end);
  [[nodiscard]] bool load_ports(Worker& worker, std::size_t count);
  [[nodiscard]] static inline bool passes(const Record& record);
  [[nodiscard]] bool keeps_apart(std::size_t i, SharedBuffer::Thresholds thresholds) const;
  void run_loads(Worker& worker);
  inline void run_load(Worker& worker, std::size_t out, std::span<const Record* const> arrivals);
  [[gnu::always_inline]] inline void fetch(Worker& worker, const ArrivalBatch& batch) const;
  [[gnu::always_inline]] inline void fetch_port(Worker& worker, std::size_t i) const;
  bool start_next(Worker& worker, std::size_t i, Time start);
  [[gnu::always_inline]] bool start_next_inline(Worker& worker, std::size_t i, Time start);
  [[nodiscard]] std::uint8_t choose_weighted(std::size_t i, std::uint8_t eligible);
  [[gnu::always_inline]] void released(Worker& worker, std::size_t i, Time now);
  void tell(Worker& worker, std::size_t i, Time now);
  void resume(Worker& worker, std::uint16_t in_port, std::uint8_t slot, Time now);
  void control(Worker& worker, const Record& record, Time now);
  void drop_without_route(Worker& worker, const Record& record, Time now);
  void on_local(Worker& worker, const LocalEvent& event);
  void link_changed(Worker& worker, const LocalEvent& event);
  [[nodiscard]] bool must_be_exact() const { return xoff_count_ > 0 || credited_; }

  void use_routes(std::uint32_t version) {
    version_ = version;
    routes_ = versions_[version];
    row_ = routes_->row(NodeId{index()});
  }
  struct GroupView;
  // The port of a record where it is the only one or follows from a hash; no_hint: it does not, or there is none.
  [[nodiscard, gnu::always_inline]] inline std::uint16_t hashed_port(const RoutingTables::Row& row, const Record& record) const {
    const auto group = row.ports(NodeId{record.dst});
    if (group.empty() || (group.size() > 1 && !hashed_)) return no_hint;
    return group.size() == 1 ? group[0] : group[Ecmp::index(record.hash, seed_, group.size())];
  }
  std::uint16_t choose_port(Worker& worker, std::span<const std::uint16_t> group, const Record& record, Time now);
  // `Packet`: a Record or a Parcel.
  template <class Packet>
  [[nodiscard]] bool over_limit(std::size_t out, const Packet& packet) const;
  template <class Packet>
  [[nodiscard]] bool fits(std::size_t out, const Packet& packet) const;
  template <class Packet>
  [[gnu::always_inline]] bool admit(Worker& worker, Ingress& ingress, std::size_t out, const Packet& packet, Time now);
  void watch_threshold(Worker& worker, Ingress& ingress, const Record& record, Time now);
  void refuse(Worker& worker, std::size_t out, const Record& record, Time now);
  void drop(Worker& worker, std::size_t out, const Record& record);
  Record trim_victim(std::size_t out, const Record& arriving);
  [[gnu::always_inline]] bool marks_at_enqueue(std::size_t out, std::uint8_t bits, std::uint32_t depth);
  template <class Packet>
  [[gnu::always_inline]] void forward(Worker& worker, std::size_t out, const Packet& packet, Time now);
  void xoff(Worker& worker, std::uint16_t in_port, std::uint8_t slot, Time now);
  void arm_refresh(std::size_t ingress, Time now);
  void stand_refresh(std::size_t ingress);
  void forget_pauses(std::size_t port);
  void adopt_routes(Worker& worker, std::uint32_t version, Instant at);
  void reroute(Worker& worker, Instant at);
  [[nodiscard]] static bool is_fault_notice(const Record& record);
  void send_fabric_message(Worker& worker, std::uint16_t out, const Record& message, Instant at);
  [[nodiscard]] std::size_t ingress_index(std::size_t port, std::uint8_t slot) const { return port * classes_.slots + slot; }
  [[nodiscard]] std::uint64_t queued_bytes(std::size_t port) const;
  void show_depth(Worker& worker, std::size_t port, Time now);

  // What a window brings to a port and takes from it.
  struct PortLoad {
    std::uint64_t comes = 0, leaves = 0;  // bytes
    std::uint32_t count = 0;              // packets that leave
    std::uint32_t end = 0;                // where theirs end, by port
  };

  SharedBuffer buffer_;
  LoadBalancer balancer_;
  TrimParameters trimming_;
  const RoutingTables* routes_ = nullptr;       // not owned
  const RoutingTables* hint_routes_ = nullptr;  // not owned; those of the window's start: hints are theirs
  RoutingTables::Row row_;                      // of routes_
  std::vector<const RoutingTables*> versions_;  // not owned
  std::vector<Time> refresh_at_;                // by ingress: when to repeat its XOFF; never: not at all
  std::vector<Time> refresh_armed_;             // by ingress: the event that stands for it, no later than refresh_at_; never: none
  std::vector<std::uint8_t> silent_;            // by port
  std::uint64_t seed_;
  std::uint64_t drops_no_route_ = 0;
  std::uint32_t xoff_count_ = 0;
  std::uint32_t version_ = 0;  // of the routes in use
  std::uint16_t pause_quanta_;
  bool mark_at_enqueue_, mark_at_dequeue_, reroute_queued_, deep_choice_, hashed_;
  std::unique_ptr<Gse> gse_;        // of a GSP
  std::unique_ptr<Faults> faults_;  // of a scheduled fabric whose links change
  bool credited_ = false;           // some ingress gives credits
  bool apart_;                      // may be run port by port at all
  std::uint8_t patience_ = 0;       // busy windows until that is looked at again
  std::vector<PortLoad> loads_;     // by port
  std::uint64_t windows_by_port_ = 0;
};

extern template class PortedNode<Switch>;

}  // namespace weft
