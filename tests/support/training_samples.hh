// Small training jobs for tests: parameters, settings, and the sums that closed forms speak of.
#pragma once

#include <map>
#include <numeric>
#include <string>

#include "workload/training/job.hh"
#include "workload/training/model.hh"

namespace weft::test {

inline TrainingParameters small_training() {
  TrainingParameters training;
  ModelParameters& model = training.model;
  model.layers = 8;
  model.hidden = 64;
  model.heads = 8;
  model.ffn_hidden = 256;
  model.vocabulary = 1024;
  model.sequence = 128;
  training.machine.name = "test";
  training.machine.peak[static_cast<std::size_t>(Precision::bf16)] = 1;
  training.efficiency = 0.5;
  training.global_batch = 16;
  training.micro_batch = 1;
  return training;
}

inline JobSettings settings_for(std::uint32_t ranks) {
  JobSettings settings;
  settings.where = "test.yaml:7";
  settings.name = "training";
  settings.hosts.resize(ranks);
  std::iota(settings.hosts.begin(), settings.hosts.end(), 0U);
  settings.algorithms = {{collective::Operation::all_reduce, "ring"},
                         {collective::Operation::all_gather, "ring"},
                         {collective::Operation::reduce_scatter, "ring"},
                         {collective::Operation::all_to_all, "direct"}};
  return settings;
}

inline TaskWork work_of(const TrainingParameters& training, std::uint32_t gpus, std::uint32_t iterations = 1) {
  const training::Plan plan = training::make_plan(training, "test.yaml:7", gpus);
  return training::training_work(training, plan, settings_for(plan.ranks()), iterations);
}

struct LabelTraffic {
  std::uint64_t collectives = 0;
  std::int64_t bytes = 0;
};

// Collectives whose label ends with `what`.
inline LabelTraffic collectives_of(const TaskWork& work, const std::string& what) {
  LabelTraffic sum;
  for (const CollectiveSpan& span : work.job.collectives) {
    const std::string& label = work.job.labels[span.label.index()];
    if (label.size() < what.size() || label.compare(label.size() - what.size(), what.size(), what) != 0) continue;
    ++sum.collectives;
    sum.bytes += span.bytes.v;
  }
  return sum;
}

}  // namespace weft::test
