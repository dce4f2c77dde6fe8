// The keys at the top of a scenario, and the rules between its mappings.
#include <limits>

#include "scenario/fabric_defaults.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

Section<TraceParameters> trace_section() {
  using P = TraceParameters;
  Section<P> section("trace");
  section.add("flows", &P::flows, "Ids of flows whose rate and window are recorded.").absent("none").between(0, 4'294'967'294);
  section.add("ports", &P::ports, "Ports whose queue and rate are recorded: `leaf0>spine3` is the port of leaf0 towards spine3.")
      .absent("none");
  section.add("interval", &P::interval, "Width of a bin.").between(1'000, 864'000 * ps_per_second);
  return section;
}

Section<AccountingParameters> accounting_section() {
  using P = AccountingParameters;
  Section<P> section("accounting");
  const std::string real = "what the real frame has";
  section.add("data_overhead", &P::data_overhead, "Bytes on the wire that a data packet adds to its payload.")
      .absent(real)
      .between(0, 10'000);
  section.add("ack_size", &P::ack_size, "Bytes on the wire of an ACK.").absent(real).between(1, 10'000);
  section.add("trim_size", &P::trim_size, "Bytes on the wire of a trimmed packet.").absent("64B").between(16, 10'000);
  section.add("gap", &P::gap, "Bytes of preamble and gap between frames.").absent("20B").between(0, 10'000);
  return section;
}

// Read before the mappings whose defaults it sets.
void add_profile(Section<Scenario>& section) {
  Key key;
  key.kind = KeyKind::choice;
  key.fallback = "none";
  key.one_of({"none", "uec-table"});
  section.add_custom("profile", std::move(key),
                     "A published set-up that sets defaults; keys written here win. uec-table: that of the UEC group's simulator results.",
                     [](const Reader& reader, const Key& row, const Value& value, Scenario& into) {
                       apply_profile(into, reader.choice(row, value) == 0 ? Profile::none : Profile::uec_table);
                     });
}

void check_workloads(const Reader& reader, const Value& mapping, Scenario& scenario) {
  constexpr std::size_t most = 65'535;
  const Value& list = *mapping.find("workloads");
  if (scenario.workloads.empty()) reader.fail(list.place, "'workloads' is empty", "write workloads: [ { kind: permutation, size: 2MB } ]");
  if (scenario.workloads.size() > most) reader.fail(list.place, "more than 65535 workloads");
}

void check_times(const Reader& reader, const Value& mapping, Scenario& scenario) {
  if (!scenario.duration || scenario.warmup < *scenario.duration) return;
  const Value* place = mapping.find("warmup");
  reader.fail((place != nullptr ? place : mapping.find("duration"))->place, "'warmup' is not shorter than 'duration'",
              "no flow would enter the statistics");
}

// Why the fabric's connections do not carry the operation; empty: they do.
std::string objection_to(Operation operation, const FabricParameters& fabric) {
  if (operation == Operation::tagged_send && fabric.transport != "uet")
    return "operation 'tagged-send' with transport '" + fabric.transport + "', whose SEND has no match bits";
  if (operation != Operation::write && fabric.transport == "uet" && fabric.uet.delivery == Delivery::rudi)
    return "an operation other than 'write' with delivery 'rudi', which keeps no order and executes again what comes again";
  return {};
}

void check_operations(const Reader& reader, const Value& mapping, Scenario& scenario) {
  const auto check = [&](Operation operation, const Value& place) {
    const std::string objection = objection_to(operation, scenario.fabric);
    if (objection.empty()) return;
    const Value* key = place.find("operation");
    reader.fail((key != nullptr ? *key : place).place, objection,
                operation == Operation::tagged_send ? "write send, or transport: uet" : "write delivery: rud");
  };
  const std::vector<Value>& entries = mapping.find("workloads")->items;
  for (std::size_t i = 0; i < scenario.workloads.size(); ++i) {
    const WorkloadParameters& workload = scenario.workloads[i];
    const Value* flows = entries[i].find("flows");
    if (flows == nullptr) check(workload.operation, entries[i]);
    for (std::size_t j = 0; j < workload.flows.size(); ++j) check(workload.flows[j].operation, flows->items[j]);
  }
}

}  // namespace

Section<Scenario> scenario_section() {
  using P = Scenario;
  Section<P> section("");
  section.add("name", &P::name, "Shown in reports.");
  add_profile(section);
  section.add_section("topology", &P::topology, topology_section(), "The network.").needed_for({"*"});
  section.add_section("fabric", &P::fabric, fabric_section(), "Switches, NICs and transports.");
  section.add_list("links", &P::links, condition_section(), "What is wrong with which link, and when.").absent("none");
  section.add_list("workloads", &P::workloads, workload_section(), "The traffic; several entries run at once.").needed_for({"*"});
  section.add("seed", &P::seed, "Every random choice follows from it.").between(0, std::numeric_limits<std::int64_t>::max());
  section.add("duration", &P::duration, "Stop then, whatever is unfinished.")
      .absent("until every flow has completed")
      .between(1, 864'000 * ps_per_second);
  section.add("warmup", &P::warmup, "Flows that start earlier do not enter the statistics.");
  section.add_section("trace", &P::trace, trace_section(), "Rate, window and queue over time of chosen flows and ports.");
  section.add_section("accounting", &P::accounting, accounting_section(), "Sizes for timing only; captured bytes stay real.");
  section.add_rule(check_workloads);
  section.add_rule(check_times);
  section.add_rule(check_operations);
  section.add_rule([](const Reader&, const Value&, Scenario& scenario) { give_nics(scenario); });
  return section;
}

}  // namespace weft
