// The keys of an entry of `workloads:`.
#include <algorithm>
#include <map>
#include <utility>

#include "scenario/job_keys.hh"
#include "scenario/trace_keys.hh"
#include "scenario/training_keys.hh"

namespace weft {
namespace {

constexpr std::int64_t max_host = 16'777'215;
constexpr std::int64_t max_size = 1'000'000'000'000'000;
constexpr std::int64_t max_id = 4'294'967'294;

std::vector<std::pair<std::string, Operation>> operations() {
  return {{"write", Operation::write}, {"read", Operation::read}, {"send", Operation::send}, {"tagged-send", Operation::tagged_send}};
}

Section<FlowSpec> flow_section() {
  using P = FlowSpec;
  Section<P> section("workloads.flows");
  section
      .add(
          "src", [](P& f) -> std::uint32_t& { return f.src.v; }, "Sending host; of a read: the host that asks.")
      .needed_for({"*"})
      .between(0, max_host);
  section
      .add(
          "dst", [](P& f) -> std::uint32_t& { return f.dst.v; }, "Receiving host; of a read: the host that has the bytes.")
      .needed_for({"*"})
      .between(0, max_host);
  section.add("size", &P::size, "Bytes of the message.").needed_for({"*"}).between(1, max_size);
  section.add("start", &P::start, "Instant at which it starts.").absent("that of the workload");
  section
      .add(
          "after", [](P& f) -> std::uint32_t& { return f.after.v; }, "Id of the trigger that starts it, instead of `start`.")
      .absent("none")
      .between(0, max_id);
  section
      .add(
          "on_sent", [](P& f) -> std::uint32_t& { return f.on_sent.v; }, "Id of the trigger that its last ACK activates.")
      .absent("none")
      .between(0, max_id);
  section
      .add(
          "on_received", [](P& f) -> std::uint32_t& { return f.on_received.v; },
          "Id of the trigger that the receiver's last byte activates.")
      .absent("none")
      .between(0, max_id);
  section.add_choice("operation", &P::operation, operations(), "RDMA operation (tagged-send: uet only).").absent("that of the workload");
  section.add("id", &P::label, "Number of the flow in results and traces.").absent("its position in the list, from 0").between(0, max_id);
  section.add_rule([](const Reader& reader, const Value& mapping, P& flow) {
    if (flow.src == flow.dst)
      reader.fail(mapping.place, "a flow from host " + std::to_string(flow.src.v) + " to itself", "src and dst must differ");
    const Value* start = mapping.find("start");
    if (flow.after.valid() && start != nullptr) reader.fail(start->place, "both 'start' and 'after' of a flow", "keep one");
  });
  return section;
}

Section<TriggerSpec> trigger_section() {
  using P = TriggerSpec;
  Section<P> section("workloads.triggers");
  section.default_kind("oneshot");
  section.add("id", &P::label, "Number by which flows name it.").needed_for({"*"}).between(0, max_id);
  section.add_choice(
      "kind", &P::kind,
      std::vector<std::pair<std::string, TriggerKind>>{
          {"oneshot", TriggerKind::oneshot}, {"multishot", TriggerKind::multishot}, {"barrier", TriggerKind::barrier}},
      "oneshot: the first activation starts all waiting flows; multishot: each one starts the next; barrier: the `count`-th starts all.");
  section.add("count", &P::count, "Activations that a barrier waits for.").only_for({"barrier"}).needed_for({"barrier"}).between(1, max_id);
  return section;
}

// Triggers are read first, as ids; flows then turn the ids into positions in the list of triggers.
void add_triggers(Section<WorkloadParameters>& section) {
  section.add_list("triggers", &WorkloadParameters::triggers, trigger_section(), "Triggers of the listed flows.")
      .only_for({"flows"})
      .absent("none");
}

TriggerId trigger_position(const Reader& reader, const Value& flow, const char* key, TriggerId id,
                           const std::map<std::uint32_t, std::uint32_t>& known) {
  if (!id.valid()) return id;
  const auto found = known.find(id.v);
  if (found != known.end()) return {found->second};
  std::string ids;
  for (const auto& [label, position] : known) {
    if (position < 20) ids += (ids.empty() ? "" : ", ") + std::to_string(label);
  }
  reader.fail(flow.find(key)->place, "'" + std::string(key) + "' names the trigger " + std::to_string(id.v) + ", which is not in triggers",
              ids.empty() ? "add triggers: [ { id: " + std::to_string(id.v) + " } ] to the workload" : "triggers: " + ids);
}

std::map<std::uint32_t, std::uint32_t> trigger_positions(const Reader& reader, const Value& flows, const WorkloadParameters& workload) {
  std::map<std::uint32_t, std::uint32_t> known;
  for (const TriggerSpec& trigger : workload.triggers) {
    if (known.emplace(trigger.label, static_cast<std::uint32_t>(known.size())).second) continue;
    reader.fail(flows.place, "two triggers with the id " + std::to_string(trigger.label), "ids of triggers must differ");
  }
  return known;
}

void add_flows(Section<WorkloadParameters>& section) {
  const Section<FlowSpec> inner = flow_section();
  Key key;
  key.kind = KeyKind::mappings;
  key.inner = inner.table();
  section
      .add_custom("flows", std::move(key), "The flows, one mapping each.",
                  [inner](const Reader& reader, const Key& row, const Value& value, WorkloadParameters& into) {
                    reader.expect(row, value, Value::Kind::list);
                    const auto known = trigger_positions(reader, value, into);
                    for (const Value& entry : value.items) {
                      reader.expect(row, entry, Value::Kind::map);
                      FlowSpec flow;
                      flow.start = into.start;
                      flow.operation = into.operation;
                      flow.label = static_cast<std::uint32_t>(into.flows.size());
                      inner.read(reader, entry, flow);
                      flow.after = trigger_position(reader, entry, "after", flow.after, known);
                      flow.on_sent = trigger_position(reader, entry, "on_sent", flow.on_sent, known);
                      flow.on_received = trigger_position(reader, entry, "on_received", flow.on_received, known);
                      into.flows.push_back(flow);
                      into.flow_lines.push_back(entry.place.line);
                    }
                  })
      .only_for({"flows"})
      .needed_for({"flows"});
}

void add_matrix(Section<WorkloadParameters>& section, const std::string& name, const std::string& doc) {
  Key key;
  key.kind = KeyKind::file;
  key.fallback = "none";
  section
      .add_custom(name, std::move(key), doc,
                  [](const Reader& reader, const Key& row, const Value& value, WorkloadParameters& into) {
                    reader.read(row, value, into.matrix);
                    into.kind = "matrix";
                  })
      .replaces_all();
}

void check_sizes(const Reader& reader, const Value& mapping, WorkloadParameters& workload) {
  if (workload.kind != "poisson") return;
  if (workload.sizes.empty()) workload.sizes = "fixed";
  const Value* size = mapping.find("size");
  if (workload.sizes == "fixed" && size == nullptr) {
    reader.fail(mapping.place, "the key 'size' is missing in workloads for sizes 'fixed'", "write size: 2MB, or sizes: web-search");
  }
  if (workload.sizes != "fixed" && size != nullptr) {
    reader.fail(size->place, "'size' does not go with sizes '" + workload.sizes + "'",
                "the distribution gives the sizes; drop 'size', or write sizes: fixed");
  }
}

void check_labels(const Reader& reader, const Value& mapping, WorkloadParameters& workload) {
  std::map<std::uint32_t, std::size_t> seen;
  for (std::size_t i = 0; i < workload.flows.size(); ++i) {
    if (seen.emplace(workload.flows[i].label, i).second) continue;
    reader.fail(mapping.find("flows")->items[i].place, "two flows with the id " + std::to_string(workload.flows[i].label),
                "ids of flows must differ");
  }
}

// RDMA operations and collectives share a key: a mapping's kind tells which of them it takes.
void add_operation(Section<WorkloadParameters>& section) {
  Key key;
  key.kind = KeyKind::choice;
  for (const auto& [word, meaning] : operations()) key.choices.push_back(word);
  key.choices.insert(key.choices.end(), collective_operations.begin(), collective_operations.end());
  key.fallback = "write";
  section.add_custom("operation", std::move(key),
                     "RDMA operation of the flows (tagged-send: uet only); of kind collective, and needed there: what it computes.",
                     [](const Reader& reader, const Key& row, const Value& value, WorkloadParameters& into) {
                       const auto rdma = operations();
                       const std::size_t chosen = reader.choice(row, value);
                       if ((chosen < rdma.size()) == (into.kind == "collective")) {
                         reader.fail(
                             value.place, "the operation '" + row.choices[chosen] + "' does not go with kind '" + into.kind + "'",
                             into.kind == "collective" ? "all-reduce, all-gather, all-to-all, ..." : "write, read, send or tagged-send");
                       }
                       if (chosen < rdma.size())
                         into.operation = rdma[chosen].second;
                       else
                         into.collective.operation = row.choices[chosen];
                     });
}

void check_collective(const Reader& reader, const Value& mapping, WorkloadParameters& workload) {
  if (workload.kind != "collective") return;
  const std::string& operation = workload.collective.operation;
  if (operation.empty())
    reader.fail(mapping.place, "the key 'operation' is missing in workloads for kind 'collective'", "operation: all-reduce");
  if (operation != "barrier" && mapping.find("size") == nullptr) {
    reader.fail(mapping.place, "the key 'size' is missing in workloads for operation '" + operation + "'", "size: 64MB");
  }
  const auto only = [&](const char* key, bool fits, const std::string& with) {
    const Value* value = mapping.find(key);
    if (value != nullptr && !fits)
      reader.fail(value->place, "'" + std::string(key) + "' does not go with operation '" + operation + "'", with);
  };
  only("size", operation != "barrier", "a barrier moves no bytes");
  only("root", operation == "broadcast" || operation == "reduce", "it goes with broadcast and reduce");
  only("parallel", operation == "all-to-all", "it goes with all-to-all");
}

void add_collective_keys(Section<WorkloadParameters>& section) {
  using P = WorkloadParameters;
  section
      .add(
          "algorithm", [](P& w) -> std::string& { return w.collective.algorithm; },
          "How the collective is computed: ring, tree, single-tree, halving-doubling, hierarchical, pat, bruck, direct, rail, "
          "dissemination, in-network, nvls, nvls-tree, nvls-in-network; auto: what NCCL's cost model picks.")
      .only_for({"collective"})
      .absent("that of `algorithms`; else ring, direct for all-to-all and send-receive, dissemination for barrier");
  section
      .add(
          "channels", [](P& w) -> std::uint16_t& { return w.collective.channels; }, "Parts of the data that go around side by side.")
      .only_for(job_kinds())
      .between(1, 64);
  section
      .add(
          "chunk", [](P& w) -> Bytes& { return w.collective.chunk; },
          "Bytes of a channel's part that travel as one message; chunks follow each other through the steps.")
      .only_for(job_kinds())
      .absent("a part is one chunk")
      .between(1, max_size);
  section
      .add(
          "count", [](P& w) -> std::uint32_t& { return w.collective.count; },
          "Repetitions; a host begins the next when its share of the last is done.")
      .only_for({"collective"})
      .between(1, 100'000);
  section
      .add(
          "root", [](P& w) -> std::optional<std::uint32_t>& { return w.collective.root; }, "Host from which, or to which, all goes.")
      .only_for({"collective"})
      .absent("the first that takes part")
      .between(0, max_host);
  section
      .add(
          "ranks_per_server", [](P& w) -> std::uint32_t& { return w.collective.ranks_per_server; },
          "So many hosts in a row stand in one server, for algorithms of two levels.")
      .only_for(job_kinds())
      .absent("servers are not known")
      .between(1, max_host);
  section
      .add(
          "local_rate", [](P& w) -> std::optional<Rate>& { return w.collective.local_rate; },
          "Rate at which a host adds up or copies what has arrived.")
      .only_for(job_kinds())
      .absent("it takes no time");
}

void add_generator_keys(Section<WorkloadParameters>& section) {
  using P = WorkloadParameters;
  std::vector<std::string> kinds{"permutation", "incast", "all-to-all", "poisson"};
  for (const std::string& kind : job_kinds()) kinds.push_back(kind);
  section.add("hosts", &P::hosts, "Hosts that take part; `0-99` stands for all from 0 to 99.")
      .only_for(kinds)
      .absent("all")
      .between(0, max_host);
  section.add("fan_in", &P::fan_in, "Senders to each receiver.").only_for({"incast"}).absent("all that are left").between(1, max_host);
  section.add("groups", &P::groups, "Receivers, each with senders of its own.").only_for({"incast"}).between(1, max_host);
  section.add("destination", &P::destination, "The receiver.").only_for({"incast"}).absent("chosen by the seed").between(0, max_host);
  section.add("parallel", &P::parallel, "Flows at once per sender; 0: all.")
      .only_for({"all-to-all", "collective", "simai", "chakra", "training"})
      .between(0, max_host);
  section.add("load", &P::load, "Offered load, as a share of each host's link rate.")
      .only_for({"poisson"})
      .needed_for({"poisson"})
      .within(1e-6, 1);
  section.add("length", &P::length, "Flows arrive from `start` for so long.")
      .only_for({"poisson"})
      .needed_for({"poisson"})
      .between(1, 864'000 * ps_per_second);
  section.add("sizes", &P::sizes, "Distribution of the sizes, or a file of `bytes cdf` lines.")
      .as(KeyKind::file_or_word)
      .one_of({"fixed", "web-search", "hadoop"})
      .only_for({"poisson"})
      .absent("fixed");
}

}  // namespace

Section<WorkloadParameters> workload_section() {
  using P = WorkloadParameters;
  Section<P> section("workloads");
  section.add("kind", &P::kind, "What generates the flows.")
      .as(KeyKind::choice)
      .one_of({"flows", "permutation", "incast", "all-to-all", "poisson", "collective", "simai", "chakra", "training"})
      .needed_for({"*"});
  add_matrix(section, "matrix", "A .cm file with flows and triggers; it replaces every other key of this mapping.");
  add_matrix(section, "file", "Another name for `matrix`.");
  add_operation(section);
  section.add("size", &P::size, "Bytes of each message; of a collective: as NCCL counts them.")
      .only_for({"permutation", "incast", "all-to-all", "poisson", "collective"})
      .needed_for({"permutation", "incast", "all-to-all"})
      .between(1, max_size);
  section.add("start", &P::start, "Instant at which the flows start.");
  add_generator_keys(section);
  add_collective_keys(section);
  add_job_keys(section);
  add_trace_keys(section);
  add_training_keys(section);
  add_triggers(section);
  add_flows(section);
  section.add_rule(check_sizes);
  section.add_rule(check_labels);
  section.add_rule(check_collective);
  return section;
}

}  // namespace weft
