#include "sim/gse_sizes.hh"

#include <algorithm>
#include <bit>
#include <map>

#include "base/error.hh"

namespace weft {

namespace {

std::string text(Bytes bytes) { return std::to_string(bytes.v) + " bytes"; }

// Of the largest domain, less one.
std::uint32_t other_gsps(const GsePlan& plan) {
  if (!plan.joined) return static_cast<std::uint32_t>(plan.host_of_gsp.size() - 1);
  std::map<std::uint32_t, std::uint32_t> count;
  std::uint32_t most = 0;
  for (const std::uint32_t pod : plan.pod_of_gsp) most = std::max(most, ++count[pod]);
  return most - 1;
}

// Pairs of an exit and a GSP from which flows lead there, in both directions, since some are read.
std::uint32_t senders_of_flows(const GsePlan& plan, std::span<const FlowSpec> flows) {
  std::vector<std::uint64_t> pairs;
  const auto add = [&](NodeId to, std::uint16_t from) {
    const std::uint32_t exit = plan.exit_of_host[to.index()];
    if (plan.exits[exit].gsp != from) pairs.push_back(std::uint64_t{exit} << 16 | from);
  };
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const GsePlan::FlowEnds ends = plan.ends[i];
    if (ends.initiator == GsePlan::nowhere) return other_gsps(plan);
    add(flows[i].dst, ends.initiator);
    add(flows[i].src, ends.target);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::uint32_t most = 0, count = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    count = i > 0 && pairs[i] >> 16 == pairs[i - 1] >> 16 ? count + 1 : 1;
    most = std::max(most, count);
  }
  return most;
}

Bytes at_one_exit(const GsePlan& plan, std::uint32_t senders) { return plan.initial_credit * senders + plan.window; }

void set_window(GsePlan& plan, const GseSizing& sizing) {
  const GseParameters& p = sizing.parameters;
  const Bytes quantum = p.quantum.value_or(p.container);
  const Bytes wanted = sizing.bdp * 2 + quantum * 4;
  plan.window = p.window.value_or(std::clamp(sizing.room / 4 * 3, std::min(quantum * 4, wanted), wanted));
  plan.quantum = p.quantum.value_or(std::min(p.container, plan.window / 2));
  if (plan.quantum <= plan.window / 2) return;
  throw InputError(
      sizing.where,
      "a grant of fabric.gse would be " + text(plan.quantum) + ", more than half the window of " + std::to_string(plan.window.v),
      "write quantum: " + std::to_string(plan.window.v / 2) + "B or less, or a larger window");
}

void set_initial_credit(GsePlan& plan, const GseSizing& sizing) {
  constexpr Bytes most_of_a_nic{65'536};
  const GseParameters& p = sizing.parameters;
  plan.initial_credit = p.initial_credit.value_or(p.mode == GseMode::n2n ? sizing.bdp : std::min(sizing.bdp, most_of_a_nic));
  plan.senders = other_gsps(plan);
  if (at_one_exit(plan, plan.senders) <= sizing.room) return;
  plan.senders = senders_of_flows(plan, sizing.flows);
  if (p.initial_credit || plan.senders == 0) return;
  const Bytes left{std::max<std::int64_t>(0, (sizing.room - plan.window).v)};
  plan.initial_credit = std::min(plan.initial_credit, left / plan.senders);
}

// What many NICs send to one waits in its switch for longer than in an edge switch that is a GSP itself.
void set_timers(GsePlan& plan, const GseParameters& p) {
  const bool nics = p.mode == GseMode::e2e;
  const auto at_least = [&plan](Duration least, std::int64_t round_trips) { return std::max(least, plan.round_trip * round_trips); };
  plan.request_repeat = p.request_repeat.value_or(at_least({20'000'000}, 2));
  plan.hole_timeout = p.hole_timeout.value_or(at_least({nics ? 400'000'000 : 40'000'000}, 2));
  plan.credit_age = p.credit_age.value_or(at_least({nics ? 1'000'000'000 : 200'000'000}, 4));
  plan.idle = p.idle;
}

}  // namespace

void set_gse_sizes(GsePlan& plan, const GseSizing& sizing) {
  const GseParameters& p = sizing.parameters;
  plan.container = p.container;
  plan.spray = p.spray;
  plan.request_step = p.request_step.value_or(p.container * 4);
  set_window(plan, sizing);
  set_initial_credit(plan, sizing);
  set_timers(plan, p);
  constexpr std::int64_t least_held = 64, most_held = 1 << 16;
  const std::int64_t ahead = (plan.initial_credit + plan.window).v / p.container.v * 2;
  plan.held_containers = std::bit_ceil(static_cast<std::uint32_t>(std::clamp(ahead, least_held, most_held)));
}

GseRemarks remarks_on(const GsePlan& plan, const GseSizing& sizing) {
  GseRemarks remarks;
  if (const Bytes most = at_one_exit(plan, plan.senders); most > sizing.room) {
    remarks.warnings.push_back("fabric.gse lets " + std::to_string(plan.senders) + " GSPs send " + text(most) +
                               " to one port (initial_credit each, and window), more than the " + text(sizing.room) +
                               " that a switch has for it: packets may be dropped");
  }
  if (!sizing.parameters.window && plan.window < sizing.bdp) {
    remarks.notes.push_back("the window of fabric.gse, " + text(plan.window) + ", follows fabric.buffer: a round trip would need " +
                            text(sizing.bdp) + ", so a host receives at most " + std::to_string(plan.window.v * 100 / sizing.bdp.v) +
                            " % of its rate from other switches");
  }
  return remarks;
}

}  // namespace weft
