// Every real trace of the data folder is imported and run: SimAI's texts, Chakra's execution traces and those inside its archives.
// Small: collectives are cut to 16 KiB, equal layers to two; what is cut is said in the results.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "support/real_data.hh"
#include "support/scratch_folder.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;
namespace fs = std::filesystem;

namespace {

const std::string network =
    "topology: { kind: switch, hosts: 16, link: { rate: 400Gbps, delay: 500ns } }\n"
    "fabric: { transport: roce, congestion: none, lossless: pfc }\n";

std::vector<std::string> files_below(const std::string& folder, const std::string& ending) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ending) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

const JobResult& ran(const Results& results, const std::string& file) {
  EXPECT_EQ(results.status, RunStatus::done) << file << ": " << results.status_reason;
  EXPECT_EQ(results.jobs.size(), 1U) << file;
  return results.jobs.at(0);
}

bool says(const JobResult& job, const std::string& part) {
  for (const std::string& sentence : job.scaled) {
    if (sentence.find(part) != std::string::npos) return true;
  }
  return false;
}

JobResult run_simai(const std::string& file, const std::string& more) {
  return ran(run_text(network + "workloads: [ { kind: simai, trace: \"" + file + "\", message_limit: 16KiB" + more + " } ]\n"), file);
}

TEST(RealTraces, EverySimaiFileRuns) {
  if (!has_real_data()) GTEST_SKIP() << no_real_data;
  std::size_t transformers = 0;
  for (const std::string& file : files_below(real_data("simai"), ".txt")) {
    if (file.find("workload_analytical") != std::string::npos) continue;
    std::string policy;
    std::ifstream(file) >> policy;
    const bool micro = policy == "MICRO";
    const JobResult job = run_simai(file, micro ? "" : ", sample: { layers: 2 }");
    EXPECT_GT(job.iteration.v, 0) << file;
    transformers += micro ? 0 : 1;
    EXPECT_EQ(says(job, "says 839 layers, but 33 follow"), file.find("L65B-M1-C05") != std::string::npos) << file;
  }
  EXPECT_EQ(transformers, 9U);
}

// 2 of 12 stages, 2 of 384 replicas, groups of 2 instead of 16 ranks, 6 of 24 micro-batches.
TEST(RealTraces, SimaisNineThousandGpusRunSmaller) {
  if (!has_real_data()) GTEST_SKIP() << no_real_data;
  const JobResult job = run_simai(real_data("simai/workload_analytical.txt"),
                                  ", data_parallel: 2, expert_parallel: 2, pipeline_parallel: 2, sample: { micro_batches: 6 }");
  for (const char* part : {"2 pipeline stages instead of the trace's 12", "2 ranks of an expert group instead of the trace's 16",
                           "2 data-parallel replicas instead of the trace's 384", "6 of 24 micro-batches were simulated"}) {
    EXPECT_TRUE(says(job, part)) << part;
  }
}

TEST(RealTraces, EveryChakraTraceRuns) {
  if (!has_real_data()) GTEST_SKIP() << no_real_data;
  std::set<std::string> folders;
  for (const std::string& file : files_below(real_data("chakra"), ".et")) folders.insert(fs::path(file).parent_path().string());
  ASSERT_EQ(folders.size(), 13U);
  for (const std::string& folder : folders) {
    const JobResult job = ran(run_text(network + "workloads: [ { kind: chakra, trace: \"" + folder + "\" } ]\n"), folder);
    EXPECT_GT(job.iteration.v, 0) << folder;
  }
}

TEST(RealTraces, TracesInsideChakrasArchivesRun) {
  if (!has_real_data()) GTEST_SKIP() << no_real_data;
  const ScratchFolder folder;
  std::size_t archives = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(real_data("chakra"))) {
    if (entry.path().extension() != ".gz" && entry.path().extension() != ".tgz") continue;
    ++archives;
    const std::string command = "tar xzf '" + entry.path().string() + "' -C '" + folder.path() + "' 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }
  EXPECT_EQ(archives, 3U);
  const std::vector<std::string> files = files_below(folder.path(), ".et");
  ASSERT_EQ(files.size(), 1U);  // the other archives hold JSON
  const std::string entry = "kind: chakra, trace: \"" + files[0] + "\", replicate: true, ranks: 4, message_limit: 64KiB";
  const JobResult job = ran(run_text(network + "workloads: [ { " + entry + " } ]\n"), files[0]);
  EXPECT_TRUE(says(job, "stands for all 4 ranks"));
  EXPECT_GE(job.iteration, (Duration{292'828LL * 1'000'000}));  // what its kernels compute
}

}  // namespace
}  // namespace weft
