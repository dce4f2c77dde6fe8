#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "report/page_data.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t bins = 10;             // of a histogram of utilisation
constexpr std::size_t tiers_limit = 6;       // kinds of link, the largest first
constexpr std::size_t heat_side_limit = 64;  // nodes along one side of a heat map

// "leaf12" is a leaf: what is left of a name without its digits is the kind of the node.
std::string kind_of(const std::string& name) {
  std::string kind;
  for (const char c : name) {
    if (c < '0' || c > '9') kind += c;
  }
  return kind.empty() ? "node" : kind;
}

struct Tier {
  std::string name;
  bool of_hosts = false;
  std::vector<std::size_t> ports;
};

// Kinds of link in the order of their first port: the same for equal results.
std::vector<Tier> tiers_of(const Results& results) {
  std::vector<Tier> tiers;
  std::map<std::pair<std::string, std::string>, std::size_t> known;
  for (std::size_t i = 0; i < results.ports.size(); ++i) {
    const std::string from = kind_of(results.ports[i].from), to = kind_of(results.ports[i].to);
    const auto [at, is_new] = known.try_emplace({from, to}, tiers.size());
    if (is_new) tiers.push_back({from + " to " + to, from == "host" || to == "host", {}});
    tiers[at->second].ports.push_back(i);
  }
  std::stable_sort(tiers.begin(), tiers.end(), [](const Tier& a, const Tier& b) { return a.ports.size() > b.ports.size(); });
  if (tiers.size() > tiers_limit) tiers.resize(tiers_limit);
  return tiers;
}

double share_of(const PortResult& port) { return std::isfinite(port.utilisation) ? std::clamp(port.utilisation, 0.0, 1.0) : 0.0; }

Json tier_object(const Tier& tier, const Results& results) {
  std::vector<std::size_t> histogram(bins, 0);
  double sum = 0, most = 0;
  for (const std::size_t port : tier.ports) {
    const double share = share_of(results.ports[port]);
    ++histogram[std::min(bins - 1, static_cast<std::size_t>(share * static_cast<double>(bins)))];
    sum += share;
    most = std::max(most, share);
  }
  return {{"name", tier.name},
          {"ports", tier.ports.size()},
          {"mean", sum / static_cast<double>(tier.ports.size())},
          {"max", most},
          {"histogram", histogram}};
}

// Rows send, columns receive, both in order of appearance. Parallel links of a pair: the busiest counts.
Json heat_map(const Tier& tier, const Results& results) {
  std::vector<std::string> rows, columns;
  std::map<std::string, std::size_t> row_of, column_of;
  std::map<std::pair<std::size_t, std::size_t>, double> cells;
  for (const std::size_t i : tier.ports) {
    const PortResult& port = results.ports[i];
    const auto [row, new_row] = row_of.try_emplace(port.from, rows.size());
    if (new_row) rows.push_back(port.from);
    const auto [column, new_column] = column_of.try_emplace(port.to, columns.size());
    if (new_column) columns.push_back(port.to);
    if (rows.size() > heat_side_limit || columns.size() > heat_side_limit) return nullptr;
    double& cell = cells[{row->second, column->second}];
    cell = std::max(cell, share_of(port));
  }
  if (cells.size() < 4) return nullptr;
  Json list = Json::array();
  for (const auto& [place, share] : cells) list.push_back({place.second, place.first, std::round(share * 1e4) / 1e4});
  return {{"name", tier.name}, {"rows", rows}, {"columns", columns}, {"cells", list}};
}

Json port_row(const PortResult& port) {
  return {{"from", port.from},
          {"to", port.to},
          {"rate_gbps", static_cast<double>(port.rate.v) / 1e9},
          {"utilisation", share_of(port)},
          {"bytes", port.bytes},
          {"max_queue_bytes", port.max_queue.v},
          {"ecn_marks", port.ecn_marks},
          {"paused_us", static_cast<double>(port.paused.v) / 1e6},
          {"pauses_sent", port.pauses_sent},
          {"drops", port.drops_buffer + port.drops_loss + port.drops_down + port.drops_corrupted}};
}

// The `limit` ports with the largest key above 0 (or any, when `zeros`), equal ones in port order.
template <class Key>
Json ranking(const Results& results, std::size_t limit, bool zeros, const Key& key) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < results.ports.size(); ++i) {
    if (zeros || key(results.ports[i]) > 0) order.push_back(i);
  }
  const auto shown = static_cast<std::ptrdiff_t>(std::min(limit, order.size()));
  std::partial_sort(order.begin(), order.begin() + shown, order.end(), [&](std::size_t a, std::size_t b) {
    const auto left = key(results.ports[a]), right = key(results.ports[b]);
    return left != right ? left > right : a < b;
  });
  Json rows = Json::array();
  for (std::ptrdiff_t i = 0; i < shown; ++i) rows.push_back(port_row(results.ports[order[static_cast<std::size_t>(i)]]));
  return rows;
}

}  // namespace

void add_link_data(Json& data, const Results& results) {
  data["tiers"] = Json::array();
  data["heatmaps"] = Json::array();
  std::size_t cells = 0;
  for (const Tier& tier : tiers_of(results)) {
    data["tiers"].push_back(tier_object(tier, results));
    if (tier.of_hosts || tier.ports.size() > page_cells) continue;
    Json map = heat_map(tier, results);
    if (map.is_null() || cells + map["cells"].size() > page_cells) continue;
    cells += map["cells"].size();
    data["heatmaps"].push_back(std::move(map));
  }
  data["ports"] = ranking(results, page_rows, true, [](const PortResult& port) { return share_of(port); });
  data["deepest"] = ranking(results, page_bars, false, [](const PortResult& port) { return port.max_queue.v; });
  data["paused"] = ranking(results, page_bars, false, [](const PortResult& port) { return port.paused.v; });
}

}  // namespace weft
