#include "workload/cm_file.hh"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"
#include "workload/draft.hh"

namespace weft {
namespace {

// A header line, and how many lines it promised.
struct Promise {
  std::uint32_t count = 0;
  int line = 0;
};

class CmParser {
 public:
  CmParser(std::string_view text, const std::string& name) : lines_(text), name_(name) {}

  CmFile parse() {
    std::string_view line;
    while (lines_.next(line)) {
      words_ = Words(line);
      const std::string_view first = words_.next();
      if (first.empty() || first.front() == '#') continue;
      take(first);
    }
    check_counts();
    name_triggers();
    return std::move(file_);
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string hint = {}) const { fail_at(lines_.number(), message, std::move(hint)); }
  [[noreturn]] void fail_at(int line, const std::string& message, std::string hint = {}) const {
    throw InputError(place(name_, line), message, std::move(hint));
  }
  static std::string quoted(std::string_view word) { return '\'' + std::string(word.substr(0, 40)) + '\''; }

  template <class Integer>
  Integer number(std::string_view what) {
    const std::string_view word = words_.next();
    const auto value = parse_unsigned<Integer>(word);
    if (!value) fail(std::string(what) + " needs a whole number" + (word.empty() ? std::string() : ", not " + quoted(word)));
    return *value;
  }
  void end_of_line(std::string_view after) {
    const std::string_view word = words_.next();
    if (!word.empty()) fail("unexpected " + quoted(word) + " after " + std::string(after));
  }

  void take(std::string_view first) {
    if (first == "Nodes") {
      header(nodes_, first);
    } else if (first == "Connections") {
      header(connections_, first);
    } else if (first == "Triggers") {
      header(triggers_, first);
    } else if (first == "trigger") {
      take_trigger();
    } else if (first.find("->") != std::string_view::npos) {
      take_flow(first);
    } else if (first == "Failures" || first == "failure") {
      fail("failures are not read from a matrix", "describe them under `links` in the scenario");
    } else {
      fail("a line begins with " + quoted(first), "known: Nodes, Connections, Triggers, trigger, SRC->DST");
    }
  }

  void header(Promise& promise, std::string_view key) {
    if (promise.line != 0) fail(std::string(key) + " is given twice; first in line " + std::to_string(promise.line));
    promise = {.count = number<std::uint32_t>(key), .line = lines_.number()};
    end_of_line(key);
    if (promise.count > max_flows) fail(std::string(key) + " is larger than any matrix: " + std::to_string(promise.count));
  }

  void take_flow(std::string_view pair) {
    if (nodes_.line == 0 || connections_.line == 0) fail("a flow stands before the lines Nodes and Connections");
    if (file_.traffic.flows.size() == connections_.count) {
      fail("more flows than the " + std::to_string(connections_.count) + " of line " + std::to_string(connections_.line),
           "correct Connections");
    }
    FlowSpec flow;
    const std::size_t arrow = pair.find("->");
    flow.src = host(pair.substr(0, arrow), pair);
    flow.dst = host(pair.substr(arrow + 2), pair);
    flow.label = static_cast<std::uint32_t>(file_.traffic.flows.size());
    seen_.clear();
    for (std::string_view key = words_.next(); !key.empty(); key = words_.next()) {
      if (std::find(seen_.begin(), seen_.end(), key) != seen_.end()) fail(std::string(key.substr(0, 40)) + " is given twice");
      seen_.push_back(key);
      take_flow_key(flow, key);
    }
    finish_flow(flow);
  }

  NodeId host(std::string_view word, std::string_view pair) const {
    const auto id = parse_unsigned<std::uint32_t>(word);
    if (!id) fail(quoted(pair) + " is not SRC->DST", "for example 0->15, without blanks");
    if (*id >= nodes_.count) {
      fail("host " + std::to_string(*id) + " does not exist: Nodes is " + std::to_string(nodes_.count),
           nodes_.count == 0 ? "Nodes must be above 0" : "hosts are 0 to " + std::to_string(nodes_.count - 1));
    }
    return {*id};
  }

  void take_flow_key(FlowSpec& flow, std::string_view key) {
    if (key == "id") {
      flow.label = number<std::uint32_t>(key);
      const auto [earlier, added] = flow_ids_.emplace(flow.label, lines_.number());
      if (!added)
        fail("flow id " + std::to_string(flow.label) + " is taken by line " + std::to_string(earlier->second), "ids must be unique");
    } else if (key == "start") {
      const std::string_view word = words_.next();
      const auto ps = parse_scaled(word, 6);
      if (!ps) fail("start needs a time in microseconds, not " + quoted(word), "for example 0 or 12.5");
      flow.start = {*ps};
    } else if (key == "size") {
      flow.size = {number<std::int64_t>(key)};
    } else if (key == "trigger") {
      flow.after = {number<std::uint32_t>(key)};
    } else if (key == "send_done_trigger") {
      flow.on_sent = {number<std::uint32_t>(key)};
    } else if (key == "recv_done_trigger") {
      flow.on_received = {number<std::uint32_t>(key)};
    } else if (key == "prio") {
      number<std::uint32_t>(key);
    } else {
      fail("unknown key " + quoted(key) + " of a flow", "known: id, start, trigger, size, send_done_trigger, recv_done_trigger, prio");
    }
  }

  [[nodiscard]] bool has(std::string_view key) const { return std::find(seen_.begin(), seen_.end(), key) != seen_.end(); }

  void finish_flow(const FlowSpec& flow) {
    if (!has("size")) fail("the flow has no size");
    if (flow.size.v <= 0) fail("the size must be above 0");
    if (flow.src == flow.dst) fail("the flow sends to itself");
    if (has("start") && has("trigger")) fail("the flow has both a start and a trigger", "keep one");
    if (!has("start") && !has("trigger")) fail("the flow has neither a start nor a trigger", "start 0");
    file_.traffic.flows.push_back(flow);
    file_.flow_lines.push_back(lines_.number());
  }

  void take_trigger() {
    if (file_.traffic.triggers.size() == triggers_.count) {
      fail(triggers_.line == 0 ? std::string("a trigger, but no line Triggers before it")
                               : "more triggers than the " + std::to_string(triggers_.count) + " of line " + std::to_string(triggers_.line),
           "correct Triggers");
    }
    std::optional<std::uint32_t> id, count;
    std::optional<TriggerKind> kind;
    for (std::string_view key = words_.next(); !key.empty(); key = words_.next()) {
      if (key == "id" && !id) {
        id = number<std::uint32_t>(key);
      } else if (key == "count" && !count) {
        count = number<std::uint32_t>(key);
      } else if (const auto named = kind_named(key); named && !kind) {
        kind = named;
      } else {
        fail("unexpected " + quoted(key) + " in a trigger", "trigger id K oneshot|multishot|barrier [count N]");
      }
    }
    add_trigger(id, kind, count);
  }

  static std::optional<TriggerKind> kind_named(std::string_view word) {
    if (word == "oneshot") return TriggerKind::oneshot;
    if (word == "multishot") return TriggerKind::multishot;
    if (word == "barrier") return TriggerKind::barrier;
    return std::nullopt;
  }

  void add_trigger(std::optional<std::uint32_t> id, std::optional<TriggerKind> kind, std::optional<std::uint32_t> count) {
    if (!id) fail("the trigger has no id");
    if (!kind) fail("the trigger has no kind", "oneshot, multishot or barrier");
    const bool barrier = *kind == TriggerKind::barrier;
    if (barrier && count.value_or(0) == 0) fail("a barrier needs a count above 0");
    if (!barrier && count) fail("count goes with a barrier only");
    const auto position = static_cast<std::uint32_t>(file_.traffic.triggers.size());
    const auto [earlier, added] = trigger_ids_.emplace(*id, position);
    if (!added)
      fail("trigger " + std::to_string(*id) + " is described already in line " + std::to_string(file_.trigger_lines[earlier->second]));
    file_.traffic.triggers.push_back({.kind = *kind, .count = count.value_or(1), .label = *id});
    file_.trigger_lines.push_back(lines_.number());
  }

  void check_count(const Promise& promise, std::size_t found, const char* key, const char* what) const {
    if (found == promise.count) return;
    fail_at(promise.line,
            std::string(key) + " says " + std::to_string(promise.count) + ", but the file has " + std::to_string(found) + ' ' + what,
            "the file may be cut off");
  }

  void check_counts() {
    if (nodes_.line == 0) fail("the line Nodes is missing");
    if (nodes_.count == 0) fail_at(nodes_.line, "Nodes must be above 0");
    if (connections_.line == 0) fail("the line Connections is missing");
    check_count(connections_, file_.traffic.flows.size(), "Connections", "flows");
    check_count(triggers_, file_.traffic.triggers.size(), "Triggers", "triggers");
    file_.nodes = nodes_.count;
    file_.nodes_line = nodes_.line;
  }

  // From the file's trigger ids to positions.
  void name_triggers() {
    for (std::size_t i = 0; i < file_.traffic.flows.size(); ++i) {
      FlowSpec& flow = file_.traffic.flows[i];
      for (TriggerId* trigger : {&flow.after, &flow.on_sent, &flow.on_received}) {
        if (!trigger->valid()) continue;
        const auto found = trigger_ids_.find(trigger->v);
        if (found == trigger_ids_.end()) {
          fail_at(file_.flow_lines[i], "trigger " + std::to_string(trigger->v) + " is not described",
                  "add a line `trigger id " + std::to_string(trigger->v) + " oneshot` and count it in Triggers");
        }
        *trigger = {found->second};
      }
    }
  }

  Lines lines_;
  Words words_{{}};
  const std::string& name_;
  CmFile file_;
  Promise nodes_, connections_, triggers_;
  std::vector<std::string_view> seen_;                            // keys of the flow being read
  std::unordered_map<std::uint32_t, int> flow_ids_;               // -> line
  std::unordered_map<std::uint32_t, std::uint32_t> trigger_ids_;  // -> position
};

}  // namespace

CmFile parse_cm(std::string_view text, const std::string& name) { return CmParser(text, name).parse(); }

}  // namespace weft
