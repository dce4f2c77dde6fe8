// What of `fabric:` goes together, and the defaults that follow from other keys. Each combination that makes no sense is
// refused with the reason, at the line of the key that asks for it.
#include <algorithm>
#include <array>

#include "scenario/tables.hh"

namespace weft {
namespace {

using P = FabricParameters;

constexpr std::array uet_keys{"delivery",  "paths",    "ack_bytes",     "least_rto",  "base_rtt",
                              "psn_range", "trimming", "trimmed_class", "trim_queue", "trim_victim"};
constexpr std::array roce_keys{"dcqcn_set", "ack_every", "timeout_exponent", "rnr_retry", "window"};

// The mapping and who can say where in it a key stands.
class FabricCheck {
 public:
  FabricCheck(const Reader& reader, const Value& mapping, const P& fabric) : reader_(reader), mapping_(mapping), fabric_(fabric) {}

  [[nodiscard]] bool written(std::string_view key) const { return mapping_.find(key) != nullptr; }
  [[noreturn]] void refuse(std::string_view key, const std::string& message, const std::string& hint) const {
    const Value* value = mapping_.find(key);
    reader_.fail(value != nullptr ? value->place : mapping_.place, message, hint);
  }
  [[nodiscard]] std::string text(std::string_view key) const {
    const Value* value = mapping_.find(key);
    return value != nullptr ? value->text : std::string();
  }

  void roce() const;
  void uet() const;

 private:
  template <std::size_t N>
  void refuse_keys_of(const std::array<const char*, N>& keys, const std::string& other) const {
    for (const char* key : keys) {
      if (!written(key)) continue;
      refuse(key, "'" + std::string(key) + "' in fabric goes with transport '" + other + "', not '" + fabric_.transport + "'",
             "drop the key, or write transport: " + other);
    }
  }
  void uet_paths() const;
  void uet_delivery() const;
  void uet_packets() const;
  void uet_order() const;
  void uet_trimming() const;

  const Reader& reader_;
  const Value& mapping_;
  const P& fabric_;
};

void FabricCheck::roce() const {
  refuse_keys_of(uet_keys, "uet");
  if (fabric_.congestion != "dcqcn" && fabric_.congestion != "none") {
    refuse("congestion", "congestion '" + fabric_.congestion + "' goes with transport 'uet', not 'roce'", "roce: dcqcn, none");
  }
  if (chosen_by_end_points(fabric_.load_balancing)) {
    refuse("load_balancing",
           "load_balancing '" + text("load_balancing") + "' needs transport uet: a RoCE connection keeps one entropy value",
           "write transport: uet, or ecmp, spray-random, spray-round-robin, spray-least-queued, adaptive or flowlet");
  }
  if (fabric_.recovery == Recovery::sleek || fabric_.recovery == Recovery::rto) {
    refuse("recovery", "recovery '" + text("recovery") + "' goes with transport 'uet', not 'roce'", "roce: go-back-n, selective");
  }
  if (fabric_.retry_count > 7)
    refuse("retry_count", "'retry_count' is " + std::to_string(fabric_.retry_count) + ", which has 3 bits with RoCE", "write 0 to 7");
  for (const std::uint32_t mtu : {256U, 512U, 1024U, 2048U, 4096U}) {
    if (fabric_.mtu == mtu) return;
  }
  refuse("mtu", "'mtu' cannot be '" + std::to_string(fabric_.mtu) + "' with RoCE", "valid: 256, 512, 1024, 2048, 4096");
}

bool has_window(const P& fabric) { return fabric.congestion == "nscc" || fabric.congestion == "nscc+rccc"; }

void FabricCheck::uet_paths() const {
  const std::uint32_t paths = fabric_.uet.paths;
  if ((paths & (paths - 1)) != 0) {
    std::uint32_t below = 1;
    while (below * 2 < paths) below *= 2;
    refuse("paths", "'paths' is " + std::to_string(paths) + ", which is no power of two: entropy values are counted in bits",
           "write " + std::to_string(below) + " or " + std::to_string(below * 2));
  }
  if (written("paths") && paths > 1 && !chosen_by_end_points(fabric_.load_balancing)) {
    refuse("paths", "several 'paths' with load_balancing '" + text("load_balancing") + "': there the switches choose",
           "write load_balancing: oblivious, bitmap, reps or mixed, or drop 'paths'");
  }
}

bool has_credit(const P& fabric) { return fabric.congestion == "rccc" || fabric.congestion == "nscc+rccc"; }

void FabricCheck::uet_delivery() const {
  const bool rod = fabric_.uet.delivery == Delivery::rod, rudi = fabric_.uet.delivery == Delivery::rudi;
  if (fabric_.recovery == Recovery::selective || (fabric_.recovery == Recovery::go_back_n && !rod)) {
    const std::string delivery = written("delivery") ? text("delivery") : "rud";
    refuse("recovery", "recovery '" + text("recovery") + "' does not go with transport 'uet' and delivery '" + delivery + "'",
           "uet: sleek, rto; go-back-n goes with delivery: rod");
  }
  if (rod) uet_order();
  if (rudi) uet_packets();
}

// RUDI: a packet and its response know of no other, nor of the connection.
void FabricCheck::uet_packets() const {
  if (has_credit(fabric_)) {
    refuse("congestion", "congestion '" + fabric_.congestion + "' with delivery 'rudi', whose packets have no field that asks for credit",
           "rudi: nscc, none");
  }
  if (fabric_.recovery == Recovery::sleek) {
    refuse("recovery", "recovery 'sleek' with delivery 'rudi', whose responses do not tell how many packets came out of order",
           "rudi: rto");
  }
}

// ROD keeps the order of packets: one path, everything after a gap sent again.
void FabricCheck::uet_order() const {
  if (fabric_.recovery != Recovery::go_back_n) {
    refuse("recovery", "recovery '" + text("recovery") + "' with delivery 'rod': what arrives after a gap is not kept", "rod: go-back-n");
  }
  if (has_credit(fabric_)) {
    refuse("congestion",
           "congestion '" + fabric_.congestion +
               "' with delivery 'rod' is not defined: credit counts bytes that the target may take in any order, and going back sends "
               "bytes that have spent theirs",
           "rod: nscc, none");
  }
  if (fabric_.uet.paths > 1) {
    refuse("paths", "several 'paths' with delivery 'rod', which needs the packets in order", "write paths: 1, or delivery: rud");
  }
  if (!chosen_by_end_points(fabric_.load_balancing) && fabric_.load_balancing != LoadBalancing::ecmp &&
      fabric_.load_balancing != LoadBalancing::flowlet) {
    refuse("load_balancing", "load_balancing '" + text("load_balancing") + "' reorders the packets that delivery 'rod' needs in order",
           "rod: ecmp, flowlet");
  }
}

// Strict classes are served by priority, before those that share what is left (fabric/class_table.hh).
bool waits_behind_data(const P& fabric, std::uint8_t priority) {
  if (priority == fabric.data_class) return true;
  if (fabric.dwrr_weight[fabric.data_class] != 0) return false;
  return fabric.dwrr_weight[priority] != 0 || priority < fabric.data_class;
}

void FabricCheck::uet_trimming() const {
  if (!fabric_.uet.trimming) {
    for (const char* key : {"trimmed_class", "trim_queue", "trim_victim"}) {
      if (written(key)) refuse(key, "'" + std::string(key) + "' without trimming", "drop it, or write trimming: true");
    }
    return;
  }
  if (fabric_.lossless != Lossless::none) {
    refuse(written("trimming") ? "trimming" : "lossless",
           "trimming in a lossless class: it has room for every packet, so nothing would ever be cut",
           "write lossless: none, or trimming: false");
  }
  if (fabric_.recovery == Recovery::sleek) {
    refuse("recovery", "recovery 'sleek' infers losses that nobody tells of; with trimming the receiver tells of each",
           "write recovery: rto, or trimming: false");
  }
  if (waits_behind_data(fabric_, fabric_.uet.trimmed_class)) {
    refuse(written("trimmed_class") ? "trimmed_class" : "data_class",
           std::string("'trimmed_class' is ") +
               (fabric_.uet.trimmed_class == fabric_.data_class ? "the class of the data" : "served after the data") +
               ": a trimmed packet would wait behind the queue that had no room for it",
           "give trimmed packets a higher class, such as 5, or the data a dwrr_weight");
  }
}

void FabricCheck::uet() const {
  refuse_keys_of(roce_keys, "roce");
  if (fabric_.congestion == "dcqcn")
    refuse("congestion", "congestion 'dcqcn' goes with transport 'roce', not 'uet'", "uet: nscc, rccc, nscc+rccc, none");
  if (fabric_.recovery == Recovery::sleek && !has_window(fabric_)) {
    refuse("recovery", "recovery 'sleek' infers losses from NSCC's window, which congestion '" + fabric_.congestion + "' does not have",
           "write recovery: rto, or congestion: nscc");
  }
  uet_paths();
  uet_delivery();
  uet_trimming();
}

// Defaults that depend on keys written beside them.
void follow(const FabricCheck& check, P& fabric) {
  if (fabric.transport != "uet") return;
  const bool rod = fabric.uet.delivery == Delivery::rod;
  const bool paused = fabric.lossless != Lossless::none;
  if (!check.written("trimming") && paused) fabric.uet.trimming = false;
  if (!check.written("recovery")) {
    if (rod)
      fabric.recovery = Recovery::go_back_n;
    else if (fabric.uet.delivery == Delivery::rud && !fabric.uet.trimming && !paused && has_window(fabric))
      fabric.recovery = Recovery::sleek;
  }
  if (!check.written("paths") && (rod || !chosen_by_end_points(fabric.load_balancing))) fabric.uet.paths = 1;
}

void follow_ecn(const Value& mapping, P& fabric) {
  const Value* ecn = mapping.find("ecn");
  if (has_credit(fabric) && (ecn == nullptr || ecn->find("last_hop") == nullptr)) fabric.ecn.last_hop = false;
}

}  // namespace

void add_fabric_rules(Section<FabricParameters>& section) {
  section.add_rule([](const Reader& reader, const Value& mapping, P& fabric) {
    const FabricCheck check(reader, mapping, fabric);
    follow(check, fabric);
    follow_ecn(mapping, fabric);
    if (fabric.transport == "uet")
      check.uet();
    else
      check.roce();
    if (fabric.scheduling == Scheduling::gse && fabric.transport != "roce") {
      check.refuse("scheduling",
                   "scheduling 'gse' with transport '" + fabric.transport + "': its senders choose paths that a scheduled fabric chooses",
                   "write transport: roce");
    }
    if (fabric.scheduling == Scheduling::gse && check.written("load_balancing")) {
      check.refuse("load_balancing", "'load_balancing' with scheduling 'gse', where containers are sprayed over the paths",
                   "drop it, or write gse: { spray: random }");
    }
    if (fabric.scheduling == Scheduling::gse && fabric.lossless == Lossless::cbfc &&
        fabric.notify_class <= std::max(fabric.data_class, fabric.ack_class)) {
      check.refuse(check.written("notify_class") ? "notify_class" : "lossless",
                   "scheduling 'gse' with lossless 'cbfc' sends requests and grants without credits, in the highest class, which is one "
                   "with credits here",
                   "give notify_class a priority above data_class and ack_class");
    }
    if (fabric.scheduling == Scheduling::none && check.written("gse")) {
      check.refuse("gse", "'gse' without a scheduled fabric", "write scheduling: gse, or drop it");
    }
    if (const Value* gse = mapping.find("gse"); gse != nullptr && gse->find("nic_buffer") != nullptr && fabric.gse.mode == GseMode::n2n) {
      check.refuse("gse", "'nic_buffer' in fabric.gse with mode 'n2n', where NICs are as they are", "drop it, or write mode: e2e");
    }
    if (check.written("cbfc") && fabric.lossless != Lossless::cbfc) {
      check.refuse("cbfc", "'cbfc' in fabric without lossless: cbfc", "write lossless: cbfc, or drop the key");
    }
    if (check.written("pfc") && fabric.lossless != Lossless::pfc) {
      const std::string lossless = fabric.lossless == Lossless::cbfc ? "cbfc" : "none";
      check.refuse("pfc", "'pfc' in fabric with lossless: " + lossless + ", which pauses nothing", "drop the key, or write lossless: pfc");
    }
    if (fabric.queue && fabric.lossless != Lossless::none) {
      check.refuse("queue", "'queue' in a lossless class: a private limit would drop what is promised to be kept",
                   "write lossless: none, or limit the buffer with pfc.xoff or cbfc.credits");
    }
  });
}

}  // namespace weft
