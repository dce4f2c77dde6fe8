// The keys of an entry of `workloads:` that every kind of job has: where its ranks stand, how its collectives are computed, what
// is scaled down.
#include <iterator>

#include "scenario/job_keys.hh"

namespace weft {
namespace {

constexpr std::int64_t max_rank = 16'777'215;
constexpr std::int64_t max_size = 1'000'000'000'000'000;

using P = WorkloadParameters;

Section<JobParameters> algorithms_section() {
  Section<JobParameters> section("workloads.algorithms");
  for (const char* operation : collective_operations) {
    section
        .add(
            operation, [operation](JobParameters& job) -> std::string& { return job.algorithms[operation]; },
            std::string("The algorithm of ") + operation + ".")
        .absent("auto");
  }
  return section;
}

Section<EfficiencyParameters> efficiencies_section() {
  using E = EfficiencyParameters;
  Section<E> section("workloads.efficiencies");
  section.add("ring", &E::ring, "Of messages of rings.").within(0.001, 1);
  section.add("tree", &E::tree, "Of messages of tree and single-tree; NCCL: 0.92.").within(0.001, 1);
  section.add("pat", &E::pat, "Of messages of pat; NCCL: 0.75.").within(0.001, 1);
  section
      .add("nvls", &E::nvls, "Of messages of nvls, nvls-tree and nvls-in-network inside servers; NCCL: 0.85 on Hopper, 0.74 on Blackwell.")
      .within(0.001, 1);
  return section;
}

Section<Straggler> straggler_section() {
  Section<Straggler> section("workloads.stragglers");
  section.add("rank", &Straggler::rank, "The rank that is slow.").needed_for({"*"}).between(0, max_rank);
  section.add("factor", &Straggler::factor, "Its compute times are so many times those of the others.")
      .needed_for({"*"})
      .within(0.01, 1000);
  return section;
}

void add_places(Section<P>& section) {
  section
      .add(
          "name", [](P& w) -> std::string& { return w.job.name; }, "The job's name in results.")
      .only_for(job_kinds())
      .absent("its kind");
  section
      .add(
          "ranks", [](P& w) -> std::uint32_t& { return w.job.ranks; }, "Ranks of the job.")
      .only_for(job_kinds())
      .absent("as many as it needs, or as `hosts` has")
      .between(1, max_rank);
  std::vector<std::pair<std::string, RankPlacement>> placements;
  for (std::size_t i = 0; i < std::size(placement_names); ++i) placements.emplace_back(placement_names[i], static_cast<RankPlacement>(i));
  section
      .add_choice(
          "placement", [](P& w) -> RankPlacement& { return w.job.placement; }, placements,
          "Which of the `hosts` each rank gets. packed: server by server; rail: all first places of the servers, then all second ones; "
          "spread: round the servers, one place further each time; random: by the seed.")
      .only_for(job_kinds());
  section
      .add_choice(
          "ring_order", [](P& w) -> bool& { return w.job.ranks_in_order; },
          std::vector<std::pair<std::string, bool>>{{"topology", false}, {"ranks", true}},
          "Rings, trees and exchanges go through a group in the order of its hosts, or of its ranks.")
      .only_for(job_kinds());
}

void add_compute(Section<P>& section) {
  section
      .add_list(
          "stragglers", [](P& w) -> std::vector<Straggler>& { return w.job.stragglers; }, straggler_section(),
          "Ranks that compute slower than the others.")
      .only_for(compute_kinds())
      .absent("none");
  section
      .add(
          "jitter", [](P& w) -> double& { return w.job.jitter; }, "Every compute time is drawn within this share of itself, either way.")
      .only_for(compute_kinds())
      .within(0, 0.999);
  section
      .add(
          "iterations", [](P& w) -> std::uint32_t& { return w.job.iterations; }, "Iterations, one after the other.")
      .only_for(compute_kinds())
      .between(1, 10'000);
}

}  // namespace

std::vector<std::string> job_kinds() { return {"chakra", "collective", "simai", "training"}; }
std::vector<std::string> compute_kinds() { return {"chakra", "simai", "training"}; }

void add_job_keys(Section<P>& section) {
  add_places(section);
  section
      .add_section(
          "algorithms", [](P& w) -> JobParameters& { return w.job; }, algorithms_section(),
          "The algorithm of each operation; `auto` is what NCCL's cost model picks.")
      .only_for(job_kinds())
      .absent("auto");
  section
      .add_section(
          "efficiencies", [](P& w) -> EfficiencyParameters& { return w.job.efficiencies; }, efficiencies_section(),
          "The share of a link's rate that messages of an algorithm reach: they weigh so much more.")
      .only_for(job_kinds())
      .absent("all of it");
  section
      .add(
          "copies", [](P& w) -> double& { return w.job.copies; },
          "All-to-all by rail or hierarchical: so many GPUs of a server get the same bytes, on average; between servers they travel once.")
      .only_for(job_kinds())
      .within(1, 1'000);
  section
      .add(
          "launch", [](P& w) -> Duration& { return w.job.launch; }, "Time that each rank takes to begin a collective.")
      .only_for(job_kinds());
  section
      .add(
          "message_limit", [](P& w) -> Bytes& { return w.job.message_limit; },
          "So many bytes of a larger collective are simulated; the rest takes as long as their pace says, and the network is idle of "
          "it: what collectives that share links do to each other is underestimated.")
      .only_for(job_kinds())
      .absent("none")
      .between(1, max_size);
  if (!compute_kinds().empty()) add_compute(section);
}

}  // namespace weft
