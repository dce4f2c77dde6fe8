#include "sim/link_plan.hh"

#include <algorithm>
#include <set>

#include "base/error.hh"

namespace weft {

bool fits_pattern(const std::string& pattern, const std::string& name) {
  std::size_t p = 0, n = 0, star = std::string::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(pattern.begin() + static_cast<std::ptrdiff_t>(p), pattern.end(), [](char c) { return c == '*'; });
}

std::vector<std::uint32_t> select_links(const TopologySpec& spec, const std::string& selector) {
  const bool directed = selector.find('>') != std::string::npos;
  std::vector<std::uint32_t> found;
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const std::string& a = spec.nodes[spec.links[i].a.index()].name;
    const std::string& b = spec.nodes[spec.links[i].b.index()].name;
    if (directed) {
      if (fits_pattern(selector, a + ">" + b)) found.push_back(2 * i);
      if (fits_pattern(selector, b + ">" + a)) found.push_back(2 * i + 1);
    } else if (fits_pattern(selector, a + "-" + b) || fits_pattern(selector, b + "-" + a)) {
      found.push_back(2 * i);
      found.push_back(2 * i + 1);
    }
  }
  return found;
}

namespace {

std::string nearest_link(const TopologySpec& spec, const std::string& selector) {
  const std::string first = selector.substr(0, selector.find_first_of("->"));
  for (const LinkSpec& link : spec.links) {
    const std::string& a = spec.nodes[link.a.index()].name;
    const std::string& b = spec.nodes[link.b.index()].name;
    if (a == first || b == first) return "a link of " + first + " is \"" + a + "-" + b + "\"";
  }
  const LinkSpec& link = spec.links.front();
  return "links are named like \"" + spec.nodes[link.a.index()].name + "-" + spec.nodes[link.b.index()].name + "\"";
}

void apply(LinkPlan& plan, const LinkCondition& condition, std::uint32_t direction, const std::string& where) {
  DirectionPlan& d = plan.directions[direction];
  if (condition.rate) d.rate = *condition.rate;
  if (condition.loss) d.loss = {*condition.loss};
  if (condition.ber) d.ber = *condition.ber;
  if (condition.llr) d.llr = *condition.llr;
  if (!condition.down) return;
  const Time up = condition.up.value_or(Time::never());
  if (up <= *condition.down)
    throw InputError(where, "link " + condition.link + " comes up before it goes down", "`up` must be after `down`");
  d.down.push_back({*condition.down, up});
}

void merge_intervals(std::vector<DownInterval>& down) {
  std::sort(down.begin(), down.end(), [](const DownInterval& x, const DownInterval& y) { return x.down < y.down; });
  std::vector<DownInterval> merged;
  for (const DownInterval& d : down) {
    if (!merged.empty() && d.down <= merged.back().up)
      merged.back().up = std::max(merged.back().up, d.up);
    else
      merged.push_back(d);
  }
  down = std::move(merged);
}

bool down_at(const std::vector<DownInterval>& down, Time t) {
  return std::any_of(down.begin(), down.end(), [t](const DownInterval& d) { return d.down <= t && t < d.up; });
}

}  // namespace

LinkPlan plan_links(const TopologySpec& spec, const std::vector<LinkCondition>& conditions, const std::string& file,
                    const LinkDefaults& defaults) {
  LinkPlan plan;
  plan.directions.resize(spec.links.size() * 2);
  for (std::size_t i = 0; i < plan.directions.size(); ++i) {
    plan.directions[i].rate = spec.links[i / 2].rate;
    if (spec.links[i / 2].role != LinkRole::network) continue;
    plan.directions[i].ber = defaults.ber;
    plan.directions[i].llr = defaults.llr;
  }
  for (const LinkCondition& condition : conditions) {
    const std::string where = file + ":" + std::to_string(condition.line);
    const auto selected = select_links(spec, condition.link);
    if (selected.empty()) throw InputError(where, "no link fits \"" + condition.link + "\"", nearest_link(spec, condition.link));
    for (const std::uint32_t direction : selected) apply(plan, condition, direction, where);
  }
  std::set<Time> instants;
  std::vector<std::uint32_t> affected;
  for (std::uint32_t i = 0; i < plan.directions.size(); ++i) {
    auto& down = plan.directions[i].down;
    if (down.empty()) continue;
    merge_intervals(down);
    affected.push_back(i);
    for (const DownInterval& d : down) {
      instants.insert(d.down);
      if (d.up < Time::never()) instants.insert(d.up);
    }
  }
  for (const Time t : instants) {
    LinkChange change{t, {}};
    for (const std::uint32_t i : affected) {
      const bool other_too = i % 2 == 1 && down_at(plan.directions[i - 1].down, t);
      if (down_at(plan.directions[i].down, t) && !other_too) change.dead.push_back(LinkId{i / 2});
    }
    plan.changes.push_back(std::move(change));
  }
  return plan;
}

}  // namespace weft
