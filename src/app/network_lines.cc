#include "app/network_lines.hh"

#include <algorithm>
#include <cctype>
#include <compare>
#include <map>
#include <tuple>

#include "app/bisection.hh"
#include "report/decimal.hh"
#include "topology/cabling.hh"

namespace weft {
namespace {

// "leaf" of "leaf17"; names without a number are of one kind.
std::string stem(const std::string& name) {
  std::size_t end = name.size();
  while (end > 0 && std::isdigit(static_cast<unsigned char>(name[end - 1])) != 0) --end;
  return end == name.size() ? std::string{} : name.substr(0, end);
}

std::string gbps(Rate rate) { return rate_text(static_cast<double>(rate.v) / 1e9); }

struct Group {
  std::size_t first = 0, count = 0, least_ports = 0, most_ports = 0;
  Rate capacity{};        // of all ports of the group
  Rate below{}, above{};  // towards lower and higher tiers
};

// Of all hosts come first, then the switches of the network by tier, then what is inside servers.
struct Place {
  NodeRole role = NodeRole::plain;
  int tier = 0;
  std::string stem;
  friend auto operator<=>(const Place&, const Place&) = default;
};

using Groups = std::map<Place, Group>;

Groups groups_of(const TopologySpec& spec) {
  std::vector<std::size_t> ports(spec.nodes.size(), 0);
  std::vector<Rate> capacity(spec.nodes.size()), below(spec.nodes.size()), above(spec.nodes.size());
  for (const LinkSpec& link : spec.links) {
    for (const auto& [end, other] : {std::pair{link.a, link.b}, {link.b, link.a}}) {
      ++ports[end.index()];
      capacity[end.index()] += link.rate;
      if (link.role != LinkRole::network) continue;
      const int here = spec.nodes[end.index()].tier, there = spec.nodes[other.index()].tier;
      if (there < here) below[end.index()] += link.rate;
      if (there > here) above[end.index()] += link.rate;
    }
  }
  Groups groups;
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    const auto [entry, fresh] = groups.try_emplace({spec.nodes[i].role, spec.nodes[i].tier, stem(spec.nodes[i].name)});
    Group& group = entry->second;
    if (fresh) group = {i, 0, ports[i], ports[i], {}, {}, {}};
    ++group.count;
    group.least_ports = std::min(group.least_ports, ports[i]);
    group.most_ports = std::max(group.most_ports, ports[i]);
    group.capacity += capacity[i];
    group.below += below[i];
    group.above += above[i];
  }
  return groups;
}

const char* place_word(SwitchPlace place) {
  switch (place) {
    case SwitchPlace::none: return " ";
    case SwitchPlace::inner: return " inner ";
    case SwitchPlace::edge: return " edge ";
    case SwitchPlace::border: return " border ";
    case SwitchPlace::core: return " core ";
  }
  return " ";
}

std::string head_of(const TopologySpec& spec, const Group& group) {
  const NodeSpec& first = spec.nodes[group.first];
  const bool one = group.count == 1;
  const std::string count = grouped(group.count);
  if (first.role == NodeRole::nic) return "NICs        " + count + (one ? " NIC" : " NICs");
  if (first.role == NodeRole::scale_up_switch) return "scale-up    " + count + (one ? " switch" : " switches");
  if (first.tier > 0)
    return "tier " + std::to_string(first.tier) + "      " + count + place_word(first.place) + (one ? "switch" : "switches");
  return group.first < spec.hosts ? "hosts       " + count + (one ? " host" : " hosts")
                                  : "reducers    " + count + (one ? " switch that computes" : " switches that compute");
}

// "1:1", "7.11:1": capacity below to capacity above.
std::string ratio(const Group& group) {
  return figure_text(static_cast<double>(group.below.v) / static_cast<double>(group.above.v)) + ":1";
}

// At 5 us/km, as lengths are read.
std::string length_text(Duration delay) { return figure_text(static_cast<double>(delay.v) / 5'000) + " m"; }

std::string group_line(const TopologySpec& spec, const Group& group) {
  const NodeSpec& first = spec.nodes[group.first];
  std::string line = head_of(spec, group);
  line += " (" + first.name + (group.count > 1 ? ", ..." : "") + "), ";
  line += group.least_ports == group.most_ports ? plural(group.most_ports, "port")
                                                : grouped(group.least_ports) + " to " + plural(group.most_ports, "port");
  line += " each, " + gbps(group.capacity) + " in all";
  if (group.below.v > 0 && group.above.v > 0)
    line += ", " + gbps(group.below) + " down and " + gbps(group.above) + " up (" + ratio(group) + ')';
  if (first.latency.v > 0) line += ", latency " + duration_text(first.latency.v);
  return line;
}

std::vector<std::string> cabling_lines(const TopologySpec& spec, Duration copper) {
  const Cabling cabling = cabling_of(spec, copper);
  if (cabling.copper + cabling.optical == 0) return {};
  std::vector<std::string> lines{"cables      " + grouped(cabling.copper) + " copper (up to " + length_text(copper) + "), " +
                                 grouped(cabling.optical) + " optical"};
  for (const auto& [rate, count] : cabling.transceivers) {
    lines.push_back("optics      " + plural(count, "transceiver") + " of " + gbps(rate) + ", one at each end of an optical link");
  }
  return lines;
}

std::string where(LinkRole role, int low, int high) {
  if (role == LinkRole::scale_up) return " of scale-up networks";
  if (role == LinkRole::pcie) return " of PCIe";
  if (role == LinkRole::internal) return " inside switches that compute";
  return " between tiers " + std::to_string(low) + " and " + std::to_string(high);
}

std::vector<std::string> class_lines(const TopologySpec& spec) {
  std::map<std::tuple<LinkRole, int, int, std::int64_t, std::int64_t>, std::size_t> classes;
  for (const LinkSpec& link : spec.links) {
    const int a = spec.nodes[link.a.index()].tier, b = spec.nodes[link.b.index()].tier;
    ++classes[{link.role, std::min(a, b), std::max(a, b), link.rate.v, link.delay.v}];
  }
  std::vector<std::string> lines;
  for (const auto& [kind, count] : classes) {
    const auto& [role, low, high, rate, delay] = kind;
    lines.push_back("links       " + plural(count, "link") + where(role, low, high) + ", " + gbps(Rate{rate}) + ", " +
                    duration_text(delay));
  }
  return lines;
}

}  // namespace

std::vector<std::string> network_lines(const TopologySpec& spec, Duration copper) {
  std::vector<std::string> lines{"network     " + spec.kind + ": " + plural(spec.hosts, "host") + ", " +
                                 plural(spec.nodes.size() - spec.end_points(), "device") + ", " + plural(spec.links.size(), "link")};
  for (const auto& [kind, group] : groups_of(spec)) lines.push_back(group_line(spec, group));
  for (const std::string& line : class_lines(spec)) lines.push_back(line);
  for (const std::string& line : cabling_lines(spec, copper)) lines.push_back(line);
  if (spec.hosts < 2) return lines;
  Rate hosts{};
  for (const LinkSpec& link : spec.links) {
    for (const NodeId end : {link.a, link.b}) {
      if (end.v < spec.hosts / 2 && link.role != LinkRole::scale_up) hosts += link.rate;
    }
  }
  const Rate across = bisection_bandwidth(spec);
  lines.push_back("bisection   " + gbps(across) + " from the first half of the hosts to the second (" +
                  figure_text(hosts.v == 0 ? 0 : 100.0 * static_cast<double>(across.v) / static_cast<double>(hosts.v)) +
                  " % of their links)");
  return lines;
}

std::vector<std::string> link_lines(const TopologySpec& spec) {
  std::vector<std::string> lines;
  lines.reserve(spec.links.size());
  for (const LinkSpec& link : spec.links) {
    lines.push_back(spec.nodes[link.a.index()].name + "-" + spec.nodes[link.b.index()].name + "  " + gbps(link.rate) + "  " +
                    duration_text(link.delay.v));
  }
  return lines;
}

}  // namespace weft
