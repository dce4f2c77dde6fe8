// Chakra execution traces: what is read, what is refused and whom the message names; who meets whom; times on ideal hardware
// (support/ideal_times.hh: a message of n bytes takes n ns).
#include <gtest/gtest.h>

#include "support/chakra_writer.hh"
#include "support/ideal_times.hh"
#include "support/input_error.hh"
#include "support/scratch_folder.hh"
#include "workload/chakra_file.hh"
#include "workload/chakra_files.hh"
#include "workload/generators.hh"

namespace weft {

using namespace test;

namespace {

struct TraceRun {
  WorkloadParameters parameters;
  Surroundings around;
  ScratchFolder folder;
  TraceRun() {
    parameters.kind = "chakra";
    parameters.source = "s.yaml";
    parameters.line = 7;
    parameters.trace = folder.path();
    parameters.job.algorithms = {{"all-reduce", "ring"}, {"all-gather", "ring"}, {"reduce-scatter", "ring"}, {"broadcast", "ring"}};
    around.hosts = 8;
  }
  TraceRun& rank(std::uint32_t number, const std::string& text) {
    static_cast<void>(folder.write(name(number), text));
    return *this;
  }
  static std::string name(std::uint32_t number) { return "job." + std::to_string(number) + ".et"; }
  [[nodiscard]] std::string file(std::uint32_t number) const { return folder.path() + '/' + name(number); }
  TaskWork operator()() { return std::move(generate_chakra(parameters, around).traffic.tasks.at(0)); }
  double time() { return ideal_time((*this)()); }
  void refused(const std::string& where, const std::string& part) {
    expect_input_error([this] { static_cast<void>(generate_chakra(parameters, around)); }, where, part);
  }
};

std::string groups_text(const std::string& json) { return "['" + json + "']"; }
ChakraNodeText describing(std::uint64_t id, const std::string& values) {
  return ChakraNodeText(id, "## process_group:init ##", metadata_node).inputs(values);
}

TEST(ChakraFile, ReadsNodesOfEveryKind) {
  const ChakraTrace trace = parse_chakra(
      chakra_text({describing(1, groups_text(R"([{"pg_name": "0", "ranks": []}, {"pg_name": "7", "ranks": [0, 2]}])")), computing(2, 5),
                   ChakraNodeText(3, "host", compute_node).micros(6).flag("is_cpu_op", true).number("tid", 4),
                   calling(900, all_gather_type, 4096).after({2, 3}).word("pg_name", "7").flags("involved_dim", std::string(2, '\1')),
                   sending(5, 1, 17, 100).packed_after({2, 900}), receiving(6, 1, 18, 200), ChakraNodeText(7, "load", load_node).micros(9),
                   ChakraNodeText(8, "operations", compute_node).number("num_ops", 12'000)}),
      "f.et");
  EXPECT_EQ(trace.version, "0.0.4");
  ASSERT_EQ(trace.nodes.size(), 8U);
  EXPECT_EQ(trace.groups.at("7"), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_TRUE(trace.groups.at("0").empty());
  EXPECT_EQ(trace.nodes[0].kind, ChakraKind::nothing);
  EXPECT_EQ(trace.nodes[1].duration, Duration{5'000'000});
  EXPECT_EQ(trace.nodes[2].kind, ChakraKind::host);
  EXPECT_EQ(trace.nodes[2].thread, 4);
  EXPECT_EQ(trace.nodes[3].operation, collective::Operation::all_gather);
  EXPECT_EQ(trace.nodes[3].group, "7");
  EXPECT_EQ(trace.nodes[4].data_dependencies, (std::vector<std::uint64_t>{2, 900}));
  EXPECT_EQ(trace.nodes[4].peer, 1U);
  EXPECT_EQ(trace.nodes[4].tag, 17U);
  EXPECT_EQ(trace.nodes[5].bytes, Bytes{200});
  EXPECT_EQ(trace.nodes[6].kind, ChakraKind::host);
  EXPECT_EQ(trace.nodes[7].operations, 12'000U);
  EXPECT_EQ(trace.describe(3), "node 4 (id 900, call900)");
}

TEST(ChakraFile, SkipsFieldsItDoesNotKnow) {
  const ChakraTrace trace = parse_chakra(
      chakra_text({computing(2, 5).add(field(6, 77)).add(field(9, field(2, std::string("shapes")))).add(field(99, std::string("later")))}),
      "f.et");
  EXPECT_EQ(trace.nodes.at(0).duration, Duration{5'000'000});
}

TEST(ChakraFile, ACutFileIsRefusedWithItsByteAndNode) {
  const std::string whole = chakra_text({computing(1, 5), computing(2, 5).number("num_ops", 1), computing(3, 5)});
  const std::size_t second = chakra_text({computing(1, 5)}).size();
  const auto refused = [](const std::string& bytes, const std::string& part) {
    expect_input_error([&] { static_cast<void>(parse_chakra(bytes, "f.et")); }, "f.et", part);
  };
  refused("", "empty");
  refused(whole.substr(0, second + 4), "cut off: node 2 at byte " + std::to_string(second) + " has");
  refused(whole.substr(0, 3), "cut off: the metadata at byte 0");
  refused(std::string("\x80\x80"), "the metadata at byte 0 is cut off within its length");
  refused(std::string(11, '\x80'), "has no length");
  refused(whole.substr(0, second) + delimited("\xff\xff\xff"), "node 2 at byte " + std::to_string(second) + " is no Node");
  refused(varint(std::uint64_t{1} << 40U), "would be 1099511627776 bytes long");
  EXPECT_EQ(parse_chakra(whole, "f.et").nodes.size(), 3U);
}

TEST(ChakraFile, RefusesNodesThatAreNotModelled) {
  const auto refused = [](const ChakraNodeText& node, const std::string& part) {
    expect_input_error([&] { static_cast<void>(parse_chakra(chakra_text({computing(9, 1), node}), "f.et")); }, "f.et", part);
  };
  refused(computing(9, 1), "node 2 (id 9, compute9) has an id that an earlier node has");
  refused(ChakraNodeText(1, "odd", static_cast<ChakraType>(12)), "node 2 (id 1, odd): its type 12");
  refused(calling(1, gather_type, 8), "type GATHER are not modelled");
  refused(calling(1, static_cast<ChakraCollective>(10), 8), "'comm_type' is no whole number from 0 to 9");
  refused(ChakraNodeText(1, "call", collective_node).number("comm_type", 0), "no attribute 'comm_size'");
  refused(calling(1, all_reduce_type, 8).flags("involved_dim", std::string("\1\0", 2)), "involved_dim");
  refused(ChakraNodeText(1, "send", send_node).number("comm_size", 8), "no attribute 'comm_dst'");
  refused(sending(1, 1, 0, 8).number("is_cpu_op", 3), "'is_cpu_op'");
  refused(computing(1, 100'000'000'000), "more than a day");
  refused(describing(1, "['pg_name']"), "process groups cannot be read");
  refused(describing(1, groups_text(R"([{"pg_name": "0", "ranks": [-1]}])")), "needs a pg_name and a list of ranks");
}

TEST(ChakraFiles, PrefixFolderOrFile) {
  const ScratchFolder folder;
  for (const char* name : {"a.0.et", "a.1.et", "b.0.et", "b.2.et", "note.txt", "c.x.et"}) static_cast<void>(folder.write(name, "x"));
  const auto expected = std::vector<std::string>{folder.path() + "/a.0.et", folder.path() + "/a.1.et"};
  EXPECT_EQ(chakra_files(folder.path() + "/a"), expected);
  EXPECT_EQ(chakra_files(folder.path() + "/a.1.et"), expected);
  const auto refused = [&](const std::string& trace, const std::string& part) {
    expect_input_error([&] { static_cast<void>(chakra_files(trace)); }, trace, part);
  };
  refused(folder.path(), "several traces | name one of them: a, b");
  refused(folder.path() + "/b", "rank 1 is missing, but there is " + folder.path() + "/b.2.et");
  refused(folder.path() + "/d", "no file d.0.et");
  refused(folder.path() + "/e/d", "no folder");
  const ScratchFolder empty;
  refused(empty.path(), "no file NAME.0.et");
}

TEST(ChakraJob, DependenciesCollectivesAndMessagesTakeTheirTime) {
  TraceRun run;
  // Compute 10 us, a ring all-reduce of 8,000 bytes between two (8 us), then rank 0 sends 3,000 bytes (3 us), then rank 1 computes 4 us.
  run.rank(0, chakra_text({computing(1, 10), calling(2, all_reduce_type, 8000).after({1}), sending(3, 1, 5, 3000).after({2})}));
  run.rank(1, chakra_text({computing(4, 4).after({3}), receiving(3, 0, 5, 3000).after({2}), calling(2, all_reduce_type, 8000)}));
  EXPECT_DOUBLE_EQ(run.time(), 25'000);
  run.parameters.job.iterations = 2;
  EXPECT_DOUBLE_EQ(run.time(), 46'000);  // rank 0 goes on when its message is sent, 4 us before rank 1
}

TEST(ChakraJob, AllGatherCountsWhatARankPutsIn) {
  TraceRun run;
  for (std::uint32_t rank = 0; rank < 4; ++rank) run.rank(rank, chakra_text({calling(1, all_gather_type, 1000)}));
  const TaskWork work = run();
  EXPECT_EQ(work.job.collectives.at(0).bytes, Bytes{4000});
  EXPECT_DOUBLE_EQ(ideal_time(work), 3000);
}

TEST(ChakraJob, GroupsMeetByTheirMembers) {
  TraceRun run;
  const std::string text = groups_text(R"([{\"pg_name\": \"even\", \"ranks\": [0, 2]}, {\"pg_name\": \"odd\", \"ranks\": [1, 3]}])");
  for (std::uint32_t rank = 0; rank < 4; ++rank) {
    run.rank(rank, chakra_text({describing(1, text),
                                calling(2, all_reduce_type, rank % 2 == 0 ? 1000 : 3000).word("pg_name", rank % 2 == 0 ? "even" : "odd")}));
  }
  const TaskWork work = run();
  ASSERT_EQ(work.job.collectives.size(), 2U);
  EXPECT_EQ(work.job.collectives[0].ranks, 2U);
  EXPECT_DOUBLE_EQ(ideal_time(work), 3000);
}

TEST(ChakraJob, HostWorkTakesTurnsOnItsThreadBesideCompute) {
  TraceRun run;
  const auto host = [](std::uint64_t id, std::uint64_t thread) {
    return ChakraNodeText(id, "host", compute_node).micros(10).flag("is_cpu_op", true).number("tid", thread);
  };
  run.rank(0, chakra_text({host(1, 1), host(2, 1), host(3, 2), computing(4, 15)}));
  EXPECT_DOUBLE_EQ(run.time(), 20'000);
}

TEST(ChakraJob, OperationsNeedARate) {
  TraceRun run;
  run.rank(0, chakra_text({ChakraNodeText(1, "matmul", compute_node).number("num_ops", 3'000'000)}));
  run.refused(run.file(0), "node 1 (id 1, matmul) has 3000000 operations, but no duration");
  run.parameters.chakra.operations_per_second = 1e12;
  EXPECT_DOUBLE_EQ(run.time(), 3000);
}

TEST(ChakraJob, ControlDependenciesAreFollowedWhenAskedFor) {
  TraceRun run;
  run.rank(0, chakra_text({computing(1, 10), computing(2, 10).controlled_by(1), computing(3, 10).controlled_by(99)}));
  const TaskWork work = run();
  ASSERT_EQ(work.job.scaled.size(), 1U);
  EXPECT_NE(work.job.scaled[0].find("2 control dependencies"), std::string::npos);
  run.parameters.chakra.control_dependencies = true;
  run.refused(run.file(0), "node 3 (id 3, compute3) has a control dependency on id 99, which is no node");
}

TEST(ChakraJob, OneTraceMayStandForAllRanks) {
  TraceRun run;
  run.rank(0, chakra_text({calling(1, all_reduce_type, 8000)}));
  run.refused("s.yaml:7", "`replicate: true`");
  run.parameters.chakra.replicate = true;
  EXPECT_EQ(run().job.hosts.size(), 8U);
  run.parameters.job.ranks = 4;
  const TaskWork work = run();
  EXPECT_EQ(work.job.collectives.at(0).ranks, 4U);
  EXPECT_NE(work.job.scaled.at(0).find("stands for all 4 ranks"), std::string::npos);
  run.rank(1, chakra_text({}));
  run.refused("s.yaml:7", "one rank, but there are 2");
}

TEST(ChakraJob, ATraceWithMessagesCannotBeReplicated) {
  TraceRun run;
  run.rank(0, chakra_text({sending(1, 1, 0, 8)}));
  run.parameters.chakra.replicate = true;
  run.refused("s.yaml:7", "node 1 (id 1, send1) names another rank");
}

TEST(ChakraErrors, ADependencyThatDoesNotExist) {
  TraceRun run;
  run.rank(0, chakra_text({computing(1, 1).after({7})}));
  run.refused(run.file(0), "node 1 (id 1, compute1) has a data dependency on id 7, which is no node");
}

TEST(ChakraErrors, CirclesAreNamedNodeByNode) {
  TraceRun run;
  run.rank(0, chakra_text({computing(1, 1), computing(2, 1).after({4}), computing(3, 1).after({1, 2}), computing(4, 1).after({3})}));
  run.refused(run.file(0),
              "a circle of dependencies: rank 0 node 2 (id 2, compute2) waits for rank 0 node 4 (id 4, compute4) waits for rank 0 node 3 "
              "(id 3, compute3) waits for the first");
}

TEST(ChakraErrors, CirclesMayGoThroughSeveralRanks) {
  TraceRun run;
  run.rank(0, chakra_text({receiving(1, 1, 0, 8), sending(2, 1, 0, 8).after({1})}));
  run.rank(1, chakra_text({receiving(1, 0, 0, 8), sending(2, 0, 0, 8).after({1})}));
  run.refused(run.file(0), "rank 0 node 1 (id 1, receive1) waits for rank 1 node 2 (id 2, send2) waits for rank 1 node 1");
  run.rank(0, chakra_text({calling(1, all_reduce_type, 8), receiving(2, 1, 0, 8)}));
  run.rank(1, chakra_text({calling(1, all_reduce_type, 8).after({2}), sending(2, 0, 0, 8).after({1})}));
  run.refused(run.file(1), "rank 1 node 1 (id 1, call1) waits for rank 1 node 2 (id 2, send2) waits for the first");
}

TEST(ChakraErrors, MessagesThatDoNotMeet) {
  TraceRun run;
  run.rank(1, chakra_text({receiving(1, 0, 5, 8)}));
  run.rank(0, chakra_text({sending(1, 1, 5, 8), sending(2, 1, 5, 8)}));
  run.refused(run.file(0), "rank 0 node 2 (id 2, send2) sends to rank 1 with tag 5, but that rank does not receive it");
  run.rank(0, chakra_text({sending(1, 1, 6, 8)}));
  run.refused(run.file(0), "with tag 6");
  run.rank(0, chakra_text({computing(1, 1)}));
  run.refused(run.file(1), "rank 1 node 1 (id 1, receive1) receives from rank 0 with tag 5, but that rank does not send it");
  run.rank(0, chakra_text({sending(1, 1, 5, 9)}));
  run.refused(run.file(0), "sends 9 bytes, but rank 1 node 1 (id 1, receive1) expects 8");
  run.rank(0, chakra_text({sending(1, 2, 5, 8)}));
  run.refused(run.file(0), "sends to rank 2, which has no trace");
  run.rank(0, chakra_text({sending(1, 0, 5, 8)}));
  run.refused(run.file(0), "which is itself");
}

TEST(ChakraErrors, RanksThatDisagreeAboutACollective) {
  TraceRun run;
  run.rank(0, chakra_text({calling(1, all_reduce_type, 8), calling(2, all_reduce_type, 8)}));
  run.rank(1, chakra_text({calling(1, all_reduce_type, 8)}));
  run.refused(run.file(0), "rank 0 node 2 (id 2, call2) calls collective 2 of all ranks (all-reduce of 8 bytes), but rank 1 calls only 1");
  run.rank(1, chakra_text({calling(1, all_reduce_type, 8), calling(5, all_gather_type, 8)}));
  run.refused(run.file(0), "all-reduce of 8 bytes, but rank 1 node 2 (id 5, call5): all-gather of 8 bytes");
  run.rank(1, chakra_text({calling(1, all_reduce_type, 8), calling(5, all_reduce_type, 16)}));
  run.refused(run.file(0), "call5): all-reduce of 16 bytes");
  const auto from = [](std::uint64_t root) { return chakra_text({calling(1, broadcast_type, 8).number("root_rank", root)}); };
  run.rank(0, from(0)).rank(1, from(1));
  run.refused(run.file(0), "from another root");
  run.rank(0, from(2)).rank(1, from(2));
  run.refused(run.file(0), "names root 2 in a group of 2");
}

TEST(ChakraErrors, GroupsThatDoNotFit) {
  TraceRun run;
  const auto in_group = [](const std::string& ranks) {
    return chakra_text({describing(1, groups_text("[{\"pg_name\": \"g\", \"ranks\": " + ranks + "}]")),
                        calling(2, all_reduce_type, 8).word("pg_name", "g")});
  };
  run.rank(1, in_group("[0, 1]"));
  run.rank(0, in_group("[0, 5]"));
  run.refused(run.file(0), "with rank 5, which has no trace");
  run.rank(0, in_group("[0, 0]"));
  run.refused(run.file(0), "has a rank twice");
  run.rank(0, in_group("[1]"));
  run.refused(run.file(0), "which it is no member of");
  run.rank(0, chakra_text({calling(2, all_reduce_type, 8).word("pg_name", "h")}));
  run.refused(run.file(0), "'h', which the trace does not describe");
}

TEST(ChakraErrors, RanksThatAreMissing) {
  TraceRun run;
  run.rank(0, chakra_text({computing(1, 1)})).rank(1, chakra_text({computing(1, 1)}));
  run.parameters.job.ranks = 3;
  run.refused("s.yaml:7", "the file of rank 2 is missing");
  run.parameters.job.ranks = 0;
  run.around.hosts = 1;
  run.refused("s.yaml:7", "2 GPUs, but has 1");
}

}  // namespace
}  // namespace weft
