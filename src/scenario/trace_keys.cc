#include "scenario/trace_keys.hh"

namespace weft {
namespace {

constexpr std::int64_t max_rank = 16'777'215;

using P = WorkloadParameters;

Section<SampleParameters> sample_section() {
  using S = SampleParameters;
  Section<S> section("workloads.sample");
  section.add("layers", &S::layers, "Of layers that are equal and follow each other so many are simulated.")
      .absent("all")
      .between(1, max_rank);
  section.add("micro_batches", &S::micro_batches, "So many micro-batches are simulated.").absent("all").between(1, max_rank);
  return section;
}

void add_simai(Section<P>& section) {
  section
      .add(
          "data_parallel", [](P& w) -> std::uint32_t& { return w.simai.data_parallel; },
          "Replicas of the model, instead of those that the trace's all_gpus makes.")
      .only_for({"simai"})
      .absent("all_gpus, `ranks` or the hosts, by the GPUs of one model")
      .between(1, max_rank);
  section
      .add(
          "expert_parallel", [](P& w) -> std::uint32_t& { return w.simai.expert_parallel; }, "Ranks of an expert group, instead of `ep`.")
      .only_for({"simai"})
      .absent("as the trace says")
      .between(1, max_rank);
  section
      .add(
          "pipeline_parallel", [](P& w) -> std::uint32_t& { return w.simai.pipeline_parallel; }, "Pipeline stages, instead of `pp`.")
      .only_for({"simai"})
      .absent("as the trace says")
      .between(1, max_rank);
  section
      .add(
          "virtual_stages", [](P& w) -> std::uint32_t& { return w.simai.virtual_stages; },
          "Chunks into which a pipeline stage is cut, instead of `vpp`.")
      .only_for({"simai"})
      .absent("as the trace says")
      .between(1, max_rank);
  section
      .add_section(
          "sample", [](P& w) -> SampleParameters& { return w.kind == "training" ? w.training.sample : w.simai.sample; }, sample_section(),
          "What is simulated of work that repeats; the rest takes as long as its pace says.")
      .only_for({"simai", "training"})
      .absent("all of it");
}

void add_chakra(Section<P>& section) {
  section
      .add(
          "replicate", [](P& w) -> bool& { return w.chakra.replicate; }, "The trace of one rank stands for every rank.")
      .only_for({"chakra"});
  section
      .add(
          "control_dependencies", [](P& w) -> bool& { return w.chakra.control_dependencies; },
          "Control dependencies are followed, too; Chakra's own feeder follows data dependencies alone.")
      .only_for({"chakra"});
  section
      .add(
          "operations_per_second", [](P& w) -> double& { return w.chakra.operations_per_second; },
          "How fast a rank computes nodes that have a number of operations and no duration.")
      .only_for({"chakra"})
      .absent("such nodes are refused")
      .within(1, 1e18);
}

}  // namespace

void add_trace_keys(Section<P>& section) {
  section
      .add(
          "trace", [](P& w) -> std::string& { return w.trace; },
          "simai: the workload file; chakra: the folder of its files, or what comes before `.0.et` in their names.")
      .as(KeyKind::file)
      .only_for({"simai", "chakra"})
      .needed_for({"simai", "chakra"});
  add_simai(section);
  add_chakra(section);
}

}  // namespace weft
