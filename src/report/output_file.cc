#include "report/output_file.hh"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "base/check.hh"
#include "base/error.hh"

namespace weft {
namespace {

constexpr std::size_t buffer_limit = std::size_t{1} << 18;

std::string hint_for(int error) {
  if (error == ENOSPC || error == EDQUOT) return "free some space or choose another folder with --out";
  if (error == EFBIG) return "the file would exceed a size limit (ulimit -f)";
  if (error == EACCES || error == EPERM || error == EROFS) return "choose a folder that can be written with --out";
  return {};
}

}  // namespace

std::filesystem::path partial_name(const std::filesystem::path& file) {
  return file.parent_path() / ("." + file.filename().string() + ".weft-partial");
}

OutputFile::OutputFile(std::filesystem::path file) : file_(std::move(file)), partial_(partial_name(file_)) {
  // A leftover of a killed run goes first: O_EXCL then guarantees that what we write to is a new plain file.
  ::unlink(partial_.c_str());
  descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (descriptor_ < 0) fail("could not create it", errno);
  exists_ = true;
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : file_(std::move(other.file_)),
      partial_(std::move(other.partial_)),
      buffer_(std::move(other.buffer_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      exists_(std::exchange(other.exists_, false)) {}

OutputFile::~OutputFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (exists_) ::unlink(partial_.c_str());
}

void OutputFile::write(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= buffer_limit) flush();
}

void OutputFile::flush() {
  CHECK(descriptor_ >= 0, "file", file_);
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t taken = ::write(descriptor_, rest.data(), rest.size());
    if (taken < 0 && errno == EINTR) continue;
    if (taken < 0) fail("could not write it", errno);
    rest.remove_prefix(static_cast<std::size_t>(taken));
  }
  buffer_.clear();
}

void OutputFile::finish() {
  flush();
  // Some file systems take the bytes now and discover a full disk later; those that cannot sync say EINVAL.
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOSYS) fail("could not write it to the disk", errno);
  if (::close(std::exchange(descriptor_, -1)) != 0) fail("could not close it", errno);
}

void OutputFile::publish() {
  CHECK(descriptor_ < 0 && exists_, "file", file_);
  if (::rename(partial_.c_str(), file_.c_str()) != 0) fail("could not give it its name", errno);
  exists_ = false;
}

void OutputFile::fail(std::string_view attempted, int error) {
  throw InputError(file_.string(), std::string(attempted) + ": " + std::generic_category().message(error), hint_for(error));
}

}  // namespace weft
