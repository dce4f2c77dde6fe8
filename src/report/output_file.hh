// OutputFile: a file that exists only once it is whole. It grows under a temporary name beside its final one; publish()
// renames it; what is never published is removed.
//
// Rule: every write, the flush to the disk and the close are checked. Errors: InputError naming the file, what was attempted
// and the system's reason. Move-only; one writer.
// Source: POSIX.1-2017 rename() (atomic replacement within a file system), close() (may report a deferred write error).
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace weft {

// The temporary name of `file`: a hidden sibling, which a later run recognises as weft's own.
[[nodiscard]] std::filesystem::path partial_name(const std::filesystem::path& file);

class OutputFile {
 public:
  explicit OutputFile(std::filesystem::path file);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  void write(std::string_view text);
  void finish();   // flush, sync, close: after it the disk has taken every byte
  void publish();  // after finish(): the file appears under its name, replacing an older one

 private:
  void flush();
  [[noreturn]] void fail(std::string_view attempted, int error);

  std::filesystem::path file_;
  std::filesystem::path partial_;
  std::string buffer_;
  int descriptor_ = -1;
  bool exists_ = false;  // the temporary is on the disk and ours to remove
};

}  // namespace weft
