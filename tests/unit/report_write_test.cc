// Results on the disk: whole or not at all; folders of others are left alone.
#include "report/write.hh"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <set>

#include "base/error.hh"
#include "report/output_file.hh"
#include "report_sample.hh"

namespace weft {
namespace {

namespace fs = std::filesystem;

// A fresh folder for each test, removed afterwards.
class ResultFolder : public ::testing::Test {
 protected:
  ResultFolder() {
    std::string name = (fs::temp_directory_path() / "weft-report-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~ResultFolder() override { fs::remove_all(root_); }

  [[nodiscard]] fs::path root() const { return root_; }
  [[nodiscard]] static std::set<std::string> names(const fs::path& folder) {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder)) found.insert(entry.path().filename().string());
    return found;
  }
  static void touch(const fs::path& file, std::string_view text = "x") { std::ofstream(file) << text; }
  [[nodiscard]] static std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

 private:
  fs::path root_;
};

// Files may not grow beyond `bytes` while this lives: every write further on fails as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST_F(ResultFolder, HoldsEveryFileAndNoTemporary) {
  write_results(test::sample_context(), test::sample_results(), root() / "a" / "b");
  EXPECT_EQ(names(root() / "a" / "b"), (std::set<std::string>{"flows.csv", "links.csv", "report.html", "scenario-as-run.yaml",
                                                              "summary.json", "timeline.json", "traces.csv"}));
  EXPECT_EQ(read(root() / "a" / "b" / "scenario-as-run.yaml"), test::sample_context().scenario_text);
  EXPECT_NO_THROW(check_output_folder(root() / "a" / "b"));
}

TEST_F(ResultFolder, ASecondRunReplacesTheFirstAndItsTraces) {
  write_results(test::sample_context(), test::sample_results(), root());
  Results second = test::sample_results();
  second.traces.clear();
  second.flows.clear();
  write_results(test::sample_context(), second, root());
  EXPECT_FALSE(fs::exists(root() / "traces.csv"));
  EXPECT_EQ(read(root() / "flows.csv").find("\n0,"), std::string::npos);
}

TEST_F(ResultFolder, FullDiskLeavesNothingAndNamesTheFile) {
  const FileSizeLimit limit(600);
  try {
    write_results(test::sample_context(), test::sample_results(), root() / "made" / "here");
    FAIL() << "600 bytes cannot hold the results";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), (root() / "made" / "here" / "flows.csv").string());
    EXPECT_NE(std::string(error.what()).find("could not write"), std::string::npos) << error.what();
  }
  EXPECT_TRUE(names(root()).empty()) << "the folders made for the results must go too";
}

TEST_F(ResultFolder, FullDiskKeepsTheResultsOfTheRunBefore) {
  write_results(test::sample_context(), test::sample_results(), root());
  const auto before = names(root());
  const std::string summary = read(root() / "summary.json");
  {
    const FileSizeLimit limit(600);
    EXPECT_THROW(write_results(test::sample_context(), test::stuck_results(), root()), InputError);
  }
  EXPECT_EQ(names(root()), before);
  EXPECT_EQ(read(root() / "summary.json"), summary);
}

TEST_F(ResultFolder, LinkPlacedUnderATemporaryNameIsNotFollowed) {
  touch(root() / "victim", "precious");
  fs::create_directory(root() / "out");
  fs::create_symlink(root() / "victim", partial_name(root() / "out" / "flows.csv"));
  write_results(test::sample_context(), test::sample_results(), root() / "out");
  EXPECT_EQ(read(root() / "victim"), "precious");
}

TEST_F(ResultFolder, MissingOrEmptyFolderIsFine) {
  EXPECT_NO_THROW(check_output_folder(root() / "not" / "there"));
  EXPECT_NO_THROW(check_output_folder(root()));
}

TEST_F(ResultFolder, ForeignFileIsRefusedByName) {
  touch(root() / "flows.csv");
  touch(root() / "thesis.tex");
  try {
    check_output_folder(root());
    FAIL() << "a folder with thesis.tex is not weft's";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where(), root().string());
    EXPECT_NE(std::string(error.what()).find("thesis.tex"), std::string::npos);
  }
  const std::vector<std::string> ours{"thesis.tex"};
  EXPECT_NO_THROW(check_output_folder(root(), ours));
}

TEST_F(ResultFolder, ForeignFolderAndLinkAreRefused) {
  fs::create_directory(root() / "flows.csv");
  EXPECT_THROW(check_output_folder(root()), InputError);
  fs::remove(root() / "flows.csv");
  fs::create_symlink("/etc/passwd", root() / "flows.csv");
  EXPECT_THROW(check_output_folder(root()), InputError);
}

TEST_F(ResultFolder, AFileInPlaceOfTheFolderIsRefused) {
  touch(root() / "out");
  EXPECT_THROW(check_output_folder(root() / "out"), InputError);
  EXPECT_THROW(write_results(test::sample_context(), test::sample_results(), root() / "out"), InputError);
  EXPECT_EQ(read(root() / "out"), "x");
}

TEST_F(ResultFolder, LeftoversOfAKilledRunAreOurs) {
  touch(partial_name(root() / "links.csv"));
  EXPECT_NO_THROW(check_output_folder(root()));
  write_results(test::sample_context(), test::sample_results(), root());
  EXPECT_FALSE(fs::exists(partial_name(root() / "links.csv")));
}

}  // namespace
}  // namespace weft
