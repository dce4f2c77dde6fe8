// The keys of `fabric:`.
#include "scenario/nearest.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

Section<EcnParameters> ecn_section() {
  using P = EcnParameters;
  Section<P> section("fabric.ecn");
  section.add("enabled", &P::enabled, "Mark packets at all.");
  section.add("kmin", &P::kmin, "Queue depth above which marking begins.").absent("400KB at 100Gbps, scaled with the port's rate");
  section.add("kmax", &P::kmax, "Queue depth above which every packet is marked.").absent("1600KB at 100Gbps, scaled with the port's rate");
  section.add("pmax", &P::pmax, "Marking probability at `kmax`.").within(0, 1);
  section.add_choice("at", &P::at, std::vector<std::pair<std::string, EcnAt>>{{"enqueue", EcnAt::enqueue}, {"dequeue", EcnAt::dequeue}},
                     "Whether the depth counts when a packet joins the queue or leaves it.");
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

void add_path_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add("transport", &P::transport, "Transport of every host.").as(KeyKind::choice).one_of({"roce"});
  section.add("congestion", &P::congestion, "Congestion control of the senders.").as(KeyKind::choice).one_of({"dcqcn", "none"});
  section.add("dcqcn_set", &P::dcqcn_set, "Parameter set of DCQCN.")
      .as(KeyKind::choice)
      .one_of({"paper", "htsim", "hpcc-default", "hpcc-shipped", "mellanox"});
  section.add_choice("load_balancing", &P::load_balancing,
                     std::vector<std::pair<std::string, LoadBalancing>>{{"ecmp", LoadBalancing::ecmp},
                                                                        {"spray-random", LoadBalancing::spray_random},
                                                                        {"spray-round-robin", LoadBalancing::spray_round_robin},
                                                                        {"spray-least-queued", LoadBalancing::spray_least_queued}},
                     "How a switch chooses among equal paths: by hash of the 5-tuple, or packet by packet.");
  section.add_choice("lossless", &P::lossless,
                     std::vector<std::pair<std::string, Lossless>>{{"pfc", Lossless::pfc}, {"none", Lossless::none}},
                     "Priority flow control, or tail drop.");
  section.add_choice("recovery", &P::recovery,
                     std::vector<std::pair<std::string, Recovery>>{{"go-back-n", Recovery::go_back_n}, {"selective", Recovery::selective}},
                     "What a sender repeats after a loss.");
}

void add_switch_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add("mtu", &P::mtu, "Payload bytes of a full packet.").one_of({"256", "512", "1024", "2048", "4096"});
  section.add("buffer", &P::buffer, "Shared buffer of each switch.").between(1'000, 1'000'000'000'000);
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
}

void add_transport_keys(Section<FabricParameters>& section) {
  using P = FabricParameters;
  section.add("ack_every", &P::ack_every, "Packets per ACK; the end of a message is always acknowledged.").between(1, 1024);
  section.add("timeout_exponent", &P::timeout_exponent, "Retransmission timeout n: 4.096us * 2^n; 0 switches it off.").between(0, 31);
  section.add("retry_count", &P::retry_count, "Timeouts or sequence errors in a row before a QP fails.").between(0, 7);
  section.add("rnr_retry", &P::rnr_retry, "Receiver-not-ready answers in a row before a QP fails; 7 means no limit.").between(0, 7);
  section.add("window", &P::window, "Packets in flight at most; 0: no limit but the PSN space (16384 with selective recovery).")
      .between(0, 1 << 23);
  section.add("data_class", &P::data_class, "Priority of data packets.").between(0, 7);
  section.add("ack_class", &P::ack_class, "Priority of ACKs.").between(0, 7);
  section.add("notify_class", &P::notify_class, "Priority of CNPs.").between(0, 7);
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
  add_switch_keys(section);
  add_transport_keys(section);
  return section;
}

}  // namespace weft
