#include "base/text_file.hh"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "base/error.hh"

namespace weft {
namespace {

struct Closer {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

[[noreturn]] void fail(const std::string& path, const char* reason) {
  throw InputError(path, std::string("cannot read the file: ") + reason, "check the path; it is relative to the current directory");
}

}  // namespace

std::string read_text_file(const std::string& path, Bytes limit) {
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (!file) fail(path, std::strerror(errno));
  std::string text;
  std::array<char, 65536> block;
  for (;;) {
    errno = 0;
    const std::size_t got = std::fread(block.data(), 1, block.size(), file.get());
    text.append(block.data(), got);
    if (text.size() > static_cast<std::size_t>(limit.v)) fail(path, "it is larger than any input of this kind");
    if (got == block.size()) continue;
    if (std::ferror(file.get()) != 0) fail(path, std::strerror(errno));
    return text;
  }
}

}  // namespace weft
