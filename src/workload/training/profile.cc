#include "workload/training/profile.hh"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"

namespace weft::training {
namespace {

constexpr std::array parts{"attention", "ffn", "experts", "shared", "embedding", "head", "optimizer"};
constexpr std::int64_t longest = 8'640'000 * ps_per_second;
constexpr Bytes largest_file{1'000'000};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::vector<std::string_view> columns(std::string_view line) {
  std::vector<std::string_view> all;
  while (true) {
    const std::size_t comma = line.find(',');
    all.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return all;
    line.remove_prefix(comma + 1);
  }
}

std::string known_parts() {
  std::string names;
  for (const char* part : parts) names += (names.empty() ? "" : ", ") + std::string(part);
  return names;
}

Duration microseconds(std::string_view word, const std::string& where) {
  const auto time = parse_scaled(word, 6);
  if (!time || *time > longest)
    throw InputError(where, "'" + std::string(word) + "' is no time in microseconds", "a decimal number: 125.4");
  return {*time};
}

}  // namespace

Profile parse_profile(const std::string& text, const std::string& name) {
  Profile profile;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    line = trimmed(line.substr(0, line.find('#')));
    const std::string where = place(name, lines.number());
    const auto row = columns(line);
    if (line.empty() || row.front() == "part") continue;
    if (row.size() != 3)
      throw InputError(where, "a line has three columns, not " + std::to_string(row.size()), "part,forward_us,backward_us");
    const std::string part(row[0]);
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) {
      throw InputError(where, "there is no part '" + part + "'", "parts: " + known_parts());
    }
    const PartTime time{microseconds(row[1], where), microseconds(row[2], where)};
    if (!profile.emplace(part, time).second) throw InputError(where, "'" + part + "' comes twice");
  }
  return profile;
}

Profile read_profile(const std::string& file) { return parse_profile(read_text_file(file, largest_file), file); }

}  // namespace weft::training
