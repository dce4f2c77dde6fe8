// Tshark, as an outside judge of capture files: a fixture that writes one and asks what tshark reads in it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace weft::test {

inline bool tshark_is_installed() { return std::system("tshark --version > /dev/null 2>&1") == 0; }

inline std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return lines;
  std::array<char, 4096> buffer;
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    std::string line(buffer.data());
    while (!line.empty() && line.back() == '\n') line.pop_back();
    lines.push_back(line);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return lines;
}

class Tshark : public testing::Test {
 protected:
  void SetUp() override {
    if (!tshark_is_installed()) GTEST_SKIP() << "tshark is not installed";
    path_ = std::filesystem::temp_directory_path() / ("weft_wire_" + std::to_string(::getpid()) + ".pcapng");
  }
  void TearDown() override {
    if (!path_.empty()) std::filesystem::remove(path_);
  }
  void write(const std::vector<std::byte>& file) const {
    std::ofstream(path_, std::ios::binary).write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  }
  [[nodiscard]] std::vector<std::string> fields(const std::string& options) const {
    return lines_of("tshark -n -r " + path_.string() + " -o eth.check_fcs:TRUE " + options + " 2>/dev/null");
  }
  std::filesystem::path path_{};
};

}  // namespace weft::test
