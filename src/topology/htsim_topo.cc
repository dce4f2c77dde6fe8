#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/spec_builder.hh"
#include "topology/topo_file.hh"

namespace weft {
namespace {

// Numbers of switches that follow from the radices.
struct Counts {
  std::uint32_t pods = 0, leaves_per_pod = 0, aggs_per_pod = 0, cores = 0;
};

class Checker {
 public:
  Checker(const TopoFile& file, const std::string& name) : file_(file), name_(name) {}

  Counts counts() const {
    Counts counts;
    if (file_.nodes % file_.pod_size != 0) fail(file_.pod_line, "Podsize must divide Nodes (" + text(file_.nodes) + ')');
    counts.pods = file_.nodes / file_.pod_size;
    if (file_.tiers == 2 && counts.pods != 1) {
      fail(file_.pod_line, "with 2 tiers Podsize must be Nodes: every leaf is linked to every spine", "Podsize " + text(file_.nodes));
    }
    const TopoTier& leaf = file_.tier[0];
    if (file_.pod_size % leaf.radix_down != 0) fail(leaf.line, "Radix_Down of tier 0 must divide Podsize (" + text(file_.pod_size) + ')');
    counts.leaves_per_pod = file_.pod_size / leaf.radix_down;
    counts.aggs_per_pod = peers_above(0);
    require_ports(1, counts.leaves_per_pod, "leaves");
    require_ratio(0);
    if (file_.tiers == 3) {
      const std::uint64_t cores = bounded_product(counts.aggs_per_pod, peers_above(1));
      if (cores > max_switches) fail(file_.tier[2].line, "the network would have more than " + text(max_switches) + " core switches");
      counts.cores = static_cast<std::uint32_t>(cores);
      require_ports(2, counts.pods, "pods");
      require_ratio(1);
    }
    return counts;
  }

 private:
  static std::string text(std::uint64_t number) { return std::to_string(number); }
  [[noreturn]] void fail(int line, const std::string& message, std::string hint = {}) const {
    throw InputError(place(name_, line), message, std::move(hint));
  }

  // Switches of tier t+1 that each switch of tier t is linked to.
  std::uint32_t peers_above(std::uint32_t t) const {
    const std::uint32_t bundle = file_.tier[t + 1].bundle;
    if (file_.tier[t].radix_up % bundle != 0) {
      fail(file_.tier[t].line, "Radix_Up of tier " + text(t) + " (" + text(file_.tier[t].radix_up) +
                                   ") must be a multiple of Bundle of tier " + text(t + 1) + " (" + text(bundle) + ')');
    }
    return file_.tier[t].radix_up / bundle;
  }

  void require_ports(std::uint32_t t, std::uint32_t below, const char* what) const {
    const TopoTier& tier = file_.tier[t];
    const std::uint64_t needed = std::uint64_t{below} * tier.bundle;
    if (needed == tier.radix_down) return;
    fail(tier.line,
         "Radix_Down of tier " + text(t) + " is " + text(tier.radix_down) + ", but " + text(below) + ' ' + what + " with Bundle " +
             text(tier.bundle) + " below need " + text(needed),
         "Radix_Down " + text(needed));
  }

  void require_ratio(std::uint32_t t) const {
    const TopoTier& tier = file_.tier[t];
    const auto down = static_cast<__int128>(tier.radix_down) * tier.rate.v;
    const auto up = static_cast<__int128>(tier.radix_up) * file_.tier[t + 1].rate.v;
    if (down == up * tier.oversubscribed) return;
    const bool whole = down % up == 0;
    fail(tier.line, "Oversubscribed of tier " + text(t) + " is " + text(tier.oversubscribed) + ", but radices and speeds say otherwise",
         whole ? "Oversubscribed " + text(static_cast<std::uint64_t>(down / up)) : "capacity down = Oversubscribed * capacity up");
  }

  const TopoFile& file_;
  const std::string& name_;
};

LinkParameters below(const TopoTier& tier) { return {.rate = tier.rate, .delay = tier.delay}; }

void require_size(const TopoFile& file, const Counts& counts, const std::string& name) {
  TopologyParameters shown;
  shown.kind = "topo";
  shown.source = name;
  shown.line = file.nodes_line;
  const std::uint64_t leaves = bounded_product(counts.pods, counts.leaves_per_pod);
  const std::uint64_t aggs = bounded_product(counts.pods, counts.aggs_per_pod);
  require_buildable(shown, file.nodes, aggs, bounded_product(leaves, file.tier[0].radix_up));
  require_buildable(shown, file.nodes, leaves + aggs + counts.cores,
                    file.nodes + leaves * file.tier[0].radix_up + bounded_product(aggs, file.tier[1].radix_up));
}

}  // namespace

TopologySpec build_topo(const TopoFile& file, const std::string& name) {
  const Counts counts = Checker(file, name).counts();
  require_size(file, counts, name);
  const bool three = file.tiers == 3;
  const std::uint32_t leaf_count = counts.pods * counts.leaves_per_pod;
  const std::uint32_t agg_count = counts.pods * counts.aggs_per_pod;
  SpecBuilder builder("topo");
  const NodeId hosts = builder.add("host", file.nodes, 0);
  const NodeId leaves = builder.add("leaf", leaf_count, 1, file.tier[0].switch_latency);
  const NodeId aggs = builder.add(three ? "agg" : "spine", agg_count, 2, file.tier[1].switch_latency);
  const NodeId cores = builder.add("core", counts.cores, 3, file.tier[2].switch_latency);
  for (std::uint32_t h = 0; h < file.nodes; ++h) {
    builder.connect(nth(hosts, h), nth(leaves, h / file.tier[0].radix_down), below(file.tier[0]));
  }
  for (std::uint32_t leaf = 0; leaf < leaf_count; ++leaf) {
    const std::uint32_t first = leaf / counts.leaves_per_pod * counts.aggs_per_pod;
    for (std::uint32_t j = 0; j < counts.aggs_per_pod; ++j) {
      builder.connect(nth(leaves, leaf), nth(aggs, first + j), below(file.tier[1]), file.tier[1].bundle);
    }
  }
  for (std::uint32_t agg = 0; three && agg < agg_count; ++agg) {
    for (std::uint32_t core = agg % counts.aggs_per_pod; core < counts.cores; core += counts.aggs_per_pod) {
      builder.connect(nth(aggs, agg), nth(cores, core), below(file.tier[2]), file.tier[2].bundle);
    }
  }
  return builder.take();
}

TopologySpec build_htsim_topo(const TopologyParameters& parameters) {
  if (parameters.file.empty()) topology_error(parameters, "`file` is missing", "file: fabric.topo");
  return build_topo(parse_topo(read_text_file(parameters.file), parameters.file), parameters.file);
}

}  // namespace weft
