// A training job: from its parameters to a task graph with its record.
//
// Errors: InputError at the builder's `where`: see plan.hh, costs.hh, iteration.hh, job_builder.hh.
#pragma once

#include "workload/job_builder.hh"
#include "workload/training/plan.hh"

namespace weft::training {

// `settings` has as many ranks as the plan.
[[nodiscard]] TaskWork training_work(const TrainingParameters& training, const Plan& plan, JobSettings settings, std::uint32_t iterations);

}  // namespace weft::training
