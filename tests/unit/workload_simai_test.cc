// SimAI's workload files: what is read, what is refused and where; who communicates with whom and in which order; schedules and
// samples against closed forms on ideal hardware (support/ideal_times.hh).
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "support/ideal_times.hh"
#include "support/input_error.hh"
#include "support/scratch_folder.hh"
#include "support/simai_samples.hh"
#include "workload/generators.hh"
#include "workload/simai_file.hh"
#include "workload/simai_sections.hh"

namespace weft {

using namespace test;

namespace {

const std::string policy = "HYBRID_TRANSFORMER_FWD_IN_BCKWD ";
const std::string none = " NONE 0 ";

std::string layer(const std::string& rest) { return "layer -1 " + rest + '\n'; }
// Forward and backward compute, in ns, half of the backward for the weights; nothing is sent.
std::string computing(const std::string& name, int forward, int backward) {
  return name + " -1 " + std::to_string(forward) + none + std::to_string(backward / 2) + none + std::to_string(backward / 2) + none + "0\n";
}
std::string file_of(const std::string& header, const std::vector<std::string>& layers) {
  std::string text = policy + header + '\n' + std::to_string(layers.size()) + '\n';
  for (const std::string& line : layers) text += line;
  return text;
}

struct TraceRun {
  WorkloadParameters parameters;
  Surroundings around;
  TraceRun() {
    parameters.kind = "simai";
    parameters.source = "s.yaml";
    parameters.line = 7;
    parameters.job.algorithms = {{"all-reduce", "ring"}, {"all-gather", "ring"}, {"reduce-scatter", "ring"}, {"broadcast", "ring"}};
    around.hosts = 64;
  }
  TaskWork operator()(const std::string& text) {
    const ScratchFolder folder;
    parameters.trace = folder.write("trace.txt", text);
    return std::move(generate_simai(parameters, around).traffic.tasks.at(0));
  }
};

// The groups of collectives, by label: the hosts that have messages with each other.
std::map<std::string, std::set<std::set<std::uint32_t>>> groups(const TaskWork& work) {
  std::map<std::string, std::set<std::set<std::uint32_t>>> found;
  for (const CollectiveSpan& span : work.job.collectives) {
    std::set<std::uint32_t> hosts;
    for (std::uint32_t i = span.begin; i < span.end; ++i) {
      const collective::Task& task = work.graph.task({i});
      if (task.is_message()) hosts.insert({task.from, task.to});
    }
    found[work.job.labels[span.label.index()]].insert(hosts);
  }
  return found;
}

std::size_t collectives(const TaskWork& work) { return work.job.collectives.size(); }
bool says(const TaskWork& work, const std::string& part) {
  for (const std::string& sentence : work.job.scaled) {
    if (sentence.find(part) != std::string::npos) return true;
  }
  return false;
}

TEST(SimaiFile, ReadsEveryWordOfTheFirstLine) {
  const SimaiFile file = parse_simai(simai_sample(), "f.txt");
  EXPECT_EQ(file.policy, SimaiPolicy::transformer_forward_in_backward);
  EXPECT_EQ(file.tensor, 2U);
  EXPECT_EQ(file.expert, 2U);
  EXPECT_EQ(file.pipeline, 2U);
  EXPECT_EQ(file.virtual_stages, 2U);
  EXPECT_EQ(file.micro_batches, 4U);
  EXPECT_EQ(file.gpus, 16U);
  EXPECT_EQ(file.pipeline_bytes, Bytes{64});
  ASSERT_EQ(file.layers.size(), 18U);
  const SimaiLayer& last = file.layers[16];
  EXPECT_EQ(last.name, "final_column");
  EXPECT_EQ(last.line, 19);
  EXPECT_EQ(last.forward.compute, Duration{500'500});
  EXPECT_EQ(last.forward.operation, collective::Operation::all_gather);
  EXPECT_FALSE(last.input_gradient.communicates());
  EXPECT_EQ(last.weight_gradient.group, SimaiGroup::data_expert);
  EXPECT_EQ(last.weight_gradient.bytes, Bytes{128});
  EXPECT_EQ(last.update, Duration{100'000});
}

TEST(SimaiFile, TakesTheVariantsThatAreInUse) {
  const std::string rest = "\n1\n" + layer("1" + none + "1" + none + "1" + none + "1");
  EXPECT_EQ(parse_simai(policy + "\tmodel_parallel_NPU_group: 8 checkpoints: 0 checkpoint_initiates: 0" + rest, "f").tensor, 8U);
  EXPECT_EQ(parse_simai(policy + "pp: 2 pp_comm: 25165824.0" + rest, "f").pipeline_bytes, Bytes{25'165'824});
  EXPECT_EQ(parse_simai(policy + "pp: 1 pp_comm: 0" + rest, "f").pipeline, 1U);
  EXPECT_EQ(parse_simai("MICRO" + rest, "f").policy, SimaiPolicy::micro);
  EXPECT_EQ(parse_simai("HYBRID_TRANSFORMER ep 1" + rest, "f").policy, SimaiPolicy::transformer);
  EXPECT_EQ(parse_simai("MICRO\r\n\n1\r\n" + layer("1 NONE 77 1\tNONE 0   1 NONE 0 1 ") + "\n", "f").layers.size(), 1U);
}

TEST(SimaiFile, RefusesWithTheLine) {
  const std::string good = layer("1" + none + "1" + none + "1" + none + "1");
  const std::vector<std::array<std::string, 3>> cases{
      {"", "f.txt", "empty"},
      {"HYBRID_DLRM\n1\n" + good, "f.txt:1", "'HYBRID_DLRM' is not modelled"},
      {policy + "cp: 2\n1\n" + good, "f.txt:1", "'cp'"},
      {policy + "ep: 2 ep: 2\n1\n" + good, "f.txt:1", "twice"},
      {policy + "ep:\n1\n" + good, "f.txt:1", "no value"},
      {policy + "ga: none\n1\n" + good, "f.txt:1", "ga needs a whole number"},
      {policy + "ga: 0\n1\n" + good, "f.txt:1", "above 0"},
      {policy + "checkpoints: 2 0 5\n1\n" + good, "f.txt:1", "'checkpoints'"},
      {policy + "pp: 2\n1\n" + good, "f.txt:1", "pp_comm"},
      {policy + "pp_comm: 5\n1\n" + good, "f.txt:1", "one stage"},
      {"MICRO\n", "f.txt:1", "second line"},
      {"MICRO\nmany\n" + good, "f.txt:2", "'many'"},
      {"MICRO\n1 2\n" + good, "f.txt:2", "unexpected '2'"},
      {"MICRO\n1\n", "f.txt:2", "no layers"},
      {"MICRO\n1\n" + good + good, "f.txt:4", "more layers than the 1"},
      {"MICRO\n1\n" + layer("1 NONE 0 1 NONE 0 1 NONE"), "f.txt:3", "ends before its weight gradient bytes"},
      {"MICRO\n1\nlayer 0 1" + none + "1" + none + "1" + none + "1\n", "f.txt:3", "depends on layer '0'"},
      {"MICRO\n1\n" + layer("x" + none + "1" + none + "1" + none + "1"), "f.txt:3", "forward compute time"},
      {"MICRO\n1\n" + layer("1 NONE 0 1 ALLREDUCE 1.5 1 NONE 0 1"), "f.txt:3", "input gradient bytes"},
      {"MICRO\n1\n" + layer("1" + none + "1 ALLREDUCEALLTOALL 4 1" + none + "1"), "f.txt:3", "'ALLREDUCEALLTOALL' is not modelled"},
      {"MICRO\n1\n" + layer("1" + none + "1 ALLREDUCE_TP 4 1" + none + "1"), "f.txt:3", "'ALLREDUCE_TP'"},
      {"MICRO\n1\n" + layer("1 ALLREDUCE_EP 4 1" + none + "1" + none + "1"), "f.txt:3", "MICRO"},
      {"MICRO\n1\n" + layer("1" + none + "1" + none + "1" + none + "1 MODEL"), "f.txt:3", "unexpected 'MODEL'"},
  };
  for (const auto& [text, where, part] : cases) {
    expect_input_error([&text = text] { static_cast<void>(parse_simai(text, "f.txt")); }, where, part);
  }
}

TEST(SimaiSections, FindsMicroBatchesChunksAndRepeatedLayers) {
  const SimaiFile file = parse_simai(simai_sample(), "f.txt");
  const SimaiSections sections = simai_sections(file, true, 2, "f.txt");
  EXPECT_EQ(sections.before.end, 1U);
  EXPECT_EQ(sections.after.begin, 17U);
  ASSERT_EQ(sections.micro_batches.size(), 4U);
  EXPECT_EQ(sections.micro_batches[1][0].begin, 5U);  // embedding and the first of the two
  EXPECT_EQ(sections.micro_batches[1][0].end, 7U);
  EXPECT_EQ(sections.micro_batches[1][1].end, 9U);
  const auto blocks = repeated_blocks(file.layers, {1, 5});
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[1].begin, 2U);
  EXPECT_EQ(blocks[1].repetitions, 2U);
}

TEST(SimaiSections, RefusesLayersThatAreNotTheMicroBatches) {
  const auto sections = [](const std::vector<std::string>& layers, int ga) {
    return
        [=] { static_cast<void>(simai_sections(parse_simai(file_of("ga: " + std::to_string(ga), layers), "f.txt"), false, 1, "f.txt")); };
  };
  const std::string embedding = computing("embedding_layer", 1, 2), mlp = computing("mlp", 1, 2), other = computing("other", 1, 2);
  expect_input_error(sections({mlp, mlp}, 2), "f.txt:3", "0 layers named embedding_layer");
  expect_input_error(sections({embedding, mlp, embedding, mlp}, 3), "f.txt:5", "3 micro-batches (ga), but 2");
  expect_input_error(sections({embedding, mlp, embedding, other}, 2), "f.txt:6", "expected 'mlp'");
  expect_input_error(sections({embedding, mlp, embedding}, 2), "f.txt:5", "expected 'mlp'");
}

TEST(SimaiJob, ColumnsAndNamesGiveTheGroups) {
  TraceRun run;
  const auto found = groups(
      run(file_of("model_parallel_NPU_group: 2 ep: 2 all_gpus: 8", {"a -1 0 ALLREDUCE 64 0 ALLGATHER 64 0 REDUCESCATTER 64 0\n",
                                                                    "b -1 0 ALLTOALL_EP 64 0 ALLREDUCE_DP_EP 64 0 BROADCAST 64 0\n"})));
  using Groups = std::set<std::set<std::uint32_t>>;
  const Groups tensor{{0, 1}, {2, 3}, {4, 5}, {6, 7}}, data{{0, 2, 4, 6}, {1, 3, 5, 7}};
  EXPECT_EQ(found.at("a forward all-reduce"), tensor);
  EXPECT_EQ(found.at("a input gradient all-gather"), tensor);
  EXPECT_EQ(found.at("a weight gradient reduce-scatter"), data);
  EXPECT_EQ(found.at("b forward all-to-all"), (Groups{{0, 2}, {1, 3}, {4, 6}, {5, 7}}));
  EXPECT_EQ(found.at("b input gradient all-reduce"), (Groups{{0, 4}, {1, 5}, {2, 6}, {3, 7}}));
  EXPECT_EQ(found.at("b weight gradient broadcast"), data);
}

TEST(SimaiJob, ForwardWaitsForItsCollectiveAndWeightGradientsGoOnBeside) {
  TraceRun run;
  run.around.hosts = 2;
  // A ring all-reduce of S bytes between two: two steps of S/2, S ns.
  const std::vector<std::string> layers{"a -1 1000 NONE 0 1000 NONE 0 1000 ALLREDUCE 8000 500\n",
                                        "b -1 2000 NONE 0 2000 NONE 0 2000 ALLREDUCE 600 0\n"};
  // Forward 3000, backward of b 4000, of a 2000, then a's reduction 8000 and its update.
  EXPECT_DOUBLE_EQ(ideal_time(run(file_of("", layers))), 9000 + 8000 + 500);
  const std::vector<std::string> blocking{"a -1 1000 ALLREDUCE 400 1000 ALLREDUCE 600 1000 NONE 0 500\n"};
  EXPECT_DOUBLE_EQ(ideal_time(run(file_of("model_parallel_NPU_group: 2", blocking))), 1400 + 1600 + 1000);
  run.parameters.job.iterations = 3;
  EXPECT_DOUBLE_EQ(ideal_time(run(file_of("model_parallel_NPU_group: 2", blocking))), 3 * 4000);
}

TEST(SimaiJob, TheOtherTransformerPolicySendsInputGradientsBeside) {
  TraceRun run;
  run.around.hosts = 2;
  const std::string text = "HYBRID_TRANSFORMER model_parallel_NPU_group: 2\n1\na -1 1000 NONE 0 1000 ALLREDUCE 600 1000 NONE 0 0\n";
  EXPECT_DOUBLE_EQ(ideal_time(run(text)), 3000);
}

TEST(SimaiJob, MicroRunsOneAfterTheOtherOverAllRanks) {
  TraceRun run;
  run.around.hosts = 2;
  const std::string text =
      "MICRO\n2\n" + layer("1" + none + "1" + none + "1 ALLREDUCE 4000 1") + layer("1 ALLREDUCE 2000 1" + none + "1" + none + "1");
  const TaskWork work = run(text);
  EXPECT_EQ(collectives(work), 2U);
  EXPECT_NEAR(ideal_time(work), 6000, 10);
}

std::vector<std::string> micro_batches(std::uint32_t count, std::uint32_t layers) {
  std::vector<std::string> lines;
  for (std::uint32_t i = 0; i < count; ++i) {
    lines.push_back(computing("embedding_layer", 0, 0));
    for (std::uint32_t j = 0; j < layers; ++j) lines.push_back(computing("mlp", 10'000, 20'000));
  }
  return lines;
}

// The bubble: (p - 1) / v of a micro-batch's time. Messages of a byte take 1 ns each.
TEST(SimaiJob, PipelinesTakeTheTimeOfTheirSchedule) {
  for (const std::uint32_t stages : {2U, 4U}) {
    for (const std::uint32_t chunks : {1U, 2U, 4U}) {
      TraceRun run;
      const std::uint32_t ga = 8;
      const double micro_batch = 4 * 30'000;
      const double ideal = micro_batch * (ga + (stages - 1.0) / chunks);
      const TaskWork work = run(file_of("pp: " + std::to_string(stages) + " vpp: " + std::to_string(chunks) +
                                            " ga: 8 all_gpus: " + std::to_string(stages) + " pp_comm: 1",
                                        micro_batches(ga, 4)));
      EXPECT_NEAR(ideal_time(work), ideal, ideal * 0.001) << stages << " stages, " << chunks << " chunks";
      EXPECT_EQ(work.job.compute[0], Duration{static_cast<std::int64_t>(micro_batch) * ga * 1000});
    }
  }
}

TEST(SimaiJob, SamplesOfEqualWorkAreExact) {
  struct Case {
    std::string header;
    std::uint32_t stages, layers, micro_batches;
  };
  for (const Case& c : {Case{"", 1, 2, 0}, Case{"", 1, 1, 0}, Case{"", 1, 2, 3}, Case{"pp: 4 pp_comm: 1", 4, 2, 9},
                        Case{"pp: 4 vpp: 2 pp_comm: 1", 4, 0, 12}, Case{"pp: 4 vpp: 2 pp_comm: 1", 4, 1, 12}}) {
    TraceRun run;
    const std::string text = file_of(c.header + " ga: 24 all_gpus: " + std::to_string(2 * c.stages), micro_batches(24, 8));
    const TaskWork all = run(text);
    run.parameters.simai.sample = {c.layers, c.micro_batches};
    const TaskWork some = run(text);
    EXPECT_LT(some.graph.size(), all.graph.size() * 2 / 3);
    EXPECT_NEAR(ideal_time(some), ideal_time(all), ideal_time(all) * 0.001) << c.header << ' ' << c.layers << ' ' << c.micro_batches;
    for (std::size_t rank = 0; rank < all.job.compute.size(); ++rank) EXPECT_EQ(some.job.compute[rank], all.job.compute[rank]);
    if (c.layers > 0) { EXPECT_TRUE(says(some, "equal layers (mlp) were simulated")); }
    if (c.micro_batches > 0) { EXPECT_TRUE(says(some, "of 24 micro-batches were simulated")); }
  }
}

TEST(SimaiJob, SamplesOfGradientsThatGoOnBesideAreClose) {
  TraceRun run;
  run.around.hosts = 4;
  // The gradients take longer than the layers, so they queue: each layer adds 20 us to their stream.
  const std::vector<std::string> layers(16, "mlp -1 1000 NONE 0 1000 NONE 0 1000 ALLREDUCE 16000 0\n");
  const TaskWork all = run(file_of("", layers));
  run.parameters.simai.sample.layers = 4;
  EXPECT_NEAR(ideal_time(run(file_of("", layers))), ideal_time(all), ideal_time(all) * 0.01);
}

TEST(SimaiJob, ASampleMustShowASteadyPipeline) {
  TraceRun run;
  run.parameters.simai.sample.micro_batches = 1;
  const std::string text = file_of("pp: 4 pp_comm: 1 ga: 24 all_gpus: 4", micro_batches(24, 2));
  expect_input_error([&] { static_cast<void>(run(text)); }, "s.yaml:7", "too few for 4 pipeline stages");
}

TEST(SimaiJob, RanksComeFromTheTraceTheScenarioOrTheHosts) {
  TraceRun run;
  const std::vector<std::string> layers{computing("embedding_layer", 100, 200)};
  EXPECT_EQ(run(file_of("model_parallel_NPU_group: 4 all_gpus: 16", layers)).job.hosts.size(), 16U);
  EXPECT_EQ(run(file_of("model_parallel_NPU_group: 4", layers)).job.hosts.size(), 64U);
  run.parameters.simai.data_parallel = 2;
  const TaskWork fewer = run(file_of("model_parallel_NPU_group: 4 all_gpus: 16", layers));
  EXPECT_EQ(fewer.job.hosts.size(), 8U);
  EXPECT_TRUE(says(fewer, "2 data-parallel replicas instead of the trace's 4"));
  run.parameters.simai = {};
  run.parameters.simai.pipeline_parallel = 2;
  const TaskWork shorter = run(file_of("pp: 4 pp_comm: 8 ga: 2 all_gpus: 8", {layers[0], layers[0]}));
  EXPECT_EQ(shorter.job.hosts.size(), 4U);
  EXPECT_TRUE(says(shorter, "2 pipeline stages instead of the trace's 4"));
}

TEST(SimaiJob, SaysWhenLayersAreMissing) {
  TraceRun run;
  EXPECT_TRUE(says(run(policy + "all_gpus: 2\n839\n" + computing("mlp", 100, 200)), "says 839 layers, but 1 follow"));
}

TEST(SimaiJob, RefusesWhatDoesNotDivide) {
  TraceRun run;
  run.around.hosts = 6;
  const std::vector<std::string> layers{computing("embedding_layer", 100, 200)};
  const auto refused = [&](const std::string& header, const std::string& part) {
    const ScratchFolder folder;
    run.parameters.trace = folder.write("t.txt", file_of(header, layers));
    const std::string where = run.parameters.trace + ":1";
    expect_input_error([&] { static_cast<void>(generate_simai(run.parameters, run.around)); }, where, part);
  };
  refused("model_parallel_NPU_group: 4 all_gpus: 6", "all_gpus (6) does not divide");
  refused("model_parallel_NPU_group: 4", "6 hosts do not divide into models of 4");
  refused("ep: 4 all_gpus: 6", "expert groups of 4 do not divide 6 replicas");
  refused("pp: 2 vpp: 2 ga: 1 all_gpus: 2 pp_comm: 4", "multiples of its stages");
  const std::string large = file_of("all_gpus: 8", layers);
  expect_input_error([&] { static_cast<void>(run(large)); }, "s.yaml:7", "8 GPUs, but has 6");
}

}  // namespace
}  // namespace weft
