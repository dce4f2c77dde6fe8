// Runs the program `weft` as a user would, in a folder of its own, and keeps what it said.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace weft {

struct Said {
  int code = -1;  // exit code; 128 + signal when killed
  std::string out, err;
};

class ProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "weft_program_XXXXXX").string();
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // `arguments` is read by the shell, in the folder of this test; `before` precedes the program ("ulimit -f 1;").
  [[nodiscard]] Said weft(const std::string& arguments, const std::string& before = {}) const {
    const std::string command =
        "cd '" + folder_.string() + "' && { " + before + " '" WEFT_PROGRAM "' " + arguments + " ; } >.stdout 2>.stderr </dev/null";
    const int status = std::system(command.c_str());
    Said said;
    said.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    said.out = text(".stdout");
    said.err = text(".stderr");
    return said;
  }

  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    std::ostringstream all;
    all << std::ifstream(folder_ / name, std::ios::binary).rdbuf();
    return all.str();
  }
  [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(folder_ / name); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace weft
