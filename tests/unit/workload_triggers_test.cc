// Which flows ever start: by hand, and against a plain simulation that activates in random order.
#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "support/seeds.hh"
#include "workload/registry.hh"
#include "workload/trigger_check.hh"

namespace weft {
namespace {

using test::expect_input_error;

constexpr std::uint32_t none = TriggerId{}.v;

FlowSpec flow(std::uint32_t label, std::uint32_t after, std::uint32_t on_sent = none, std::uint32_t on_received = none) {
  FlowSpec flow;
  flow.src = {0};
  flow.dst = {1};
  flow.size = {1};
  flow.after = {after};
  flow.on_sent = {on_sent};
  flow.on_received = {on_received};
  flow.label = label;
  return flow;
}

Draft draft(std::vector<FlowSpec> flows, std::vector<TriggerSpec> triggers) {
  return {.traffic = {.flows = std::move(flows), .triggers = std::move(triggers)},
          .file = "t.cm",
          .line = 1,
          .flow_lines = {},
          .trigger_lines = {50, 51, 52, 53}};
}

constexpr TriggerSpec oneshot{TriggerKind::oneshot, 1, 100};
constexpr TriggerSpec multishot{TriggerKind::multishot, 1, 200};
constexpr TriggerSpec barrier2{TriggerKind::barrier, 2, 300};

TEST(Triggers, ChainsFire) {
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0), flow(2, 0, 1), flow(3, 0), flow(4, 1)}, {oneshot, oneshot})));
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0, 0), flow(2, 0), flow(3, 0)}, {multishot})));
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0), flow(2, none, none, 0), flow(3, 0)}, {barrier2})));
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0), flow(2, none, 0), flow(3, none, 0), flow(4, 0)}, {barrier2})));
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0), flow(2, 0, 0), flow(3, 0, 0)}, {multishot})));  // each starts the next
  EXPECT_NO_THROW(check_triggers(draft({flow(1, none, 0)}, {oneshot})));                                  // nobody waits
}

TEST(Triggers, NobodyActivates) {
  expect_input_error(
      [] {
        check_triggers(draft({flow(1, none), flow(2, 0)}, {oneshot}));
      },
      "t.cm:50", "trigger 100 never fires: no flow activates it; flow 2 (0 -> 1) waits for it");
}

TEST(Triggers, BarrierCountTooHigh) {
  expect_input_error(
      [] {
        check_triggers(draft({flow(1, none, 0), flow(2, 0)}, {barrier2}));
      },
      "t.cm:50", "trigger 300 never fires: it waits for 2 activations, but flows can give it only 1 activation");
}

TEST(Triggers, MultishotLeavesFlowsBehind) {
  expect_input_error(
      [] {
        check_triggers(draft({flow(1, none, 0), flow(2, 0), flow(3, 0)}, {multishot}));
      },
      "t.cm:50",
      "trigger 200 (multishot) starts one flow an activation: 2 flows wait for it, but it gets only 1 activation; "
      "flow 3 (0 -> 1) waits for it");
}

TEST(Triggers, Circle) {
  expect_input_error(
      [] {
        check_triggers(draft({flow(1, 1, 0), flow(2, 0, 1), flow(3, none)}, {oneshot, oneshot}));
      },
      "t.cm:50", "wait in a circle");
}

TEST(Triggers, TheRootIsNamed) {
  // 53 waits for a flow behind 52, which waits behind 51, which nobody activates.
  expect_input_error(
      [] {
        check_triggers(
            draft({flow(1, none), flow(2, 3, 2), flow(3, 1, 3), flow(4, 2)}, {oneshot, {TriggerKind::oneshot, 1, 7}, oneshot, oneshot}));
      },
      "t.cm:50", "trigger 100 never fires");
  expect_input_error(
      [] {
        check_triggers(
            draft({flow(1, none, 0), flow(2, 3, 2), flow(3, 1, 3), flow(4, 2)}, {oneshot, {TriggerKind::oneshot, 1, 7}, oneshot, oneshot}));
      },
      "t.cm:51", "trigger 7 never fires: no flow activates it; flow 3");
}

TEST(Triggers, CountZero) {
  expect_input_error([] { check_triggers(draft({flow(1, none, 0), flow(2, 0)}, {{TriggerKind::barrier, 0, 5}})); }, "t.cm:50", "count 0");
}

TEST(Triggers, LongChainIsNoProblem) {
  std::vector<FlowSpec> flows{flow(0, none, 0)};
  std::vector<TriggerSpec> triggers;
  constexpr std::uint32_t length = 200'000;
  for (std::uint32_t i = 0; i < length; ++i) {
    triggers.push_back({TriggerKind::oneshot, 1, i});
    flows.push_back(flow(i + 1, i, i + 1 < length ? i + 1 : none));
  }
  EXPECT_NO_THROW(check_triggers(draft(flows, triggers)));
  flows.front().on_sent = {};
  expect_input_error([&] { check_triggers(draft(flows, triggers)); }, "t.cm:50", "trigger 0 never fires");
}

// Starts flows by the definition in flow.hh, activating in random order; true when every flow starts and every trigger fires.
bool all_start(const Traffic& traffic, Random& random) {
  std::vector<std::uint32_t> pending, activations(traffic.triggers.size(), 0);
  std::vector<bool> started(traffic.flows.size(), false);
  const auto start = [&](std::size_t f) {
    started[f] = true;
    for (const TriggerId done : {traffic.flows[f].on_sent, traffic.flows[f].on_received}) {
      if (done.valid()) pending.push_back(done.v);
    }
  };
  for (std::size_t f = 0; f < traffic.flows.size(); ++f) {
    if (!traffic.flows[f].after.valid()) start(f);
  }
  while (!pending.empty()) {
    const std::size_t pick = random.below(pending.size());
    const std::uint32_t t = pending[pick];
    pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(pick));
    const TriggerSpec& trigger = traffic.triggers[t];
    const std::uint32_t fires_at = trigger.kind == TriggerKind::barrier ? trigger.count : 1;
    ++activations[t];
    const bool multi = trigger.kind == TriggerKind::multishot;
    if (!multi && activations[t] != fires_at) continue;
    for (std::size_t f = 0; f < traffic.flows.size(); ++f) {
      if (started[f] || traffic.flows[f].after.v != t) continue;
      start(f);
      if (multi) break;
    }
  }
  for (std::size_t t = 0; t < activations.size(); ++t) {
    if (activations[t] < (traffic.triggers[t].kind == TriggerKind::barrier ? traffic.triggers[t].count : 1)) return false;
  }
  return std::find(started.begin(), started.end(), false) == started.end();
}

TEST(Triggers, AgreeWithPlainSimulation) {
  int accepted = 0;
  test::for_each_seed(2000, [&](Random& random, std::uint64_t) {
    std::vector<TriggerSpec> triggers;
    for (std::uint64_t i = 1 + random.below(3); i > 0; --i) {
      const auto kind = static_cast<TriggerKind>(random.below(3));
      triggers.push_back(
          {kind, kind == TriggerKind::barrier ? 1 + static_cast<std::uint32_t>(random.below(3)) : 1, static_cast<std::uint32_t>(i)});
    }
    const auto maybe = [&] { return random.below(3) == 0 ? none : static_cast<std::uint32_t>(random.below(triggers.size())); };
    std::vector<FlowSpec> flows;
    for (std::uint64_t i = 1 + random.below(7); i > 0; --i)
      flows.push_back(flow(static_cast<std::uint32_t>(i), random.below(2) == 0 ? none : maybe(), maybe(), maybe()));
    const Draft made = draft(flows, triggers);
    bool fine = true;
    try {
      check_triggers(made);
    } catch (const InputError&) { fine = false; }
    ASSERT_EQ(fine, all_start(made.traffic, random));
    accepted += fine ? 1 : 0;
  });
  if (std::getenv("WEFT_TEST_SEED") == nullptr) { EXPECT_GT(accepted, 100); }
}

}  // namespace
}  // namespace weft
