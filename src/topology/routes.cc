#include "topology/routes.hh"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hh"
#include "topology/route_search.hh"

namespace weft {
namespace {

constexpr std::uint64_t max_entries = 1U << 28;
constexpr std::uint64_t most_with_a_column_each = 1U << 22;

using Part = RouteSearch::Part;

}  // namespace

// Computes one RoutingTables. Distances are found once for classes that are kin: seen from anywhere but the switches of the two
// classes, which have changed parts, every distance is the same, so only nodes next to one of these decide anew.
class RouteBuilder {
 public:
  RouteBuilder(const PortMap& ports, std::span<const LinkId> dead, RouteColumns columns, std::span<const NodeId> anchors)
      : ports_(ports), search_(ports, dead), columns_(columns) {
    for (const NodeId anchor : anchors) anchors_.push_back({.peer = anchor.v});
  }

  RoutingTables build() {
    find_neighbours();
    find_inside();
    find_classes();
    find_kin();
    find_rows();
    choose_columns();
    for (const Kin& kin : kin_) fill(kin);
    result_.pool_.finish();
    return std::move(result_);
  }

 private:
  // Classes that share a column when columns are few.
  struct Kin {
    std::vector<std::uint32_t> classes;
    std::vector<std::uint32_t> switches;  // by class, the one its hosts hang on; empty where there is only one class
  };

  // For each host the nodes it hangs on, those of the network in rising order before those inside its server, with their ports
  // towards it.
  void find_neighbours() {
    result_.neighbours_begin_.push_back(0);
    std::vector<Way> back, inside;
    for (std::uint32_t host = 0; host < ports_.end_point_count(); ++host) {
      back.clear();
      inside.clear();
      for (const Port& port : ports_.ports({host})) {
        if (!search_.alive(port)) continue;
        if (port.role == LinkRole::pcie) add_behind_nic(port, back);
        const bool network = search_.leads_out(port) && port.role != LinkRole::pcie;
        (network ? back : inside).push_back({.peer = port.peer.v, .port = port.peer_port});
      }
      add_neighbours(back);
      add_neighbours(inside);
      result_.neighbours_begin_.push_back(static_cast<std::uint32_t>(result_.neighbours_.size()));
    }
    result_.neighbours_begin_.resize(result_.neighbours_begin_.size() + anchors_.size(), result_.neighbours_begin_.back());
  }

  // From a destination to the switches it hangs on: an anchor hangs on its own.
  [[nodiscard]] std::span<const Way> ways_from(std::uint32_t destination) const {
    const std::uint32_t hosts = ports_.end_point_count();
    if (destination < hosts) return search_.ways(destination);
    return {&anchors_[destination - hosts], 1};
  }

  void add_behind_nic(const Port& pcie, std::vector<Way>& back) const {
    for (const Port& beyond : ports_.ports(pcie.peer)) {
      if (search_.alive(beyond) && beyond.role == LinkRole::network) back.push_back({.peer = beyond.peer.v, .port = beyond.peer_port});
    }
  }

  void add_neighbours(std::vector<Way>& back) {
    std::sort(back.begin(), back.end());
    for (std::size_t i = 0; i < back.size();) {
      const std::uint32_t node = back[i].peer;
      group_.clear();
      for (; i < back.size() && back[i].peer == node; ++i) group_.push_back(back[i].port);
      result_.neighbours_.push_back({.node = {node}, .group = result_.pool_.intern(group_)});
    }
  }

  // What each end point hangs on inside its server: the scale-up switch, and its NIC, which others may share.
  void find_inside() {
    bool any = false;
    std::vector<RoutingTables::Inside> inside(ports_.end_point_count());
    for (std::uint32_t host = 0; host < ports_.end_point_count(); ++host) {
      inside[host] = {hold(host, Part::scale_up), hold(host, Part::nic)};
      for (const Port& port : ports_.ports({host})) {
        result_.mesh_ = result_.mesh_ || (port.role == LinkRole::scale_up && search_.is_host(port.peer.v));
      }
      any = any || inside[host].scale_up.group != 0 || inside[host].nic.group != 0;
    }
    if (any || result_.mesh_) result_.inside_ = std::move(inside);
  }

  RoutingTables::Hold hold(std::uint32_t host, Part part) {
    RoutingTables::Hold found;
    group_.clear();
    std::uint16_t number = 0;
    for (const Port& port : ports_.ports({host})) {
      const std::uint16_t own = number++;
      if (!search_.alive(port) || search_.part(port.peer.v) != part) continue;
      if (found.on.valid() && found.on != port.peer) return {};  // several NICs, of which none is shared
      found.on = port.peer;
      group_.push_back(own);
    }
    found.group = result_.pool_.intern(group_);
    return found;
  }

  void find_classes() {
    std::map<std::vector<std::uint32_t>, std::uint32_t> classes;
    std::vector<std::uint32_t> key;
    for (std::uint32_t host = 0; host < ports_.end_point_count() + anchors_.size(); ++host) {
      key.clear();
      for (const Way& way : ways_from(host)) key.push_back(way.peer);
      std::sort(key.begin(), key.end());
      key.erase(std::unique(key.begin(), key.end()), key.end());
      const auto [place, added] = classes.try_emplace(key, static_cast<std::uint32_t>(classes.size()));
      if (added) {
        class_hosts_.push_back(host);
        homes_.push_back(key.size() == 1 && search_.forwards(key[0]) ? key[0] : no_home);
      }
      class_of_.push_back(place->second);
    }
    result_.classes_ = static_cast<std::uint32_t>(class_hosts_.size());
  }

  // Classes whose hosts hang on one switch each, where these switches have links of the same costs to the same others.
  void find_kin() {
    std::map<std::vector<std::pair<std::uint32_t, std::uint16_t>>, std::size_t> known;
    std::vector<std::pair<std::uint32_t, std::uint16_t>> key;
    for (std::uint32_t c = 0; c < result_.classes_; ++c) {
      std::size_t place = kin_.size();
      if (homes_[c] != no_home) {
        key.clear();
        for (const Way& way : search_.ways(homes_[c])) {
          if (search_.forwards(way.peer)) key.emplace_back(way.peer, way.cost);
        }
        std::sort(key.begin(), key.end());
        key.erase(std::unique(key.begin(), key.end()), key.end());
        place = known.try_emplace(key, place).first->second;
      }
      if (place == kin_.size()) kin_.emplace_back();
      kin_[place].classes.push_back(c);
      kin_[place].switches.push_back(homes_[c]);
    }
  }

  // Nodes whose living ports lead to the same peers share a row, but for those that are destinations; scale-up switches share one.
  void find_rows() {
    std::map<std::pair<Part, std::vector<Way>>, std::uint32_t> rows;
    std::vector<bool> own(ports_.node_count(), false);
    for (const Way& anchor : anchors_) own[anchor.peer] = true;
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      const auto next = static_cast<std::uint32_t>(row_nodes_.size());
      const auto ways = search_.ways(node);
      std::vector<Way> key(ways.begin(), ways.end());
      if (own[node]) key.push_back({.peer = node});
      const std::uint32_t row = rows.try_emplace({search_.part(node), std::move(key)}, next).first->second;
      if (row == next) row_nodes_.push_back(node);
      result_.row_begin_.push_back(row);
    }
  }

  // A column for each class, or where there would be too many for each kin.
  void choose_columns() {
    const std::uint64_t each = std::uint64_t{row_nodes_.size()} * result_.classes_;
    by_kin_ = columns_ == RouteColumns::shared || (columns_ == RouteColumns::by_size && each > most_with_a_column_each);
    std::vector<std::uint32_t> column(result_.classes_), member(result_.classes_);
    for (std::uint32_t k = 0; k < kin_.size(); ++k) {
      for (std::uint32_t i = 0; i < kin_[k].classes.size(); ++i) {
        const std::uint32_t c = kin_[k].classes[i];
        column[c] = by_kin_ ? k : c;
        member[c] = i;
      }
    }
    width_ = static_cast<std::uint32_t>(by_kin_ ? kin_.size() : result_.classes_);
    const std::uint64_t entries = std::uint64_t{row_nodes_.size()} * width_;
    if (entries > max_entries) {
      throw InputError("topology", "the routing table would need " + std::to_string(entries) + " entries",
                       "give more hosts the same neighbours, or make the network smaller");
    }
    for (const std::uint32_t c : class_of_) {
      result_.column_of_.push_back(column[c]);
      if (by_kin_) result_.member_of_.push_back(member[c]);
    }
    row_of_ = result_.row_begin_;
    for (std::uint32_t& begin : result_.row_begin_) begin *= width_;
    result_.table_.assign(entries, 0);
    touched_.assign(row_nodes_.size(), false);
  }

  std::uint32_t entry_of(std::uint32_t row) {
    const std::uint32_t node = row_nodes_[row];
    const bool next_to = search_.distance(node) == 1, exceptions = search_.part(node) == Part::nic || search_.part(node) == Part::scale_up;
    const std::uint32_t group = next_to ? 0 : result_.pool_.intern(search_.nearest(node));
    return group | (next_to || exceptions ? RoutingTables::neighbour : 0);
  }

  // Rows of the nodes that a switch is next to, and its own.
  void touch(std::uint32_t node, std::vector<std::uint32_t>& rows) {
    const auto add = [&](std::uint32_t other) {
      const std::uint32_t row = row_of_[other];
      if (!touched_[row]) rows.push_back(row);
      touched_[row] = true;
    };
    add(node);
    for (const Way& way : search_.ways(node)) {
      add(way.peer);
      if (search_.part(way.peer) != Part::nic) continue;
      for (const Port& port : ports_.ports({way.peer})) {
        if (port.role == LinkRole::pcie) add(port.peer.v);
      }
    }
  }
  void forget(const std::vector<std::uint32_t>& rows) {
    for (const std::uint32_t row : rows) touched_[row] = false;
  }

  void fill(const Kin& kin) {
    search_.measure(ways_from(class_hosts_[kin.classes[0]]));
    base_.resize(row_nodes_.size());
    for (std::uint32_t row = 0; row < row_nodes_.size(); ++row) base_[row] = entry_of(row);
    by_kin_ ? fill_column(kin) : fill_columns(kin);
  }

  std::uint32_t& at(std::uint32_t row, std::uint32_t column) { return result_.table_[std::size_t{row} * width_ + column]; }

  // As if measured from the kin's class i, on the rows where that matters.
  template <class Take>
  void decide_anew(const Kin& kin, std::size_t i, const std::vector<std::uint32_t>& rows, Take&& take) {
    search_.exchange(kin.switches[0], kin.switches[i]);
    for (const std::uint32_t row : rows) take(row, entry_of(row));
    search_.exchange(kin.switches[0], kin.switches[i]);
  }

  void fill_columns(const Kin& kin) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < kin.classes.size(); ++i) {
      const std::uint32_t column = kin.classes[i];
      for (std::uint32_t row = 0; row < row_nodes_.size(); ++row) at(row, column) = base_[row];
      if (i == 0) continue;
      rows.clear();
      touch(kin.switches[0], rows);
      touch(kin.switches[i], rows);
      forget(rows);
      decide_anew(kin, i, rows, [&](std::uint32_t row, std::uint32_t entry) { at(row, column) = entry; });
    }
  }

  void fill_column(const Kin& kin) {
    const std::uint32_t column = result_.column_of_[class_hosts_[kin.classes[0]]];
    for (std::uint32_t row = 0; row < row_nodes_.size(); ++row) at(row, column) = base_[row];
    const std::size_t count = kin.classes.size();
    if (count == 1) return;
    std::vector<std::uint32_t> all, rows, position(row_nodes_.size());
    for (const std::uint32_t home : kin.switches) touch(home, all);
    forget(all);
    std::vector<std::uint32_t> entries(all.size() * count);
    for (std::uint32_t r = 0; r < all.size(); ++r) {
      position[all[r]] = r;
      std::fill_n(entries.begin() + static_cast<std::ptrdiff_t>(r * count), count, base_[all[r]]);
    }
    for (std::size_t i = 1; i < count; ++i) {
      rows.clear();
      touch(kin.switches[0], rows);
      touch(kin.switches[i], rows);
      forget(rows);
      decide_anew(kin, i, rows, [&](std::uint32_t row, std::uint32_t entry) { entries[position[row] * count + i] = entry; });
    }
    for (std::size_t r = 0; r < all.size(); ++r) at(all[r], column) = joined({entries.data() + r * count, count});
  }

  // One entry for classes that agree, or where the others are the node's own hosts; else one that leads to a list of theirs.
  std::uint32_t joined(std::span<const std::uint32_t> entries) {
    std::uint32_t plain = RoutingTables::neighbour;
    bool own = false, agree = true;
    for (const std::uint32_t entry : entries) {
      if (entry == RoutingTables::neighbour) {
        own = true;
      } else if (plain == RoutingTables::neighbour) {
        plain = entry;
      } else if (plain != entry) {
        agree = false;
      }
    }
    if (agree) return own ? plain | RoutingTables::neighbour : plain;
    const auto begin = static_cast<std::uint32_t>(result_.apart_.size());
    if (std::uint64_t{begin} + entries.size() > max_entries) {
      throw InputError("topology", "the routing table would need more than " + std::to_string(max_entries) + " entries",
                       "make the network smaller, or more regular");
    }
    result_.apart_.insert(result_.apart_.end(), entries.begin(), entries.end());
    return begin | RoutingTables::apart;
  }

  static constexpr std::uint32_t no_home = 0xffffffff;

  const PortMap& ports_;
  RouteSearch search_;
  RouteColumns columns_;
  std::vector<Way> anchors_;                // to the switch
  std::vector<std::uint32_t> class_of_;     // by destination
  std::vector<std::uint32_t> class_hosts_;  // one destination of each class
  std::vector<std::uint32_t> homes_;        // by class: the one switch its hosts hang on
  std::vector<Kin> kin_;
  std::vector<std::uint32_t> row_nodes_;  // one node of each row
  std::vector<std::uint32_t> row_of_;     // by node
  std::vector<std::uint32_t> base_;       // by row, for the kin's first class
  std::vector<bool> touched_;             // by row
  std::vector<std::uint16_t> group_;
  std::uint32_t width_ = 0;
  bool by_kin_ = false;
  RoutingTables result_;
};

RoutingTables RoutingTables::compute(const PortMap& ports, std::span<const LinkId> dead, RouteColumns columns,
                                     std::span<const NodeId> anchors) {
  return RouteBuilder(ports, dead, columns, anchors).build();
}

std::size_t RoutingTables::bytes() const noexcept {
  const std::size_t words = table_.capacity() + apart_.capacity() + row_begin_.capacity() + column_of_.capacity() + member_of_.capacity() +
                            neighbours_begin_.capacity();
  return pool_.bytes() + neighbours_.capacity() * sizeof(Neighbour) + inside_.capacity() * sizeof(Inside) + sizeof(std::uint32_t) * words;
}

}  // namespace weft
