#include "workload/trigger_check.hh"

#include <algorithm>
#include <string>

#include "base/check.hh"
#include "base/error.hh"

namespace weft {
namespace {

class TriggerChecker {
 public:
  explicit TriggerChecker(const Draft& draft)
      : draft_(draft),
        flows_(draft.traffic.flows),
        triggers_(draft.traffic.triggers),
        waiting_begin_(triggers_.size() + 1, 0),
        possible_(triggers_.size(), 0),
        activations_(triggers_.size(), 0),
        started_of_(triggers_.size(), 0),
        started_(flows_.size(), false) {
    list_waiting();
  }

  void check() {
    for (std::uint32_t t = 0; t < triggers_.size(); ++t) {
      if (triggers_[t].count == 0) fail(t, " has the count 0", "a barrier needs a count of at least 1");
    }
    run();
    for (std::uint32_t t = 0; t < triggers_.size(); ++t) {
      if (activations_[t] < needed(t)) explain(t);
    }
  }

 private:
  [[nodiscard]] std::uint32_t waiting_count(std::uint32_t t) const { return waiting_begin_[t + 1] - waiting_begin_[t]; }
  // Activations until the trigger has done all it is there for.
  [[nodiscard]] std::uint64_t needed(std::uint32_t t) const {
    switch (triggers_[t].kind) {
      case TriggerKind::multishot: return std::max(waiting_count(t), 1U);
      case TriggerKind::barrier: return triggers_[t].count;
      case TriggerKind::oneshot: break;
    }
    return 1;
  }

  // The flows that wait for each trigger, in flow order.
  void list_waiting() {
    for (const FlowSpec& flow : flows_) {
      if (flow.after.valid()) ++waiting_begin_[flow.after.index() + 1];
      for (const TriggerId done : {flow.on_sent, flow.on_received}) {
        if (done.valid()) ++possible_[done.index()];
      }
    }
    for (std::size_t t = 1; t < waiting_begin_.size(); ++t) waiting_begin_[t] += waiting_begin_[t - 1];
    waiting_.resize(waiting_begin_.back());
    std::vector<std::uint32_t> next(waiting_begin_.begin(), waiting_begin_.end() - 1);
    for (std::uint32_t f = 0; f < flows_.size(); ++f) {
      if (flows_[f].after.valid()) waiting_[next[flows_[f].after.index()]++] = f;
    }
  }

  void start(std::uint32_t flow) {
    started_[flow] = true;
    running_.push_back(flow);
  }

  void run() {
    for (std::uint32_t f = 0; f < flows_.size(); ++f) {
      if (!flows_[f].after.valid()) start(f);
    }
    while (!running_.empty()) {
      const FlowSpec& flow = flows_[running_.back()];
      running_.pop_back();
      for (const TriggerId done : {flow.on_sent, flow.on_received}) {
        if (done.valid()) activate(done.v);
      }
    }
  }

  void activate(std::uint32_t t) {
    ++activations_[t];
    if (triggers_[t].kind == TriggerKind::multishot) {
      if (started_of_[t] < waiting_count(t)) start(waiting_[waiting_begin_[t] + started_of_[t]++]);
    } else if (activations_[t] == needed(t)) {
      for (; started_of_[t] < waiting_count(t); ++started_of_[t]) start(waiting_[waiting_begin_[t] + started_of_[t]]);
    }
  }

  [[nodiscard]] std::string name(std::uint32_t t) const { return "trigger " + std::to_string(triggers_[t].label); }

  [[noreturn]] void fail(std::uint32_t t, const std::string& message, const std::string& hint) const {
    std::string what = name(t) + message;
    if (waiting_count(t) != started_of_[t]) {
      const FlowSpec& flow = flows_[waiting_[waiting_begin_[t] + started_of_[t]]];
      what += "; flow " + std::to_string(flow.label) + " (" + std::to_string(flow.src.v) + " -> " + std::to_string(flow.dst.v) +
              ") waits for it";
    }
    throw InputError(trigger_place(draft_, t), what, hint);
  }

  // Names the root of the trouble: from a trigger that lacks activations go to one that a flow which should activate it waits
  // for, until there are not enough such flows at all, or a trigger comes round again.
  [[noreturn]] void explain(std::uint32_t t) const {
    const std::vector<std::uint32_t> blockers = blockers_of_all();
    std::vector<bool> visited(triggers_.size(), false);
    for (;;) {
      if (possible_[t] < needed(t)) explain_too_few(t);
      if (visited[t]) fail(t, " never fires: the flows that activate it wait in a circle for it", "give one of them a start");
      visited[t] = true;
      CHECK(blockers[t] < triggers_.size(), "trigger", t);
      t = blockers[t];
    }
  }

  [[noreturn]] void explain_too_few(std::uint32_t t) const {
    if (possible_[t] == 0) fail(t, " never fires: no flow activates it", "name it in a flow's send_done_trigger or recv_done_trigger");
    const std::string has = std::to_string(possible_[t]) + (possible_[t] == 1 ? " activation" : " activations");
    if (triggers_[t].kind == TriggerKind::barrier) {
      fail(t, " never fires: it waits for " + std::to_string(needed(t)) + " activations, but flows can give it only " + has,
           "lower its count");
    }
    fail(t,
         " (multishot) starts one flow an activation: " + std::to_string(waiting_count(t)) + " flows wait for it, but it gets only " + has,
         "let more flows activate it, or make it oneshot");
  }

  // For each trigger the one that the first flow which would activate it, but never starts, waits for.
  [[nodiscard]] std::vector<std::uint32_t> blockers_of_all() const {
    std::vector<std::uint32_t> blockers(triggers_.size(), TriggerId{}.v);
    for (std::uint32_t f = 0; f < flows_.size(); ++f) {
      if (started_[f]) continue;
      for (const TriggerId done : {flows_[f].on_sent, flows_[f].on_received}) {
        if (done.valid() && blockers[done.index()] == TriggerId{}.v) blockers[done.index()] = flows_[f].after.v;
      }
    }
    return blockers;
  }

  const Draft& draft_;
  const std::vector<FlowSpec>& flows_;
  const std::vector<TriggerSpec>& triggers_;
  std::vector<std::uint32_t> waiting_begin_, waiting_;  // by trigger
  std::vector<std::uint64_t> possible_, activations_;
  std::vector<std::uint32_t> started_of_;
  std::vector<bool> started_;
  std::vector<std::uint32_t> running_;
};

}  // namespace

void check_triggers(const Draft& draft) {
  if (!draft.traffic.triggers.empty()) TriggerChecker(draft).check();
}

}  // namespace weft
