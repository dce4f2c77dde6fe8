// Switch::Gse: what makes a switch the GSP of a scheduled fabric: an edge switch with unmodified NICs behind it (N2N), or a NIC (E2E).
//
// Ingress: a packet from a host joins the queue (DGSQ) of its exit, that is (egress GSP, port), and priority; queues are made on
// demand and released when idle. It leaves by the queue's credit, in a packet container, 16 bytes longer, on the uplink of that
// container. Egress: containers are put in order, and each exit grants what its port drains. Packets between two hosts of one
// GSP pass through the same queues and grants, without a header.
// While routes miss some uplinks, all exits together grant no more to other GSPs than those left can bring in, in turns.
// A packet is charged to the buffer from its arrival to its last bit out, in a queue, held for its turn, or at a port.
// Counters: GseCounters. Bounds: a queue by the buffer; held containers of a stream by GsePlan::held_containers; queues by exits,
// of which one GSP uses few, so tables are paged.
// Source: transport/gse; project profile (fabric.md 3.3).
#pragma once

#include <numeric>
#include <vector>

#include "fabric/gse_message.hh"
#include "fabric/paged_index.hh"
#include "fabric/parcel.hh"
#include "fabric/switch.hh"
#include "transport/gse/container_filler.hh"
#include "transport/gse/container_order.hh"
#include "transport/gse/grant_desk.hh"
#include "transport/gse/queue_credit.hh"

namespace weft {

class Switch::Gse {
 public:
  Gse(Switch& node, const SwitchParameters& parameters);

  // What comes from a host, or is for one behind this GSP; all else only passes, as a detour round a dead link does.
  [[nodiscard]] bool takes_up(const Record& record) const { return is_exit(record.in_port) || takes(record); }
  [[nodiscard]] bool is_exit(std::size_t port) const { return exit_of_port_[port] != GsePlan::no_exit; }
  // Whether what passes would go to a core, with a header that no core knows.
  [[nodiscard]] bool leaves_pod(const Record& record) const {
    if (!plan_.joined) return false;
    const auto group = node_.row_.ports(NodeId{record.dst});
    return !group.empty() && is_exit(group[0]);
  }
  void arrive(Worker& worker, const Record& record, Time now, std::uint16_t hint);
  // What a record will need here, asked of the memory before it arrives: the place where the number of its queue or stream stands, then
  // the queue or stream, the number being the record's hint, then what that leads to.
  [[gnu::always_inline]] inline void fetch_number(const Record& record) const;
  [[gnu::always_inline]] inline void find_ahead(const ArrivalBatch& batch) const;
  [[gnu::always_inline]] inline void fetch_ahead(Worker& worker, const ArrivalBatch& batch) const;
  [[nodiscard]] static bool is_number(std::uint16_t hint) { return hint >= first_number && hint != no_hint; }
  void routes_changed(std::uint32_t version) { uplinks_ = version < uplinks_by_version_.size() ? uplinks_by_version_[version] : Rate{}; }
  [[nodiscard]] bool takes(const Record& message) const { return plan_.exits[plan_.exit_of_host[message.dst]].gsp == number_; }
  void message(Worker& worker, const Record& record, Time now);
  void on_timer(Worker& worker, const LocalEvent& event);
  [[nodiscard]] const GseCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint64_t packets() const;
  // switch_gse_credits.cc
  [[nodiscard]] std::uint32_t came_with(std::size_t in, std::size_t out, std::uint32_t bytes) const;
  void for_each_kept(const std::function<void(const Record&, std::uint32_t)>& visit) const;
  void for_each_ungranted(const std::function<void(std::uint32_t)>& visit) const;
  [[nodiscard]] std::uint64_t bytes() const { return std::accumulate(held_bytes_.begin(), held_bytes_.end(), waiting_); }

 private:
  static constexpr std::uint32_t none = PagedIndex::none;

  static constexpr std::uint16_t first_number = 0x8000;  // a hint from here on is no port but the number of a queue or stream
  // Two cache lines each.
  struct alignas(64) Queue {  // at the ingress, of (exit, slot)
    Ring ring;
    gse::QueueCredit credit;
    std::uint32_t exit = 0;
    std::uint8_t slot = 0;
    bool live = false, opening = false;
    bool local = false;  // the exit is this GSP's own
    gse::ContainerFiller filler;
    std::uint16_t uplink = 0;              // of the open container
    std::uint16_t uplink_soon = 0;         // of the next one, as a rule
    std::uint16_t senders = 0;             // ports from which something waits
    std::vector<std::uint16_t> waiting{};  // packets, by port they came from
    Time used{}, asked{};
  };
  struct alignas(64) Stream {  // at the egress, of (ingress GSP, port, slot)
    gse::GrantStream credit;
    gse::ContainerOrder order;
    std::uint32_t held = 0;  // packets
    std::uint32_t desk = 0;
    std::uint16_t source = 0;  // GSP
    std::uint16_t out = 0;
    bool watched = false;     // in watched_
    std::vector<Ring> lanes;  // by container number modulo their count; empty until something has to wait
    Time came{}, waits_since{};
  };
  static_assert(sizeof(Queue) == 128 && sizeof(Stream) == 128);

  static constexpr std::size_t no_key = ~std::size_t{0};
  [[gnu::always_inline]] [[nodiscard]] inline std::size_t queue_key(const Record& record) const;
  [[gnu::always_inline]] [[nodiscard]] inline std::size_t stream_key(const Record& record, std::size_t out) const;
  // Looking ahead: the number of a record's queue or stream; none: not known.
  [[nodiscard]] inline const Queue* granted_ahead(const Record& record) const;
  [[gnu::always_inline]] [[nodiscard]] inline std::uint32_t queue_ahead(const Record& record) const;
  [[gnu::always_inline]] [[nodiscard]] inline std::uint32_t stream_ahead(const Record& record) const;
  [[gnu::always_inline]] inline void fetch_port_itself(std::size_t i, std::uint8_t slot) const;

  // Ingress.
  [[nodiscard]] std::uint32_t destination_of(const Record& packet, std::uint32_t exit) const {
    return exit == plan_.exit_of_host[packet.dst] ? packet.dst : plan_.exits[exit].host;
  }
  [[nodiscard]] std::uint32_t exit_of_pod(const Record& packet) const;
  [[nodiscard]] std::uint32_t exit_to_pod(const Record& packet) const;
  void restore(Parcel& packet) const;
  void from_host(Worker& worker, const Record& record, Time now, std::uint16_t hint);
  Queue& queue_to(std::uint32_t exit, std::uint8_t slot);
  void wake(Queue& queue, Time now);
  void drain(Worker& worker, Queue& queue, Time now);
  void send(Worker& worker, Queue& queue, Parcel& packet, Time now);
  [[nodiscard]] std::uint16_t choose_uplink(Worker& worker, std::span<const std::uint16_t> group, std::uint32_t turn, Time now);
  void ask(Worker& worker, Queue& queue, Time now);
  void look_after_queues(Worker& worker, Time now);
  void mark(Parcel& packet, const Queue& queue);

  // Egress.
  [[nodiscard]] std::uint16_t source_of(Worker& worker, const Record& packet) const {
    const GsePlan::FlowEnds ends = plan_.ends[packet.flow];
    const std::uint16_t source = packet.has(Record::to_initiator) ? ends.target : ends.initiator;
    return source != GsePlan::nowhere ? source : worker.headers.noted(packet.handle);
  }
  void from_fabric(Worker& worker, const Record& record, Time now, std::uint16_t hint);
  Stream& stream_of(std::uint16_t source, std::size_t out, std::uint8_t slot);
  void open_desks();
  void count_in(Stream& stream, Bytes packet, Time now);
  void hold(Worker& worker, Stream& stream, const Parcel& packet, Time now);
  void release_held(Worker& worker, Stream& stream, Time now);
  [[gnu::always_inline]] inline void deliver(Worker& worker, Stream& stream, Parcel& packet, Time now);
  void refuse(Worker& worker, const Record& packet, std::uint32_t came_with, Time now);
  [[nodiscard]] bool keeps_as_own(const Parcel& packet, gse::Turn turn);
  void keep_as_own(Worker& worker, Parcel& packet, Time now);
  void requested(Worker& worker, std::uint16_t source, const GseMessage& message, Time now);
  void serve_desk(Worker& worker, std::size_t desk, Time now, bool has_turn = false);
  [[nodiscard]] bool waits_for_uplinks(std::size_t desk, Time now) const;
  void wait_for_uplinks(std::size_t desk);
  void uplinks_free(Worker& worker, Time now);
  void give(Worker& worker, const Stream& stream, std::uint32_t units, Time now);
  void look_after_streams(Worker& worker, Time now);
  void skip_hole(Worker& worker, Stream& stream, Time now);

  void send_message(Worker& worker, const GseMessage& message, std::uint32_t host, Time now);
  void put_out(Worker& worker, std::size_t out, const Parcel& packet, Time now);
  void arm_sweep(Time now);
  [[nodiscard]] std::size_t desk_index(std::size_t out, std::uint8_t slot) const { return out * node_.classes_.slots + slot; }

  Switch& node_;
  const GsePlan& plan_;
  std::uint16_t number_;
  bool sweeping_ = false;
  std::uint32_t messages_ = 0;  // sent: they take the uplinks in turn
  std::uint64_t waiting_ = 0;   // bytes in queues
  Duration sweep_{};
  Random random_;
  std::vector<Rate> uplinks_by_version_;    // of the routes
  Rate uplinks_{};                          // what those left carry, while some are down and hosts could take more; 0: enough
  Time uplinks_free_{};                     // then: when what was granted to other GSPs can have come in
  std::vector<std::uint32_t> uplink_line_;  // desks that wait for it in turn, from `line_begin_` on
  std::size_t line_begin_ = 0;
  std::vector<std::uint8_t> in_uplink_line_;  // by desk
  bool uplinks_armed_ = false;
  std::vector<std::uint32_t> exit_of_port_;  // by port; GsePlan::no_exit: leads into the fabric
  std::vector<std::uint32_t> ways_out_;      // GsePlan::borders
  std::size_t nearest_ways_out_ = 0;         // of ways_out_, the first
  PagedIndex queue_index_;                   // by exit * slots + slot
  std::vector<Queue> queues_;                // ever used
  std::vector<std::uint32_t> live_;          // queues
  PagedIndex stream_index_;                  // by (source * ports + out) * slots + slot
  std::vector<Stream> streams_;              // ever used
  std::vector<std::uint32_t> watched_;       // streams with something held or still to come
  std::vector<gse::GrantDesk> desks_;        // by out * slots + slot
  std::vector<std::uint64_t> held_bytes_;    // by desk
  std::vector<Time> desk_armed_;             // by desk
  GseCounters counters_;
};

}  // namespace weft
