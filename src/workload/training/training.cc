#include "base/parse.hh"
#include "workload/generators.hh"
#include "workload/job_settings.hh"
#include "workload/training/job.hh"

namespace weft {

Draft generate_training(const WorkloadParameters& parameters, const Surroundings& around) {
  const std::string where = place(parameters.source, parameters.line);
  const training::Plan plan = training::make_plan(parameters.training, where, hosts_for(parameters, around));
  JobSettings settings = job_settings(parameters, around, plan.ranks());
  return draft_of(parameters, around, training::training_work(parameters.training, plan, std::move(settings), parameters.job.iterations));
}

}  // namespace weft
