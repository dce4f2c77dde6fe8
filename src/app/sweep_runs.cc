#include "app/sweep_runs.hh"

#include <exception>
#include <mutex>
#include <thread>

#include "app/outcome.hh"
#include "sim/run.hh"

namespace weft {

namespace {

// Of the job whose iteration takes longest.
void add_job_figures(SweepFigures& figures, const Results& results) {
  for (const JobResult& job : results.jobs) {
    const double iteration = static_cast<double>(job.iteration.v) / 1e6;
    if (job.iteration.v == 0 || iteration <= figures.iteration_us) continue;
    figures.iteration_us = iteration;
    figures.exposed_us = static_cast<double>(job.exposed_communication().v) / 1e6;
  }
}

void add_collective_figures(SweepFigures& figures, const Results& results) {
  double count = 0, time = 0, busbw = 0;
  for (const CollectiveResult& c : results.collectives) {
    if (c.end == Time::never()) continue;
    count += 1;
    time += static_cast<double>((c.end - c.ready).v) / 1e6;
    busbw += static_cast<double>(c.busbw.v) / 8e9;
  }
  if (count == 0) return;
  figures.collective_us = time / count;
  figures.busbw = busbw / count;
}

void add_fault_figures(SweepFigures& figures, const Results& results) {
  if (results.faults.empty()) return;
  const FaultResult& fault = results.faults.front();
  const auto since = [&](Time t) { return t == Time::never() ? std::nan("") : static_cast<double>((t - fault.at).v) / 1e6; };
  figures.fault.known_first_us = since(fault.first_heard);
  figures.fault.known_last_us = since(fault.last_heard);
  if (fault.lost > 0) figures.fault.last_lost_us = since(fault.last_lost);
  figures.fault.steady_us = since(fault.recovered);
  figures.fault.missing_mb = static_cast<double>(fault.missing.v) / 1e6;
}

}  // namespace

SweepFigures SweepRuns::run_one(std::size_t combination, std::uint64_t seed) {
  std::vector<std::string> overrides;
  for (const SweepChoice* choice : plan_.combination(combination))
    overrides.insert(overrides.end(), choice->overrides.begin(), choice->overrides.end());
  const Scenario scenario = scenario_.load_with(std::move(overrides), seed);
  RunOptions options;
  options.interrupt = interrupt_;
  const Results results = weft::run(scenario, options);
  SweepFigures figures;
  figures.status = exit_code_of(results) == ExitCode::stuck ? RunStatus::stuck : results.status;
  figures.flows = flow_figures(results);
  figures.goodput = goodput_gbps(results);
  add_job_figures(figures, results);
  add_collective_figures(figures, results);
  add_fault_figures(figures, results);
  figures.drops = results.counters.drops;
  figures.trims = results.counters.trims;
  figures.pauses = results.counters.pauses;
  figures.retransmissions = results.counters.retransmissions;
  figures.state_hash = results.state_hash;
  return figures;
}

void SweepRuns::execute(unsigned jobs, const std::function<void(std::size_t, std::uint64_t)>& done) {
  std::mutex mutex;
  std::exception_ptr error;
  std::size_t next = 0, shown = 0;
  const auto work = [&] {
    for (std::unique_lock lock(mutex); next < figures_.size() && !error && !interrupt_->load();) {
      const std::size_t number = next++;
      lock.unlock();
      std::optional<SweepFigures> figures;
      std::exception_ptr failure;
      try {
        figures = run_one(number / seeds_, number % seeds_ + 1);
      } catch (...) { failure = std::current_exception(); }
      lock.lock();
      if (failure && !error) error = failure;
      if (!figures || figures->status == RunStatus::interrupted) continue;
      if (figures->status == RunStatus::stuck) worst_ = ExitCode::stuck;
      figures_[number] = figures;
      for (; shown < figures_.size() && figures_[shown]; ++shown) done(shown / seeds_, shown % seeds_ + 1);
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < jobs; ++i) threads.emplace_back(work);
  work();
  for (std::thread& thread : threads) thread.join();
  if (error) std::rethrow_exception(error);
}

}  // namespace weft
