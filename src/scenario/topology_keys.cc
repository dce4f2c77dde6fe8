// The keys of `topology:`.
#include <algorithm>
#include <utility>

#include "scenario/training_keys.hh"

namespace weft {
namespace {

constexpr std::int64_t max_nodes = 1'000'000;

// `inherits` says where absent keys come from; empty: the defaults hold, and a delay must be given.
template <class T, class RateField, class DelayField>
void add_link_keys(Section<T>& section, RateField rate, DelayField delay, const std::string& inherits) {
  Key& rate_key = section.add("rate", rate, "Rate of each direction.").between(1'000'000, 100'000'000'000'000);
  if (!inherits.empty()) rate_key.absent(inherits);
  section.add("delay", delay, "One-way propagation delay; one of `delay` and `length` is needed.")
      .absent(inherits.empty() ? "none: it must be given" : inherits)
      .between(1, 10 * ps_per_second);
  section.add("length", delay, "Length of the cable, read at 5 us/km.")
      .as(KeyKind::length)
      .absent(inherits.empty() ? "see `delay`" : inherits)
      .between(1, 10 * ps_per_second);
  section.add_rule([](const Reader& reader, const Value& mapping, T&) {
    const Value* length = mapping.find("length");
    if (length != nullptr && mapping.find("delay") != nullptr) {
      reader.fail(length->place, "both 'delay' and 'length' of a link", "keep one; a length is a delay at 5 us/km");
    }
  });
}

bool has_delay(const Value* link) { return link != nullptr && (link->find("delay") != nullptr || link->find("length") != nullptr); }

Section<GraphLink> graph_link_section() {
  Section<GraphLink> section("topology.graph.links");
  section.add("a", &GraphLink::a, "Name of one end.").needed_for({"*"});
  section.add("b", &GraphLink::b, "Name of the other end.").needed_for({"*"});
  add_link_keys(
      section, [](GraphLink& link) -> Rate& { return link.link.rate; }, [](GraphLink& link) -> Duration& { return link.link.delay; },
      "as in `topology.link`");
  return section;
}

Section<TopologyParameters> graph_section() {
  Section<TopologyParameters> section("topology.graph");
  section.add("hosts", &TopologyParameters::graph_hosts, "Names of the hosts; host 0 is the first.").needed_for({"*"});
  section.add("switches", &TopologyParameters::graph_switches, "Names of the switches.").absent("none");
  section
      .add_list("links", &TopologyParameters::graph_links, graph_link_section(),
                "Links by the names of their ends; a rate or delay that is absent is that of `topology.link`.",
                std::function<GraphLink(const TopologyParameters&)>([](const TopologyParameters& topology) {
                  GraphLink start;
                  start.link = topology.link;
                  return start;
                }))
      .needed_for({"*"});
  return section;
}

void require_delay(const Reader& reader, const Value& mapping, TopologyParameters& topology) {
  const Value* link = mapping.find("link");
  if (has_delay(link)) return;
  if (topology.kind == "graph") {
    const Value* links = mapping.find("graph")->find("links");
    bool all = true;
    for (const Value& each : links->items) all = all && has_delay(&each);
    if (all) return;
  }
  reader.fail(link != nullptr ? link->place : mapping.place, "the link delay is missing in topology",
              "write link: { rate: 400Gbps, delay: 1us } or link: { rate: 400Gbps, length: 200m }");
}

void add_uplink(Section<TopologyParameters>& section) {
  const Section<LinkParameters> inner = link_section("topology.uplink", "as in `topology.link`");
  Key key;
  key.kind = KeyKind::mapping;
  key.inner = inner.table();
  key.fallback = "as `link`";
  section.add_custom("uplink", std::move(key), "Links between switches; keys absent here are those of `link`.",
                     [inner](const Reader& reader, const Key& row, const Value& value, TopologyParameters& into) {
                       reader.expect(row, value, Value::Kind::map);
                       LinkParameters uplink = into.link;
                       inner.read(reader, value, uplink);
                       into.uplink = uplink;
                     });
}

// Of networks whose counts follow from the ports of a switch.
void add_radix_counts(Section<TopologyParameters>& section) {
  using P = TopologyParameters;
  section.add("radix", &P::radix, "Ports of a switch: what is not given follows from it, and no switch may need more.")
      .only_for({"three-tier", "rail-pods", "multi-pod"})
      .between(1, 65'535);
  section.add("leaf_uplinks", &P::leaf_uplinks, "Links of a leaf to the aggregation switches of its pod, as many to each.")
      .only_for({"three-tier", "rail-pods", "multi-pod"})
      .absent("as `aggs_per_pod`, else what carries the leaf's hosts")
      .between(1, 65'535);
  section.add("agg_uplinks", &P::agg_uplinks, "Links of an aggregation switch to the top switches of its plane, as many to each.")
      .only_for({"three-tier", "rail-pods"})
      .absent("from `oversubscription`; one pod, rail-pods: none")
      .between(1, 65'535);
  section.add("tops_per_plane", &P::tops_per_plane, "Top switches of each plane; plane i joins aggregation switch i of all pods.")
      .only_for({"three-tier", "rail-pods"})
      .absent("the fewest whose ports suffice")
      .between(1, max_nodes);
  section
      .add("borders_per_pod", &P::borders_per_pod,
           "Border switches of each pod, each linked to every aggregation switch of it; 0: leaves are linked to the cores.")
      .only_for({"multi-pod"})
      .absent("as many as carry the pod's traffic with half their ports")
      .between(0, max_nodes);
  section
      .add("core_uplinks", &P::core_uplinks,
           "Links of a border switch, or where there are none of a leaf, to the cores of its plane, as many to each.")
      .only_for({"multi-pod"})
      .absent("from `oversubscription`")
      .between(1, 65'535);
}

void add_counts(Section<TopologyParameters>& section) {
  using P = TopologyParameters;
  section.add("hosts", &P::hosts, "Hosts on the one switch.").only_for({"switch"}).needed_for({"switch"}).between(1, max_nodes);
  section.add("leaves", &P::leaves, "Leaf switches.").only_for({"leaf-spine"}).needed_for({"leaf-spine"}).between(1, max_nodes);
  section.add("spines", &P::spines, "Spine switches; each leaf, or rail switch, has one uplink to each.")
      .only_for({"leaf-spine", "rail"})
      .absent("from `oversubscription`; rail: none")
      .between(1, max_nodes);
  section.add("hosts_per_leaf", &P::hosts_per_leaf, "Hosts on each leaf.")
      .only_for({"leaf-spine", "clos", "three-tier", "rail-pods", "multi-pod"})
      .needed_for({"leaf-spine", "clos"})
      .absent("half of `radix`")
      .between(1, max_nodes);
  section.add("pods", &P::pods, "Pods of the fabric.")
      .only_for({"clos", "three-tier", "multi-pod"})
      .needed_for({"clos", "three-tier", "multi-pod"})
      .between(1, max_nodes);
  section.add("leaves_per_pod", &P::leaves_per_pod, "Leaf switches of each pod.")
      .only_for({"clos", "three-tier", "multi-pod"})
      .needed_for({"clos"})
      .absent("half of `radix`")
      .between(1, max_nodes);
  section.add("aggs_per_pod", &P::aggs_per_pod, "Aggregation switches of each pod, each linked to every leaf of it.")
      .only_for({"clos", "three-tier", "rail-pods", "multi-pod"})
      .absent("clos: from `oversubscription`, else as `leaf_uplinks`")
      .between(1, max_nodes);
  section.add("cores", &P::cores, "Core switches.")
      .only_for({"clos", "multi-pod"})
      .absent("clos: from `oversubscription`; multi-pod: the fewest whose ports suffice")
      .between(1, max_nodes);
  add_radix_counts(section);
  section
      .add("oversubscription", &P::oversubscription,
           "Capacity towards the hosts over capacity upwards, `4` or `4:1`; sets the uplinks where their number is not given. "
           "three-tier: of the aggregation switches; multi-pod: of a pod towards the cores.")
      .as(KeyKind::ratio)
      .only_for({"leaf-spine", "clos", "three-tier", "multi-pod"})
      .within(0.01, 1000);
  section.add("servers", &P::servers, "Servers of the network.")
      .only_for({"rail", "rail-pods"})
      .needed_for({"rail", "rail-pods"})
      .between(1, max_nodes);
  section.add("gpus_per_server", &P::gpus_per_server, "GPUs, that is hosts, of each server.")
      .only_for({"rail", "rail-pods"})
      .between(1, 1024);
  section.add("rails", &P::rails, "rail: rail switches of each pod; rail-pods: pods. GPU i of a server sits on rail i modulo `rails`.")
      .only_for({"rail", "rail-pods"})
      .absent("as `gpus_per_server`")
      .between(1, 1024);
  section.add("servers_per_pod", &P::servers_per_pod, "Servers that share a set of rail switches.")
      .only_for({"rail"})
      .absent("all servers in one pod")
      .between(1, max_nodes);
}

Section<ScaleUpParameters> scale_up_section() {
  using P = ScaleUpParameters;
  Section<P> section("topology.server.scale_up");
  section.default_kind("switch");
  using Kind = P::Kind;
  section.add_choice("kind", &P::kind, std::vector<std::pair<std::string, Kind>>{{"switch", Kind::through_switch}, {"mesh", Kind::mesh}},
                     "One switch for all GPUs of the server, or a link between any two of them.");
  section.add("rate", &P::rate, "Rate of each direction of a GPU's link to the switch; mesh: of a link between two GPUs.")
      .between(1'000'000, 100'000'000'000'000);
  section.add("delay", &P::delay, "One-way propagation delay of those links.").between(1, 10 * ps_per_second);
  section.add("latency", &P::latency, "Fixed latency of the switch.").only_for({"switch"}).between(0, 10 * ps_per_second);
  section.add("buffer", &P::buffer, "Packet memory of the switch.").only_for({"switch"}).between(10'000, 1'000'000'000'000);
  section.add("reduces", &P::reduces, "The switch adds and copies, which `nvls` and `nvls-tree` need.").only_for({"switch"});
  return section;
}

Section<PcieParameters> pcie_section() {
  using P = PcieParameters;
  Section<P> section("topology.server.pcie");
  section.add("rate", &P::rate, "Rate of each direction; the default is 16 lanes of PCIe 5.0.").between(1'000'000, 100'000'000'000'000);
  section.add("delay", &P::delay, "One way between GPU and NIC.").between(1, 10 * ps_per_second);
  return section;
}

// What the machine's file has becomes the default of the keys that follow.
void take_from(const MachineParameters& machine, ServerParameters& server) {
  server.gpus = machine.gpus;
  if (machine.nics != 0) server.nics = machine.nics;
  if (machine.scale_up.v == 0) return;
  ScaleUpParameters& scale_up = server.scale_up.emplace();
  scale_up.kind = machine.mesh ? ScaleUpParameters::Kind::mesh : ScaleUpParameters::Kind::through_switch;
  scale_up.rate = machine.mesh ? machine.scale_up / std::max(machine.gpus - 1, 1U) : machine.scale_up;
}

void add_machine(Section<ServerParameters>& section) {
  Key key;
  key.kind = KeyKind::named;
  key.fallback = "none";
  section.add_custom("machine", std::move(key),
                     "Its GPUs, NICs and scale-up rate are the defaults here: a machine of the library (`weft show --library`), a file, or "
                     "a mapping as `workloads.N.machine`. The NICs' rate is that of `link`.",
                     [](const Reader& reader, const Key& row, const Value& value, ServerParameters& into) {
                       MachineParameters machine;
                       read_machine(reader, row, value, machine);
                       take_from(machine, into);
                     });
}

Section<ServerParameters> server_section() {
  using P = ServerParameters;
  Section<P> section("topology.server");
  add_machine(section);
  section.add("gpus", &P::gpus, "GPUs, that is hosts, of each server: host `i` is in server `i / gpus`.")
      .absent("8; rail: `gpus_per_server`")
      .between(1, 65'535);
  section.add("nics", &P::nics, "NICs of each server: as many as GPUs, a multiple of that, or fewer, shared through `pcie`.")
      .absent("as `gpus`")
      .between(1, 65'535);
  section
      .add_section(
          "scale_up", [](P& server) -> ScaleUpParameters& { return server.scale_up ? *server.scale_up : server.scale_up.emplace(); },
          scale_up_section(), "The network inside each server, lossless, which takes all traffic between its GPUs.")
      .absent("there is none");
  section
      .add_section(
          "pcie", [](P& server) -> PcieParameters& { return server.pcie ? *server.pcie : server.pcie.emplace(); }, pcie_section(),
          "What is between GPU and NIC, each of which then has a port and queues of its own.")
      .absent("the GPU's port is the NIC itself");
  return section;
}

void add_servers_keys(Section<TopologyParameters>& section) {
  using P = TopologyParameters;
  section
      .add_section(
          "server", [](P& topology) -> ServerParameters& { return topology.server ? *topology.server : topology.server.emplace(); },
          server_section(), "Servers of several GPUs, with networks inside.")
      .absent("hosts are not grouped");
  section.add_choice("reduction", &P::reduction,
                     std::vector<std::pair<std::string, Reduction>>{{"none", Reduction::none}, {"access", Reduction::access}},
                     "Which switches of the network add and copy; `access`: those with links to hosts, which `in-network` needs.");
  section.add("reduction_delay", &P::reduction_delay, "One way between a computing switch and the unit in it that adds and copies.")
      .between(1, 10 * ps_per_second);
}

}  // namespace

Section<LinkParameters> link_section(const std::string& path, const std::string& inherits) {
  Section<LinkParameters> section(path);
  add_link_keys(section, &LinkParameters::rate, &LinkParameters::delay, inherits);
  return section;
}

Section<TopologyParameters> topology_section() {
  using P = TopologyParameters;
  Section<P> section("topology");
  section.default_kind(P{}.kind);
  section.add("kind", &P::kind, "Which builder makes the network.")
      .as(KeyKind::choice)
      .one_of({"switch", "leaf-spine", "clos", "rail", "graph", "three-tier", "rail-pods", "multi-pod"});
  section.add("file", &P::file, "A .topo file; it replaces every other key of this mapping.")
      .as(KeyKind::file)
      .absent("none")
      .replaces_all();
  section.add_section("link", &P::link, link_section("topology.link", ""), "Links of the hosts.");
  add_uplink(section);
  add_counts(section);
  section.add("switch_latency", &P::switch_latency, "Fixed latency of a switch, from the last bit in to the egress queue.");
  section
      .add("copper", &P::copper,
           "Links of the network up to this length are copper cables, longer ones optical with a transceiver at each end: for the counts "
           "of `weft show`.")
      .as(KeyKind::length)
      .absent("3m")
      .between(0, 10 * ps_per_second);
  section
      .add_section(
          "graph", [](P& topology) -> P& { return topology; }, graph_section(), "A network written link by link.")
      .only_for({"graph"})
      .needed_for({"graph"});
  add_servers_keys(section);
  section.add_rule(require_delay);
  return section;
}

}  // namespace weft
