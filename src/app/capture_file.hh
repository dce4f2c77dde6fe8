// CaptureFile: the file of --pcap while a run lasts. Unless the run says keep(), it is removed again: a capture that ends in
// the middle is no result. A folder of results that does not exist yet is made for it, and removed again when it stays empty.
#pragma once

#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

namespace weft {

class CaptureFile {
 public:
  // `file` may be empty: no capture.
  CaptureFile(const std::string& file, std::filesystem::path results) : file_(file), results_(std::move(results)) {}
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  ~CaptureFile() {
    std::error_code ignored;
    if (!kept_ && started_ && std::filesystem::is_regular_file(file_, ignored)) std::filesystem::remove(file_, ignored);
    if (!kept_ && made_folder_) std::filesystem::remove(results_, ignored);
  }

  // A capture inside the folder of the results is no stranger there.
  [[nodiscard]] std::vector<std::string> names_in_results() const {
    if (file_.empty()) return {};
    const bool inside = std::filesystem::weakly_canonical(file_).parent_path() == std::filesystem::weakly_canonical(results_);
    return inside ? std::vector<std::string>{file_.filename().string()} : std::vector<std::string>{};
  }

  // Just before the run opens the file.
  void start() {
    std::error_code ignored;
    if (!names_in_results().empty()) made_folder_ = std::filesystem::create_directories(results_, ignored);
    started_ = !file_.empty();
  }
  void keep() { kept_ = true; }

 private:
  std::filesystem::path file_, results_;
  bool started_ = false;
  bool made_folder_ = false;
  bool kept_ = false;
};

}  // namespace weft
