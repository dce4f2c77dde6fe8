#include "workload/training/job.hh"

#include <utility>

#include "base/check.hh"
#include "workload/training/iteration.hh"

namespace weft::training {

TaskWork training_work(const TrainingParameters& training, const Plan& plan, JobSettings settings, std::uint32_t iterations) {
  CHECK(settings.hosts.size() == plan.ranks(), "hosts", settings.hosts.size(), "ranks", plan.ranks());
  const Setup setup{training, plan, Groups(plan), make_costs(training, plan, settings.where)};
  JobBuilder builder(std::move(settings));
  Iteration iteration(builder, setup);
  for (std::uint32_t i = 0; i < iterations; ++i) iteration.run();
  return builder.finish();
}

}  // namespace weft::training
