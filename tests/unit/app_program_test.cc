// What the subcommands do when all is well, and how a run ends early.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "program_runner.hh"

namespace weft {
namespace {

constexpr const char* small = R"(name: small
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }
workloads: [ { kind: permutation, size: 200KB } ]
)";

class Program : public ProgramTest {
 protected:
  [[nodiscard]] nlohmann::json summary(const std::string& name) const { return nlohmann::json::parse(text(name + "/summary.json")); }
};

TEST_F(Program, Version) {
  const Said said = weft("--version");
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out.rfind("weft ", 0), 0U) << said.out;
}

TEST_F(Program, HelpNamesEverySubcommand) {
  const Said said = weft("--help");
  EXPECT_EQ(said.code, 0);
  for (const char* word : {"run", "sweep", "compare", "check", "show", "example", "bench", "rdma"}) {
    EXPECT_NE(said.out.find(word), std::string::npos) << word;
  }
}

TEST_F(Program, ExamplesAreListedAndCheckClean) {
  const Said list = weft("example");
  EXPECT_EQ(list.code, 0);
  for (const char* name :
       {"permutation-1024", "incast-100", "rail", "clos", "link-failure", "lossy-wan", "all-to-all", "triggers", "poisson", "graph"}) {
    EXPECT_NE(list.out.find(name), std::string::npos) << name;
    EXPECT_EQ(weft("example " + std::string(name) + " > e.yaml").code, 0);
    const Said checked = weft("check e.yaml");
    EXPECT_EQ(checked.code, 0) << name << ": " << checked.err;
    EXPECT_NE(checked.out.find("traffic"), std::string::npos);
    EXPECT_FALSE(exists("out")) << "check wrote something";
  }
}

TEST_F(Program, ShowDescribesTheNetwork) {
  write("s.yaml", small);
  const Said said = weft("show s.yaml --links");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("8 hosts"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("bisection   200 Gb/s"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("leaf0-spine1  100 Gb/s  1 us"), std::string::npos) << said.out;
}

TEST_F(Program, RunWritesResults) {
  write("s.yaml", small);
  const Said said = weft("run s.yaml");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(said.err, "");
  EXPECT_NE(said.out.find("8 of 8 flows completed"), std::string::npos) << said.out;
  for (const char* file : {"summary.json", "flows.csv", "links.csv", "report.html"})
    EXPECT_TRUE(exists(std::string("out/s/") + file)) << file;
  EXPECT_EQ(summary("out/s").at("status"), "done");
  EXPECT_EQ(weft("run s.yaml").code, 0) << "results of an earlier run may be replaced";
}

TEST_F(Program, RunIsQuietOrSpeaksJson) {
  write("s.yaml", small);
  const Said quiet = weft("run s.yaml --quiet --out a");
  EXPECT_EQ(quiet.code, 0);
  EXPECT_EQ(quiet.out + quiet.err, "");
  const Said json = weft("run s.yaml --json --out b");
  EXPECT_EQ(json.code, 0);
  EXPECT_EQ(nlohmann::json::parse(json.out).at("flows").at("completed"), 8);
}

TEST_F(Program, SetAndSeedReachTheRun) {
  write("s.yaml", small);
  EXPECT_EQ(weft("run s.yaml --quiet --out a --seed 5 --set workloads.0.size=100KB --set fabric.mtu=1024").code, 0);
  EXPECT_EQ(summary("a").at("seed"), 5);
  EXPECT_NE(text("a/flows.csv").find("100000"), std::string::npos);
  EXPECT_EQ(weft("run s.yaml --quiet --out b --set seed=5 --set workloads.0.size=100KB --set fabric.mtu=1024 --threads 2").code, 0);
  EXPECT_EQ(summary("a").at("state_hash"), summary("b").at("state_hash"));
  EXPECT_EQ(text("a/flows.csv"), text("b/flows.csv"));
}

TEST_F(Program, MatrixReplacesThePermutation) {
  write("s.yaml", small);
  write("data/a.cm", "Nodes 8\nConnections 2\n0->5 id 1 start 0 size 5000\n5->0 id 2 start 0 size 7000\n");
  EXPECT_EQ(weft("run s.yaml --quiet --out a --set workloads.0.matrix=data/a.cm").code, 0);
  EXPECT_EQ(summary("a").at("flows").at("completed"), 2);
}

TEST_F(Program, RunsOnTheFilesOfOthers) {
  const char* data = std::getenv("WEFT_DATA");
  if (data == nullptr) GTEST_SKIP() << "WEFT_DATA is not set: no .cm and .topo files of uet-htsim";
  const std::string files = std::string(data) + "/uet-htsim/";
  ASSERT_EQ(weft("example permutation-1024 > p.yaml").code, 0);
  const Said said = weft("run p.yaml --json --out a --set 'workloads.0.matrix=" + files +
                         "perm_1024n_1024c_0u_2000000b.cm' --set 'topology.file=" + files + "leaf_spine_1024_400g.topo'");
  ASSERT_EQ(said.code, 0) << said.err;
  const nlohmann::json figures = nlohmann::json::parse(said.out);
  EXPECT_EQ(figures.at("flows").at("completed"), 1024);
  EXPECT_EQ(figures.at("drops"), 0);
}

TEST_F(Program, CaptureMayLieAmongTheResults) {
  write("s.yaml", small);
  for (int again = 0; again < 2; ++again) {
    const Said said = weft("run s.yaml --quiet --wire-check --out a --pcap a/frames.pcapng --pcap-links host0-leaf0 --snap 96");
    EXPECT_EQ(said.code, 0) << said.err;
  }
  EXPECT_EQ(text("a/frames.pcapng").substr(0, 4), "\x0a\x0d\x0d\x0a");
  EXPECT_TRUE(exists("a/summary.json"));
}

// Whoever reads a result must see that it was scheduled, and what of it is no standard.
TEST_F(Program, ScheduleAndLinkLayersAreNamed) {
  write("s.yaml", small);
  const std::string set = "s.yaml --set fabric='{ scheduling: gse, lossless: cbfc, llr: { enabled: true }, gse: { container: 8KiB } }'";
  const Said checked = weft("check " + set);
  ASSERT_EQ(checked.code, 0) << checked.err;
  EXPECT_EQ(checked.out.find("load balancing"), std::string::npos) << checked.out;
  for (const char* part : {"schedule    GSE in mode n2n", "containers of 8.192 KB (round-robin)", "initial credit ", "window ",
                           "LLR on 12 links", "CBFC", "project profile"}) {
    EXPECT_NE(checked.out.find(part), std::string::npos) << part << "\n" << checked.out;
  }
  const Said said = weft("run " + set + " --quiet --out a");
  ASSERT_EQ(said.code, 0) << said.err;
  const std::string notes = summary("a").at("notes").dump();
  for (const char* part : {"GSE in mode n2n", "LLR", "CBFC", "CC_Update", "project profile"}) {
    EXPECT_NE(notes.find(part), std::string::npos) << part << "\n" << notes;
    EXPECT_NE(text("a/report.html").find(part), std::string::npos) << part;
  }
}

TEST_F(Program, PlainFabricNamesNoProfile) {
  write("s.yaml", small);
  ASSERT_EQ(weft("run s.yaml --quiet --out a").code, 0);
  EXPECT_EQ(text("a/report.html").find("project profile"), std::string::npos);
  const Said checked = weft("check s.yaml --set fabric.scheduling=gse --set fabric.gse.mode=e2e");
  EXPECT_NE(checked.out.find("GSE in mode e2e (NICs schedule)"), std::string::npos) << checked.out;
}

TEST_F(Program, SweepHasOneLineASeed) {
  write("s.yaml", small);
  const Said said = weft("sweep s.yaml --seeds 3");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_EQ(std::count(said.out.begin(), said.out.end(), '\n'), 5) << said.out;
  EXPECT_NE(said.out.find("over 3 seeds"), std::string::npos) << said.out;
}

TEST_F(Program, BenchSaysTheMedian) {
  write("s.yaml", small);
  const Said said = weft("bench s.yaml --runs 3");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("median: "), std::string::npos) << said.out;
}

TEST_F(Program, BenchHoldsCollectivesAgainstTheirClosedForms) {
  const Said said = weft("bench collectives --most 1KB");
  EXPECT_EQ(said.code, 0) << said.out << said.err;
  EXPECT_NE(said.out.find("53 of 53 rows within 2 %"), std::string::npos) << said.out;
  EXPECT_NE(weft("bench collectives --most 2GB").err.find("1KB to 1GB"), std::string::npos);
  EXPECT_NE(weft("bench collectives --most 1KB --only rings").err.find("no row has this algorithm"), std::string::npos);
}

TEST_F(Program, CompareShowsRatios) {
  write("s.yaml", small);
  ASSERT_EQ(weft("run s.yaml --quiet --out a").code, 0);
  ASSERT_EQ(weft("run s.yaml --quiet --out b --set workloads.0.size=400KB").code, 0);
  const Said said = weft("compare a b --html c.html");
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("goodput"), std::string::npos) << said.out;
  EXPECT_TRUE(exists("c.html"));
}

TEST_F(Program, StuckRunEndsWithThreeAndResults) {
  write("s.yaml", std::string(small) + "links: [ { link: host0-leaf0, down: 5us } ]\nfabric: { timeout_exponent: 2, retry_count: 1 }\n");
  const Said said = weft("run s.yaml --out a");
  EXPECT_EQ(said.code, 3) << said.out << said.err;
  EXPECT_TRUE(exists("a/summary.json"));
}

// True once the process has blocked SIGINT, that is: once it waits for the signal in a thread of its own.
bool blocks_interrupts(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("SigBlk:", 0) == 0) return (std::stoull(line.substr(7), nullptr, 16) >> (SIGINT - 1) & 1U) != 0;
  }
  return false;
}

TEST_F(Program, InterruptWritesWhatIsKnown) {
  write("s.yaml",
        "duration: 1000s\ntopology: { kind: switch, hosts: 2, link: { delay: 1us } }\nfabric: { congestion: none }\n"
        "workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 1KB }, { src: 0, dst: 1, size: 900TB } ] } ]\n");
  const std::filesystem::path out = folder() / "a", scenario = folder() / "s.yaml", log = folder() / "log";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int file = open(log.c_str(), O_CREAT | O_WRONLY, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    execl(WEFT_PROGRAM, "weft", "run", scenario.c_str(), "--out", out.c_str(), nullptr);
    _exit(127);
  }
  while (!blocks_interrupts(child) && waitpid(child, nullptr, WNOHANG) == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_EQ(kill(child, SIGINT), 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << text("log");
  EXPECT_EQ(WEXITSTATUS(status), 130) << text("log");
  EXPECT_EQ(summary("a").at("status"), "interrupted");
  EXPECT_NE(text("log").find("interrupted"), std::string::npos) << text("log");
}

}  // namespace
}  // namespace weft
