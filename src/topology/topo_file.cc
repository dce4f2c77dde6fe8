#include <cctype>
#include <optional>
#include <set>

#include "base/error.hh"
#include "base/parse.hh"
#include "topology/bounds.hh"
#include "topology/topo_file.hh"

namespace weft {
namespace {

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

class TopoParser {
 public:
  TopoParser(std::string_view text, const std::string& name) : lines_(text), name_(name) {}

  TopoFile parse() {
    std::string_view line;
    while (lines_.next(line)) {
      Words words(line);
      const std::string_view first = words.next();
      if (first.empty() || first.front() == '#') continue;
      const std::string_view value = words.next();
      if (!words.next().empty()) fail("a line is a key and one value, but this has more: " + std::string(line.substr(0, 80)));
      take(lower(first), first, value);
    }
    finish();
    return file_;
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string hint = {}, int line = -1) const {
    throw InputError(place(name_, line < 0 ? lines_.number() : line), message, std::move(hint));
  }

  std::int64_t number(std::string_view key, std::string_view word, std::int64_t least, std::int64_t most) const {
    const auto value = parse_unsigned<std::int64_t>(word);
    if (!value || *value < least || *value > most) {
      fail(std::string(key) + " needs a number from " + std::to_string(least) + " to " + std::to_string(most) + ", not '" +
           std::string(word.substr(0, 40)) + "'");
    }
    return *value;
  }
  std::uint32_t count(std::string_view key, std::string_view word) const {
    return static_cast<std::uint32_t>(number(key, word, 1, max_hosts));
  }
  std::int64_t scaled(std::string_view key, std::string_view word, int digits, std::int64_t least, std::int64_t most) const {
    const auto value = parse_scaled(word, digits);
    if (!value || *value < least || *value > most) {
      fail(std::string(key) + " has no usable value: '" + std::string(word.substr(0, 40)) + "'");
    }
    return *value;
  }

  void take(const std::string& key, std::string_view spelt, std::string_view value) {
    if (key == "tier") {
      current_ = static_cast<int>(number(spelt, value, 0, 2));
    } else if (current_ < 0) {
      take_header(key, spelt, value);
      return;
    }
    if (!seen_.insert({current_, key}).second) fail(std::string(spelt) + " is given twice for tier " + std::to_string(current_));
    TopoTier& tier = file_.tier[static_cast<std::size_t>(current_)];
    if (key == "tier")
      tier.line = lines_.number();
    else
      take_tier(tier, key, spelt, value);
  }

  void take_header(const std::string& key, std::string_view spelt, std::string_view value) {
    if (!seen_.insert({-1, key}).second) fail(std::string(spelt) + " is given twice");
    if (key == "nodes") {
      file_.nodes = count(spelt, value);
      file_.nodes_line = lines_.number();
    } else if (key == "tiers") {
      file_.tiers = static_cast<std::uint32_t>(number(spelt, value, 2, 3));
      file_.tiers_line = lines_.number();
    } else if (key == "podsize") {
      file_.pod_size = count(spelt, value);
      file_.pod_line = lines_.number();
    } else {
      fail("unknown key " + std::string(spelt.substr(0, 40)) + " before the first tier", "known: Nodes, Tiers, Podsize, then Tier 0");
    }
  }

  void take_tier(TopoTier& tier, const std::string& key, std::string_view spelt, std::string_view value) {
    if (key == "downlink_speed_gbps") {
      tier.rate = {scaled(spelt, value, 9, least_rate.v, largest_rate.v)};
    } else if (key == "downlink_latency_ns") {
      tier.delay = {scaled(spelt, value, 3, 1, largest_delay.v)};
    } else if (key == "switch_latency_ns") {
      tier.switch_latency = {scaled(spelt, value, 3, 0, largest_delay.v)};
    } else if (key == "radix_down") {
      tier.radix_down = count(spelt, value);
    } else if (key == "radix_up") {
      tier.radix_up = count(spelt, value);
    } else if (key == "oversubscribed") {
      tier.oversubscribed = count(spelt, value);
    } else if (key == "bundle") {
      tier.bundle = count(spelt, value);
    } else if (key == "queue_up" || key == "queue_down") {
      number(spelt, value, 0, std::int64_t{1} << 40);
    } else {
      fail("unknown key " + std::string(spelt.substr(0, 40)),
           "known: Tier, Downlink_speed_Gbps, Radix_Down, Radix_Up, Downlink_Latency_ns, Switch_Latency_ns, Oversubscribed, Bundle, "
           "Queue_Up, Queue_Down");
    }
  }

  void require(const char* key, bool given, int tier, int line) const {
    const std::string of = tier < 0 ? "" : " of tier " + std::to_string(tier);
    if (!given) fail(std::string(key) + of + " is missing", "add a line `" + std::string(key) + " ...`", line);
  }

  void finish() const {
    require("Nodes", file_.nodes != 0, -1, lines_.number());
    require("Tiers", file_.tiers != 0, -1, lines_.number());
    require("Podsize", file_.pod_size != 0, -1, lines_.number());
    for (std::uint32_t t = file_.tiers; t < 3; ++t) {
      const int line = file_.tier[t].line;
      if (line != 0) fail("Tier " + std::to_string(t) + " is described, but Tiers is " + std::to_string(file_.tiers), {}, line);
    }
    for (std::uint32_t t = 0; t < file_.tiers; ++t) finish_tier(t);
  }

  void finish_tier(std::uint32_t t) const {
    const TopoTier& tier = file_.tier[t];
    const int shown = static_cast<int>(t);
    require("Tier", tier.line != 0, shown, lines_.number());
    require("Downlink_speed_Gbps", tier.rate.v != 0, shown, tier.line);
    require("Downlink_Latency_ns", tier.delay.v != 0, shown, tier.line);
    require("Radix_Down", tier.radix_down != 0, shown, tier.line);
    const bool top = t + 1 == file_.tiers;
    if (!top) require("Radix_Up", tier.radix_up != 0, shown, tier.line);
    if (top && tier.radix_up != 0) fail("Radix_Up is given for the top tier, which has no uplinks", {}, tier.line);
    if (t == 0 && tier.bundle != 1) fail("Bundle of tier 0 must be 1: a host has one link", {}, tier.line);
  }

  Lines lines_;
  const std::string& name_;
  TopoFile file_;
  int current_ = -1;
  std::set<std::pair<int, std::string>> seen_;
};

}  // namespace

TopoFile parse_topo(std::string_view text, const std::string& name) { return TopoParser(text, name).parse(); }

}  // namespace weft
