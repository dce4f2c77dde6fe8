#include "app/network_lines.hh"

#include <algorithm>
#include <cctype>
#include <compare>
#include <map>
#include <tuple>

#include "app/bisection.hh"
#include "report/decimal.hh"

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
  Rate capacity{};  // of all ports of the group
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
  std::vector<Rate> capacity(spec.nodes.size());
  for (const LinkSpec& link : spec.links) {
    for (const NodeId end : {link.a, link.b}) {
      ++ports[end.index()];
      capacity[end.index()] += link.rate;
    }
  }
  Groups groups;
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    const auto [entry, fresh] = groups.try_emplace({spec.nodes[i].role, spec.nodes[i].tier, stem(spec.nodes[i].name)});
    Group& group = entry->second;
    if (fresh) group = {i, 0, ports[i], ports[i], {}};
    ++group.count;
    group.least_ports = std::min(group.least_ports, ports[i]);
    group.most_ports = std::max(group.most_ports, ports[i]);
    group.capacity += capacity[i];
  }
  return groups;
}

std::string head_of(const TopologySpec& spec, const Group& group) {
  const NodeSpec& first = spec.nodes[group.first];
  const bool one = group.count == 1;
  const std::string count = grouped(group.count);
  if (first.role == NodeRole::nic) return "NICs        " + count + (one ? " NIC" : " NICs");
  if (first.role == NodeRole::scale_up_switch) return "scale-up    " + count + (one ? " switch" : " switches");
  if (first.tier > 0) return "tier " + std::to_string(first.tier) + "      " + count + (one ? " switch" : " switches");
  return group.first < spec.hosts ? "hosts       " + count + (one ? " host" : " hosts")
                                  : "reducers    " + count + (one ? " switch that computes" : " switches that compute");
}

std::string group_line(const TopologySpec& spec, const Group& group) {
  const NodeSpec& first = spec.nodes[group.first];
  std::string line = head_of(spec, group);
  line += " (" + first.name + (group.count > 1 ? ", ..." : "") + "), ";
  line += group.least_ports == group.most_ports ? plural(group.most_ports, "port")
                                                : grouped(group.least_ports) + " to " + plural(group.most_ports, "port");
  line += " each, " + gbps(group.capacity) + " in all";
  if (first.latency.v > 0) line += ", latency " + duration_text(first.latency.v);
  return line;
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

std::vector<std::string> network_lines(const TopologySpec& spec) {
  std::vector<std::string> lines{"network     " + spec.kind + ": " + plural(spec.hosts, "host") + ", " +
                                 plural(spec.nodes.size() - spec.end_points(), "device") + ", " + plural(spec.links.size(), "link")};
  for (const auto& [kind, group] : groups_of(spec)) lines.push_back(group_line(spec, group));
  for (const std::string& line : class_lines(spec)) lines.push_back(line);
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
