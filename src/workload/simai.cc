#include "base/text_file.hh"
#include "workload/generators.hh"
#include "workload/job_settings.hh"
#include "workload/simai_job.hh"

namespace weft {

Draft generate_simai(const WorkloadParameters& parameters, const Surroundings& around) {
  if (parameters.trace.empty()) workload_error(parameters, "`trace` is missing", "trace: workload.txt");
  const SimaiFile file = parse_simai(read_text_file(parameters.trace), parameters.trace);
  const bool micro = file.policy == SimaiPolicy::micro;
  if (micro && (parameters.simai.sample.layers != 0 || parameters.simai.sample.micro_batches != 0)) {
    workload_error(parameters, "`sample` does not go with a MICRO trace: each of its lines runs once");
  }
  const SimaiShape shape = micro ? SimaiShape{} : simai_shape(file, parameters, hosts_for(parameters, around));
  SimaiSections sections;
  if (!micro) sections = simai_sections(file, shape.plan.pipeline() > 1, shape.chunks, parameters.trace);
  JobBuilder builder(job_settings(parameters, around, micro ? 0 : shape.plan.ranks()));
  SimaiJob job(file, shape, std::move(sections), parameters.simai.sample, builder);
  for (std::uint32_t i = 0; i < parameters.job.iterations; ++i) job.run_iteration();
  job.say_what_was_scaled();
  return draft_of(parameters, around, builder.finish());
}

}  // namespace weft
