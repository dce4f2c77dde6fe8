// Results: everything a run leaves behind, as data. The simulator fills it; report/ writes it to files and pages.
// Integers where the simulator decides, doubles only in figures for people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hh"
#include "base/units.hh"
#include "workload/flow.hh"

namespace weft {

enum class RunStatus : std::uint8_t { done, stuck, interrupted };
enum class FlowStatus : std::uint8_t { pending, running, completed, failed };

struct FlowResult {
  FlowSpec spec;
  FlowStatus status = FlowStatus::pending;
  std::string error;  // the transport's own words when failed
  Time start = Time::never();
  Time sender_done = Time::never();    // last acknowledgement at the sender
  Time receiver_done = Time::never();  // last byte at the receiver
  Bytes delivered{};                   // payload bytes that reached the receiver for the first time; needed when not completed
  Duration ideal{};                    // completion time (to the last acknowledgement) on an idle network
  std::uint64_t packets = 0;           // data packets sent, first time
  std::uint64_t retransmissions = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t naks = 0;
  std::uint64_t cnps = 0;        // CNPs received by the flow's data sender
  std::uint64_t ecn_marked = 0;  // marked packets seen by the receiver
  bool warm = true;              // started after `warmup`: enters the statistics
};

// What a link layer did for what an egress port sent; or in sum.
struct LinkLayerResult {
  bool llr = false;                               // ran on this direction
  std::uint64_t replays = 0, replayed = 0;        // replays begun; frames sent again
  std::uint64_t nacks = 0, timeouts = 0;          // NACKs received; replays by the timer
  std::uint64_t flushed = 0, drops_init = 0;      // frames given up; frames dropped while LLR was not running
  std::uint64_t ordered_sets = 0, sets_lost = 0;  // sent by this port; of them, lost
  bool cbfc = false;
  std::uint64_t credit_updates = 0, credits_healed = 0;  // CC_Updates sent by this port; credits of lost packets that came back to it
  Duration credit_blocked{};                             // time without credits for a full frame, of any class
  void add(const LinkLayerResult& other) {
    llr = llr || other.llr, cbfc = cbfc || other.cbfc;
    credit_updates += other.credit_updates, credits_healed += other.credits_healed, credit_blocked += other.credit_blocked;
    replays += other.replays, replayed += other.replayed, nacks += other.nacks, timeouts += other.timeouts;
    flushed += other.flushed, drops_init += other.drops_init;
    ordered_sets += other.ordered_sets, sets_lost += other.sets_lost;
  }
};

// One direction of a link, that is one egress port.
struct PortResult {
  std::string from, to;
  Rate rate{};
  std::uint64_t packets = 0;       // frames put on the wire, all kinds
  std::uint64_t bytes = 0;         // their bytes on the wire
  std::uint64_t drops_buffer = 0;  // no room: tail drop, or headroom exceeded
  std::uint64_t drops_loss = 0;    // random loss
  std::uint64_t drops_down = 0;    // the link was down
  std::uint64_t trims = 0;         // packets cut because the port had no room for them
  std::uint64_t ecn_marks = 0;
  std::uint64_t pauses_sent = 0;  // XOFF frames sent out of this port
  std::uint64_t pauses_received = 0;
  Duration paused{};                  // time during which some class of the port was paused
  std::uint64_t corrupted = 0;        // frames of this direction hit by bit errors
  std::uint64_t drops_corrupted = 0;  // of them, lost for good
  LinkLayerResult link{};
  Bytes max_queue{};
  double utilisation = 0;  // busy time / simulated time
};

struct TraceSeries {
  std::string name;      // "flow 17", "leaf0>spine3"
  std::string unit;      // "Gb/s", "packets", "bytes"
  std::string what;      // "rate", "window", "queue"
  std::vector<Time> at;  // start of each bin that has a value
  std::vector<double> value;
};

// Who waits for whom, when a run is stuck or a cyclic wait was seen.
struct WaitEdge {
  std::string waiter, waits_for, reason;
};

// One collective. Bandwidths are 0 while it is not over, and where it moves nothing.
struct CollectiveResult {
  std::uint16_t workload = 0;    // index in Scenario::workloads
  std::uint32_t repetition = 0;  // its position among the collectives of the entry
  std::string label{}, operation{}, algorithm{};
  std::string why{};  // of the algorithm, where `auto` picked it
  std::uint32_t ranks = 0;
  Bytes bytes{};
  Bytes simulated{};           // less than `bytes`: the rest took as long as that part's pace says
  Time start = Time::never();  // its first rank began
  Time ready = Time::never();  // its last rank began
  Time end = Time::never();    // its last result is there
  Rate algbw{}, busbw{};       // as NCCL defines them, over end - ready
};

// Something that a rank of a job did.
struct JobSpanResult {
  std::uint32_t rank = 0;
  std::uint32_t label = 0;  // position in JobResult::labels
  SpanKind kind = SpanKind::compute;
  Time start = Time::never(), end = Time::never();
};

// One job. iteration_ends: by iteration, when its last rank ended it; never(): it did not.
struct JobResult {
  std::uint16_t workload = 0;
  std::string name{};
  std::vector<std::uint32_t> hosts{};  // by rank
  std::vector<std::string> labels{};
  Time start{};
  std::vector<Time> iteration_ends{};
  // Of one iteration, the mean of those that ended; computing is the mean of the ranks. What is not computing is communication
  // that is not hidden, and waiting for other ranks.
  Duration iteration{}, compute{};
  [[nodiscard]] Duration exposed_communication() const { return iteration - compute; }
  std::vector<std::string> scaled{};  // what was not simulated in full
  std::vector<JobSpanResult> spans{};
};

// How busy the links of one tier were: the share of what they could carry, by bin.
struct TierLoad {
  std::string name{};
  std::uint32_t ports = 0;
  Duration interval{};
  std::vector<double> share{};
};

// What an instant at which links changed did to the run; sim/fault_watch.hh has the rules.
struct FaultResult {
  Time at{};
  bool up = false;                                               // links came back
  std::vector<std::string> links{};                              // that changed; "a>b": one direction
  Time first_heard = Time::never(), last_heard = Time::never();  // when the first and the last switch acted on it
  std::uint64_t lost = 0;                                        // packets, on those links
  Time last_lost{};                                              // sent; 0: none
  Time recovered = Time::never();                                // goodput was steady again; never: not told
  Bytes missing{};                                               // payload not delivered until then
};

struct Counters {
  std::uint64_t packet_hops = 0;  // first deliveries of data packets times the links of their path
  std::uint64_t other_hops = 0;   // ACKs, control, retransmissions
  std::uint64_t drops = 0;
  std::uint64_t drops_buffer = 0, drops_loss = 0, drops_down = 0, drops_no_route = 0, drops_corrupted = 0;
  std::uint64_t drops_order = 0;  // too late, or too far ahead, for the order that a scheduled fabric keeps
  std::uint64_t corrupted = 0;    // frames hit by bit errors
  LinkLayerResult link{};
  std::uint64_t trims = 0;
  std::uint64_t ecn_marks = 0;
  std::uint64_t pauses = 0;  // XOFF frames that changed a class from running to paused; refreshes not counted
  std::uint64_t retransmissions = 0;
};

// What a protocol of the fabric counts beside those, in the order in which it is shown.
struct NamedCount {
  std::string name{};
  std::uint64_t count = 0;
};

struct Results {
  RunStatus status = RunStatus::done;
  std::string status_reason;  // why stuck or interrupted, in one sentence
  std::vector<std::string> warnings;
  std::optional<std::uint64_t> out_of_order{};  // packets that came to hosts behind later ones of their connection, where it was watched
  std::vector<std::string> notes;               // what was modelled and what was not
  Time simulated_time{};                        // the last completion
  double setup_s = 0, run_s = 0;
  std::uint64_t peak_rss_bytes = 0;
  unsigned threads = 1;
  std::uint64_t state_hash = 0;
  Counters counters;
  std::vector<NamedCount> gse;  // of a scheduled fabric, over all its GSPs
  std::vector<FlowResult> flows;
  std::vector<PortResult> ports;
  std::vector<TraceSeries> traces;
  std::vector<WaitEdge> waits;
  std::vector<CollectiveResult> collectives;
  std::vector<JobResult> jobs;
  std::vector<TierLoad> loads;      // of runs with collectives
  std::vector<FaultResult> faults;  // links that changed after the start
};

}  // namespace weft
