// Training jobs end to end, packet by packet: both transports, any number of threads, what placement, stragglers and samples do,
// and what the keys refuse.
#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

const std::string sixteen =
    "topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns } }\n"
    "fabric: { congestion: none }\n";

const std::string servers =
    "topology: { kind: rail, servers: 4, gpus_per_server: 4, spines: 4, link: { rate: 400Gbps, delay: 500ns }, server: { scale_up: { rate: "
    "3600Gbps } "
    "} }\n"
    "fabric: { congestion: none }\n";

// Computing as long as the GPU would at 0.4 of 200 TFLOP/s: neither part of the iteration is negligible.
std::string job(const std::string& plan, const std::string& more = {}) {
  return "workloads:\n  - kind: training\n"
         "    model: { layers: 8, hidden: 512, heads: 8, ffn_hidden: 2048, vocabulary: 8000, sequence: 512 }\n"
         "    machine: { name: test, peak_tflops: { bf16: 200 } }\n"
         "    efficiency: 0.4\n    global_batch: 32\n    algorithms: { all-reduce: ring }\n    plan: { " +
         plan + " }\n" + more;
}

Results run_job(const std::string& text, const std::vector<std::string>& overrides = {}, unsigned threads = 1) {
  Results results = run_text(text, overrides, threads);
  EXPECT_EQ(results.status, RunStatus::done) << results.status_reason;
  EXPECT_EQ(results.jobs.size(), 1U);
  if (results.jobs.empty()) results.jobs.emplace_back();
  return results;
}

double iteration_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return seconds(run_job(text, overrides).jobs[0].iteration);
}

TEST(TrainingRun, EveryKindOfParallelismRunsOnBothTransports) {
  for (const char* plan : {"tensor: 2, pipeline: 2, virtual_stages: 2, data: 4", "tensor: 2, sequence: true, context: 2, zero: 1",
                           "context: 2, context_exchange: all-gather, pipeline: 2, zero: 3"}) {
    for (const char* transport : {"roce", "uet"}) {
      const Results r = run_job(sixteen + job(plan), {"fabric.transport=" + std::string(transport)});
      EXPECT_GT(r.jobs[0].compute.v, 0);
      EXPECT_GT(r.jobs[0].iteration, r.jobs[0].compute) << plan;
      EXPECT_FALSE(r.collectives.empty());
    }
  }
}

TEST(TrainingRun, ExpertsRunSkewedAndEqual) {
  const std::string text = sixteen + job("data: 16, expert: 8", "    skew: 1.0\n");
  const std::vector<std::string> experts{"workloads.0.model.experts=16", "workloads.0.model.top_k=2",
                                         "workloads.0.model.expert_ffn_hidden=512"};
  const double skewed = iteration_of(text, experts);
  std::vector<std::string> equal = experts;
  equal.emplace_back("workloads.0.skew=0");
  EXPECT_GT(skewed, 1.05 * iteration_of(text, equal));
}

TEST(TrainingRun, SameBytesForAnyNumberOfThreads) {
  const std::string text =
      servers + job("tensor: 4, sequence: true, pipeline: 2, data: 2, zero: 1", "    jitter: 0.05\n    iterations: 2\n");
  const std::vector<std::string> small{"workloads.0.model.layers=2", "workloads.0.model.sequence=64", "workloads.0.global_batch=4"};
  const Results one = run_job(text, small);
  for (const unsigned threads : {2U, 3U}) {
    const Results more = run_job(text, small, threads);
    EXPECT_EQ(more.state_hash, one.state_hash) << threads;
    EXPECT_EQ(more.jobs[0].iteration_ends, one.jobs[0].iteration_ends);
  }
  EXPECT_EQ(one.jobs[0].iteration_ends.size(), 2U);
}

TEST(TrainingRun, TensorGroupsInsideServersAreFaster) {
  const std::string text = servers + job("tensor: 4, data: 4");
  EXPECT_LT(1.1 * iteration_of(text), iteration_of(text, {"workloads.0.placement=spread"}));
}

TEST(TrainingRun, OneStragglerSlowsTheIteration) {
  const std::string text = sixteen + job("tensor: 2, data: 8");
  const Results normal = run_job(text);
  const Results slow = run_job(text, {"workloads.0.stragglers=[{rank: 3, factor: 2}]"});
  const double longer = seconds(slow.jobs[0].iteration) - seconds(normal.jobs[0].iteration);
  // Its own computing once more, at most; nearly all of it, since its tensor group waits for each of its tasks.
  const double own = seconds(normal.jobs[0].compute);
  EXPECT_LT(longer, 1.05 * own);
  EXPECT_GT(longer, 0.85 * own);
}

// k of n layers and of m micro-batches against the whole, on an uncongested fabric: docs/fidelity.md states the error.
TEST(TrainingRun, SamplesComeCloseToTheWhole) {
  struct Case {
    const char* plan;
    double tolerance;
  };
  for (const Case& c : {Case{"tensor: 2, pipeline: 2, data: 4", 0.01}, Case{"tensor: 4, sequence: true, data: 4, zero: 1", 0.02},
                        Case{"pipeline: 4, data: 4, zero: 3", 0.03}}) {
    const std::string text = servers + job(c.plan);
    const std::vector<std::string> larger{"workloads.0.model.layers=16", "workloads.0.global_batch=64"};
    const Results whole = run_job(text, larger);
    std::vector<std::string> sampled = larger;
    sampled.emplace_back("workloads.0.sample={layers: 2, micro_batches: 6}");
    const Results part = run_job(text, sampled);
    const double error = seconds(part.jobs[0].iteration) / seconds(whole.jobs[0].iteration) - 1;
    std::cout << c.plan << ": sampled " << 100 * error << " % off, " << part.flows.size() << " of " << whole.flows.size() << " messages\n";
    EXPECT_NEAR(error, 0, c.tolerance) << c.plan;
    EXPECT_EQ(part.jobs[0].scaled.size(), 2U);
    EXPECT_LT(part.flows.size() * 2, whole.flows.size());
  }
}

TEST(TrainingRun, KeysSayWhatIsWrong) {
  const auto refused = [](const std::vector<std::string>& overrides, const std::string& where, const std::string& part) {
    expect_input_error([&] { static_cast<void>(run_text(sixteen + job("tensor: 2"), overrides)); }, where, part);
  };
  refused({"workloads.0.model=lama-3-8b"}, "--set workloads.0.model=lama-3-8b",
          "did you mean 'llama-3-8b'? it has: deepseek-v3, gpt-3-175b");
  refused({"workloads.0.machine=h1000"}, "--set workloads.0.machine=h1000", "did you mean 'h100'?");
  refused({"workloads.0.model.layers=0"}, "--set workloads.0.model.layers=0", "'layers'");
  refused({"workloads.0.plan={tensor: 8, data: 4}"}, "test.yaml:4",
          "needs 32 GPUs (tensor 8 x context 1 x data 4 x pipeline 1), but there are 16");
  refused({"workloads.0.plan={tensor: 3, data: 1}"}, "test.yaml:4", "8 heads do not divide by tensor (3)");
  refused({"workloads.0.skew=1"}, "--set workloads.0.skew=1", "does not go with a model without experts");
  refused({"workloads.0.plan.tenser=2"}, "--set workloads.0.plan.tenser=2", "did you mean 'tensor'?");
  refused({"workloads.0.profile=missing.csv"}, "missing.csv", "");
  expect_input_error([] { static_cast<void>(scenario_of(sixteen + "workloads:\n  - { kind: training, model: gpt-3-175b }\n")); },
                     "test.yaml:4", "the key 'global_batch' is missing");
}

}  // namespace
}  // namespace weft
