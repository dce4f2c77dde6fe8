// The keys of `fabric:`.
#include <utility>

#include "scenario/fabric_defaults.hh"
#include "scenario/fabric_names.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

Section<EcnParameters> ecn_section() {
  using P = EcnParameters;
  Section<P> section("fabric.ecn");
  section.add("enabled", &P::enabled, "Mark packets at all.");
  section.add("kmin", &P::kmin, "Queue depth above which marking begins.")
      .absent("400KB at 100Gbps, scaled with the port's rate")
      .with_uet("0.2 base RTTs at the port's rate, in full packets");
  section.add("kmax", &P::kmax, "Queue depth above which every packet is marked.")
      .absent("1600KB at 100Gbps, scaled with the port's rate")
      .with_uet("0.8 base RTTs");
  section.add("pmax", &P::pmax, "Marking probability at `kmax`.").within(0, 1).with_uet("1");
  section
      .add_choice("at", &P::at, std::vector<std::pair<std::string, EcnAt>>{{"enqueue", EcnAt::enqueue}, {"dequeue", EcnAt::dequeue}},
                  "Whether the depth counts when a packet joins the queue or leaves it.")
      .with_uet("dequeue");
  section.add("last_hop", &P::last_hop, "Mark at the ports towards hosts too.").with_uet("true; false with receiver credit");
  section.add_rule([](const Reader& reader, const Value& mapping, P& ecn) {
    if (!ecn.kmin || !ecn.kmax || *ecn.kmin <= *ecn.kmax) return;
    reader.fail(mapping.find("kmin")->place, "'kmin' of fabric.ecn is above 'kmax'", "marking grows from kmin to kmax");
  });
  return section;
}

Section<PfcParameters> pfc_section() {
  using P = PfcParameters;
  Section<P> section("fabric.pfc");
  section.add("headroom", &P::headroom, "Buffer kept for what is in flight after XOFF, per ingress port and lossless class.")
      .absent("by `headroom_model`");
  section.add_choice(
      "headroom_model", &P::headroom_model,
      std::vector<std::pair<std::string, HeadroomModel>>{{"physical", HeadroomModel::physical}, {"vendor", HeadroomModel::vendor}},
      "physical: (2 * delay + response) * rate / 8 + 2 * MTU, rounded up to 1 KB; vendor: the switch vendors' formula.");
  section.add("response", &P::response, "From the arrival of a pause frame to its effect.")
      .absent("the quanta that IEEE 802.3 allows at the link's rate");
  section.add("xoff", &P::xoff, "Static threshold of an ingress port and class.").absent("dynamic, by `alpha`");
  section.add("hysteresis", &P::hysteresis, "XON is sent this far below the threshold, or when the ingress is empty.");
  section.add("pause_quanta", &P::pause_quanta, "Length of a pause, in units of 512 bit times; refreshed while it lasts.")
      .between(1, 65535);
  return section;
}

Section<CbfcParameters> cbfc_section() {
  using P = CbfcParameters;
  Section<P> section("fabric.cbfc");
  section.add("credits", &P::credits, "Receive buffer of each class on each link of the network, in whole credits.")
      .absent("one bandwidth-delay product and four full frames")
      .between(1'000, 134'000'000);
  section.add("credit_size", &P::credit_size, "Bytes of a credit.").between(32, 4'096);
  section.add("overhead", &P::overhead, "Bytes counted beside each frame's own.").between(0, 127);
  section.add("spacing", &P::spacing, "Between CF_Updates of a link at least.").between(800, 1'000'000);
  section.add("most_spacing", &P::most_spacing, "A CF_Update is repeated once after so much.").between(16'384, 1'048'576);
  section.add("update_timer", &P::update_timer, "Between CC_Updates, while credits are out.").between(1'000'000, ps_per_second / 4);
  return section;
}

Section<LlrParameters> llr_section() {
  using P = LlrParameters;
  const std::vector<std::pair<std::string, LlrFrameAction>> actions{
      {"best-effort", LlrFrameAction::best_effort}, {"block", LlrFrameAction::block}, {"discard", LlrFrameAction::discard}};
  Section<P> section("fabric.llr");
  section.add("enabled", &P::enabled, "On every link of the network, where `links` does not say otherwise.");
  section.add("outstanding_bytes", &P::outstanding_bytes, "Replay buffer of each sender; full, it holds the port back.")
      .absent("rate * (2 * delay + receivers' latencies + spacing) and four full frames")
      .between(20'000, 1'000'000'000);
  section.add("outstanding_frames", &P::outstanding_frames, "Frames in the replay buffer at most.")
      .absent("as many of 64 bytes as it takes")
      .between(2, llr_most_frames);
  section.add("replay_timer", &P::replay_timer, "Without an answer for so long, everything that waits is sent again.")
      .absent("twice the time in which an answer comes");
  section.add("replay_count", &P::replay_count, "Replays by the timer in a row; after them the buffer is flushed and LLR stops.")
      .between(0, 1000);
  section.add_choice("init_action", &P::init_action, actions, "Frames while LLR is being started: unprotected, kept back, or dropped.");
  section.add_choice("flush_action", &P::flush_action, actions, "Frames after a flush.");
  section.add("re_init_on_flush", &P::re_init_on_flush, "Start again after a flush.");
  section.add("spacing", &P::spacing, "Between ordered sets on a link.").between(400, 17'296);
  return section;
}

Section<GseParameters> gse_section() {
  using P = GseParameters;
  using Names = std::vector<std::pair<std::string, ContainerSpray>>;
  Section<P> section("fabric.gse");
  section.add_choice(
      "mode", &P::mode, std::vector<std::pair<std::string, GseMode>>{{"n2n", GseMode::n2n}, {"e2e", GseMode::e2e}},
      "Who schedules: n2n, the edge switches; NICs are as they are. e2e: the NICs, behind `topology.server.pcie`; where that "
      "is not written, PCIe of 512 Gb/s, or 1.28 times the hosts' links, and 200 ns.");
  section.add("container", &P::container, "Length of a packet container.").between(1024, 65536);
  section.add_choice(
      "spray", &P::spray,
      Names{
          {"round-robin", ContainerSpray::round_robin}, {"random", ContainerSpray::random}, {"least-queued", ContainerSpray::least_queued}},
      "How containers are spread over equal ways, by GSPs and all other switches; least-queued: by GSPs, others in turn, so not "
      "where NICs with one wire are the GSPs.");
  section.add("quantum", &P::quantum, "Size of a grant.").absent("one container, at most half the window").between(256, 16'777'216);
  section.add("initial_credit", &P::initial_credit, "What a queue may send before it is granted anything.")
      .absent(
          "what a host's link carries in the fabric's round trip; e2e: at most 65,536 B; with those of all GSPs that send to one port "
          "and the window at most half of what a switch shares of its buffer")
      .between(0, 1'000'000'000);
  section.add("window", &P::window, "Granted and not yet out of the egress port, at most.")
      .absent("2 round trips of the host's link and 4 quanta, at most 3/8 of what a switch shares of its buffer")
      .between(1024, 1'000'000'000);
  section.add("request_step", &P::request_step, "A queue asks again each time it holds so much more.")
      .absent("4 containers")
      .between(256, 1'000'000'000);
  section.add("request_repeat", &P::request_repeat, "A request without an answer is repeated after it.")
      .absent("20us, at least 2 round trips")
      .between(1'000'000, ps_per_second);
  section.add("idle", &P::idle, "An empty queue is released after it.").between(1'000'000, ps_per_second);
  section.add("hole_timeout", &P::hole_timeout, "A container that does not end is passed over after it.")
      .absent("40us, e2e: 400us; at least 2 round trips")
      .between(1'000'000, ps_per_second);
  section.add("credit_age", &P::credit_age, "What was granted and does not come is written off after it.")
      .absent("200us, e2e: 1ms; at least 4 round trips")
      .between(1'000'000, ps_per_second);
  section.add_choice("notice", &P::notice,
                     std::vector<std::pair<std::string, FaultNotice>>{
                         {"block", FaultNotice::block}, {"frame", FaultNotice::frame}, {"none", FaultNotice::none}},
                     "How switches tell each other of a link that changed: 66-bit blocks, frames, or not (`convergence` only).");
  section.add("notice_copies", &P::notice_copies, "Times that who saw it sends the notice.").between(1, 100);
  section.add("notice_repeat", &P::notice_repeat, "Between two of them.").between(100'000, ps_per_second);
  section
      .add("join", &P::join,
           "From a link that comes up to its notice: the control plane finds the device and gives ids; `convergence` may end it sooner.")
      .between(0, 10 * ps_per_second);
  section.add("nic_buffer", &P::nic_buffer, "e2e: what waits in a NIC for one host before that is paused; as much is kept for what comes.")
      .between(20'000, 1'000'000'000);
  return section;
}

// Read first: the other keys start from its defaults.
void add_transport(Section<FabricParameters>& section) {
  Key key;
  key.kind = KeyKind::choice;
  key.fallback = FabricParameters{}.transport;
  key.one_of({"roce", "uet"});
  section.add_custom("transport", std::move(key), "Transport of every host: RoCEv2 reliable connections, or Ultra Ethernet.",
                     [](const Reader& reader, const Key& row, const Value& value, FabricParameters& into) {
                       std::string transport;
                       reader.read(row, value, transport);
                       if (into.profile != Profile::none && transport != "uet") {
                         reader.fail(value.place, "profile 'uec-table' describes Ultra Ethernet, not transport '" + transport + "'",
                                     "drop the profile, or write transport: uet");
                       }
                       into = fabric_defaults(transport, into.profile);
                     });
}

void add_path_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  add_transport(section);
  section
      .add("congestion", &P::congestion,
           "Congestion control; roce: dcqcn or none; uet: nscc (sender window), rccc (receiver credit), both, or none.")
      .as(KeyKind::choice)
      .one_of({"dcqcn", "none", "nscc", "rccc", "nscc+rccc"})
      .with_uet("nscc");
  section.add("dcqcn_set", &P::dcqcn_set, "Parameter set of DCQCN.")
      .as(KeyKind::choice)
      .one_of({"paper", "htsim", "hpcc-default", "hpcc-shipped", "mellanox"});
  section
      .add_choice("load_balancing", &P::load_balancing, load_balancing_names(),
                  "Who chooses among equal paths. Switches: by hash of the 5-tuple (ecmp), packet by packet (spray-..., adaptive), at "
                  "pauses of a flow (flowlet). The senders, with an entropy value in each packet (uet): oblivious to mixed.")
      .with_uet("mixed");
  section.add("flowlet_gap", &P::flowlet_gap, "A pause this long lets a flow take another port (load_balancing: flowlet).")
      .between(1'000, 864'000 * ps_per_second);
  section
      .add_choice("lossless", &P::lossless,
                  std::vector<std::pair<std::string, Lossless>>{{"pfc", Lossless::pfc}, {"cbfc", Lossless::cbfc}, {"none", Lossless::none}},
                  "Priority flow control, credit-based flow control, or tail drop.")
      .with_uet("none");
  section
      .add_choice(
          "recovery", &P::recovery,
          std::vector<std::pair<std::string, Recovery>>{
              {"go-back-n", Recovery::go_back_n}, {"selective", Recovery::selective}, {"sleek", Recovery::sleek}, {"rto", Recovery::rto}},
          "How a sender finds and repeats what was lost; roce: go-back-n or selective; uet: sleek infers losses, rto waits for the "
          "NACK of a trimmed packet or the timeout; with delivery: rod it is go-back-n.")
      .with_uet("rto; sleek with a window (nscc) where nothing is trimmed or paused");
}

void add_uet_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add_choice(
      "delivery", [](P& p) -> Delivery& { return p.uet.delivery; },
      std::vector<std::pair<std::string, Delivery>>{{"rud", Delivery::rud}, {"rod", Delivery::rod}, {"rudi", Delivery::rudi}},
      "uet: reliable delivery in any order, in order, or without state at the target (rudi: each packet is answered by itself; WRITE "
      "only). Unreliable datagrams (UUD) are in the engine alone: a flow is a message of any length, a datagram one packet.");
  section
      .add(
          "paths", [](P& p) -> std::uint32_t& { return p.uet.paths; },
          "uet: entropy values of a connection, a power of two; 1 keeps one path, as rod and choices of the switches need.")
      .between(1, 65536);
  section
      .add(
          "ack_bytes", [](P& p) -> Bytes& { return p.uet.ack_bytes; }, "uet: an ACK is due once so many bytes have come.")
      .between(1, 1'000'000'000);
  section
      .add(
          "least_rto", [](P& p) -> std::optional<Duration>& { return p.uet.least_rto; }, "uet: least retransmission timeout.")
      .absent("15us and 6 times what a full queue takes")
      .between(1'000'000, 60 * ps_per_second);
  section
      .add(
          "base_rtt", [](P& p) -> std::optional<Duration>& { return p.uet.base_rtt; },
          "uet: round trip of the network at rest, from which congestion control, queues and ECN are scaled.")
      .absent("of the longest shortest path: a full packet there, an ACK back")
      .between(1'000, 60 * ps_per_second);
  section
      .add(
          "psn_range", [](P& p) -> std::optional<std::uint32_t>& { return p.uet.psn_range; }, "uet: packets in flight at most (MP_RANGE).")
      .absent("16384, which nothing but losses comes near")
      .between(1, 16384);
  section.add(
      "trimming", [](P& p) -> bool& { return p.uet.trimming; },
      "uet: a switch without room cuts a data packet's payload off and passes the rest on.");
  section
      .add(
          "trimmed_class", [](P& p) -> std::uint8_t& { return p.uet.trimmed_class; }, "uet: priority of trimmed packets.")
      .between(0, 7);
  section
      .add(
          "trim_queue", [](P& p) -> std::optional<Bytes>& { return p.uet.trim_queue; },
          "uet: room of the trimmed packets' class at each egress port; beyond it they are dropped.")
      .absent("twice `queue`")
      .between(64, 1'000'000'000'000);
  section.add_choice(
      "trim_victim", [](P& p) -> TrimVictim& { return p.uet.trim_victim; },
      std::vector<std::pair<std::string, TrimVictim>>{{"arriving", TrimVictim::arriving}, {"either", TrimVictim::either}},
      "uet: a full queue trims the packet that arrives; either: by the toss of a coin that one or the last in the queue.");
}

void add_switch_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add("mtu", &P::mtu, "Payload bytes of a full packet; roce: 256, 512, 1024, 2048 or 4096.").between(256, 8192);
  section.add("buffer", &P::buffer, "Shared buffer of each switch.").between(1'000, 1'000'000'000'000);
  section.add("queue", &P::queue, "Room of the data class at each egress port; it takes the place of `alpha` there.")
      .absent("by `alpha`")
      .with_uet("1 base RTT at the port's rate, in full packets; 5 without trimming")
      .between(64, 1'000'000'000'000);
  Key alpha;
  alpha.kind = KeyKind::fraction;
  alpha.fallback = std::to_string(P{}.alpha_num) + "/" + std::to_string(P{}.alpha_den);
  section.add_custom("alpha", alpha, "Dynamic threshold: a queue may hold alpha times the free shared buffer.",
                     [](const Reader& reader, const Key& key, const Value& value, P& into) {
                       const auto fraction = read_fraction(reader.scalar(key, value));
                       if (!fraction || fraction->numerator == 0) {
                         reader.fail(value.place, "'alpha' must be a fraction above 0, not " + describe(value), "write 1/8 or 0.125");
                       }
                       into.alpha_num = fraction->numerator;
                       into.alpha_den = fraction->denominator;
                     });
  section.add_section("ecn", &P::ecn, ecn_section(), "ECN marking at the egress queues.");
  section.add_section("pfc", &P::pfc, pfc_section(), "Priority flow control; used where `lossless` is pfc.");
  section.add_section("cbfc", &P::cbfc, cbfc_section(), "Credit-based flow control; used where `lossless` is cbfc.");
  section.add("ber", &P::ber, "Bit error rate of the network's links, where `links` does not say otherwise.").within(0, 0.01);
  section.add_section("llr", &P::llr, llr_section(), "Link-level retry.");
  section.add_choice("scheduling", &P::scheduling,
                     std::vector<std::pair<std::string, Scheduling>>{{"none", Scheduling::none}, {"gse", Scheduling::gse}},
                     "gse: the edge switches schedule what enters the fabric by requests and grants, and spray packet containers.");
  section.add_section("gse", &P::gse, gse_section(), "The scheduled fabric; used where `scheduling` is gse.");
}

void add_transport_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add("ack_every", &P::ack_every, "Packets per ACK; the end of a message is always acknowledged.").between(1, 1024);
  section.add("timeout_exponent", &P::timeout_exponent, "Retransmission timeout n: 4.096us * 2^n; 0 switches it off.").between(0, 31);
  section.add("retry_count", &P::retry_count, "Timeouts or sequence errors in a row before a QP fails (7 at most); uet: silent periods.")
      .between(0, 255)
      .with_uet("8");
  section.add("rnr_retry", &P::rnr_retry, "Receiver-not-ready answers in a row before a QP fails; 7 means no limit.").between(0, 7);
  section.add("window", &P::window, "Packets in flight at most; 0: no limit but the PSN space (16384 with selective recovery).")
      .between(0, 1 << 23);
  section.add("data_class", &P::data_class, "Priority of data packets.").between(0, 7);
  section.add("ack_class", &P::ack_class, "Priority of ACKs.").between(0, 7).with_uet("6");
  section.add("notify_class", &P::notify_class, "Priority of CNPs, and of credits (uet).").between(0, 7);
  section.add("dwrr_weight", &P::dwrr_weight, "Weight of each of the 8 priorities in deficit weighted round robin; 0: strict priority.")
      .between(0, 1'000'000);
  section.add("convergence", &P::convergence, "From a link's change to the new routes.");
  section.add("reroute_queued", &P::reroute_queued,
              "Packets queued on a dead port are routed again after `convergence`; otherwise they wait.");
  section.add("detect", &P::detect, "From loss of light to the receiver's knowledge of it.");
  section.add("trigger_latency", &P::trigger_latency, "From a trigger's cause to its effect on another host.")
      .absent("the least link delay");
  section.add("stall", &P::stall, "A run without progress for so long is stuck.").absent("10 times the largest timeout, at least 10ms");
}

}  // namespace

Section<FabricParameters> fabric_section() {
  Section<FabricParameters> section("fabric");
  add_path_keys(section);
  add_uet_keys(section);
  add_switch_keys(section);
  add_transport_keys(section);
  add_fabric_rules(section);
  return section;
}

}  // namespace weft
