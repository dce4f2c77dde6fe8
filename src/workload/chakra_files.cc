#include "workload/chakra_files.hh"

#include <filesystem>
#include <map>
#include <optional>
#include <system_error>

#include "base/error.hh"
#include "base/parse.hh"

namespace weft {
namespace {

namespace fs = std::filesystem;

struct Name {
  std::string prefix;
  std::uint32_t rank = 0;
};

// "all_reduce.12.et" -> all_reduce, 12.
std::optional<Name> parse_name(const std::string& name) {
  const std::string ending = ".et";
  if (name.size() <= ending.size() || name.compare(name.size() - ending.size(), ending.size(), ending) != 0) return std::nullopt;
  const std::string stem = name.substr(0, name.size() - ending.size());
  const std::size_t dot = stem.rfind('.');
  if (dot == std::string::npos || dot + 1 == stem.size()) return std::nullopt;
  const auto rank = parse_unsigned<std::uint32_t>(std::string_view(stem).substr(dot + 1));
  if (!rank) return std::nullopt;
  return Name{stem.substr(0, dot), *rank};
}

using Prefixes = std::map<std::string, std::map<std::uint32_t, std::string>>;  // prefix -> rank -> path

Prefixes prefixes_in(const fs::path& folder, const std::string& trace) {
  std::error_code error;
  Prefixes found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const auto name = parse_name(entry.path().filename().string());
    if (name) found[name->prefix][name->rank] = entry.path().string();
  }
  if (error) throw InputError(trace, "the folder " + folder.string() + " cannot be read: " + error.message());
  return found;
}

std::vector<std::string> in_order(const std::map<std::uint32_t, std::string>& files, const std::string& trace) {
  std::vector<std::string> paths;
  for (const auto& [rank, path] : files) {
    if (rank != paths.size()) {
      throw InputError(trace, "the file of rank " + std::to_string(paths.size()) + " is missing, but there is " + path,
                       "ranks are 0, 1, 2, ... without gaps");
    }
    paths.push_back(path);
  }
  return paths;
}

}  // namespace

std::vector<std::string> chakra_files(const std::string& trace) {
  std::error_code error;
  if (fs::is_directory(trace, error)) {
    const Prefixes found = prefixes_in(trace, trace);
    if (found.empty()) throw InputError(trace, "the folder holds no file NAME.0.et");
    if (found.size() > 1) {
      std::string names;
      for (const auto& [prefix, files] : found) names += (names.empty() ? "" : ", ") + prefix;
      throw InputError(trace, "the folder holds several traces", "name one of them: " + names);
    }
    return in_order(found.begin()->second, trace);
  }
  const fs::path path(trace);
  const auto file = parse_name(path.filename().string());
  const std::string prefix = file ? file->prefix : path.filename().string();
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, error)) throw InputError(trace, "there is no folder " + folder.string());
  const Prefixes found = prefixes_in(folder, trace);
  const auto files = found.find(prefix);
  if (files == found.end()) throw InputError(trace, "there is no file " + prefix + ".0.et in " + folder.string());
  return in_order(files->second, trace);
}

}  // namespace weft
