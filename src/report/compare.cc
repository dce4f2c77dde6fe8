#include "report/compare.hh"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "report/csv_reader.hh"
#include "report/decimal.hh"
#include "report/output_file.hh"
#include "report/page.hh"
#include "report/page_data.hh"
#include "report/sampling.hh"

namespace weft {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::ordered_json;

using Text = std::string (*)(double);

// One line of the table: where the figure stands in summary.json, and how people read it.
struct Figure {
  const char* name;
  const char* pointer;
  Text text;
};

std::string from_microseconds(double us) { return duration_text(std::llround(us * 1e6)); }
std::string from_seconds(double seconds) { return duration_text(std::llround(seconds * 1e12)); }
std::string from_bytes(double bytes) { return bytes_text(static_cast<std::uint64_t>(bytes)); }

constexpr std::array<Figure, 21> figures{{
    {"flows", "/flows/count", count_text},
    {"flows completed", "/flows/completed", count_text},
    {"FCT min", "/flows/fct_us/min", from_microseconds},
    {"FCT mean", "/flows/fct_us/mean", from_microseconds},
    {"FCT p50", "/flows/fct_us/p50", from_microseconds},
    {"FCT p99", "/flows/fct_us/p99", from_microseconds},
    {"FCT max", "/flows/fct_us/max", from_microseconds},
    {"slowdown mean", "/flows/slowdown/mean", figure_text},
    {"slowdown p99", "/flows/slowdown/p99", figure_text},
    {"slowdown max", "/flows/slowdown/max", figure_text},
    {"goodput", "/goodput_gbps", rate_text},
    {"drops", "/drops", count_text},
    {"trims", "/trims", count_text},
    {"ECN marks", "/ecn_marks", count_text},
    {"pauses", "/pauses", count_text},
    {"retransmissions", "/retransmissions", count_text},
    {"simulated time", "/simulated_time_s", from_seconds},
    {"packet-hops", "/packet_hops", count_text},
    {"packet-hops/s", "/packet_hops_per_s", count_text},
    {"run time", "/run_s", from_seconds},
    {"memory", "/peak_rss_bytes", from_bytes},
}};

int line_of(const std::string& text, std::size_t at) {
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n'));
}

void require_key(const fs::path& file, const Json& summary, const char* pointer, bool right_type) {
  if (right_type) return;
  const bool missing = !summary.contains(Json::json_pointer(pointer));
  throw InputError(file.string(), std::string("the key ") + pointer + (missing ? " is missing" : " has the wrong type"),
                   "both folders must hold results of weft run");
}

Json read_summary(const fs::path& file) {
  const std::string text = read_text_file(file.string());
  Json summary;
  try {
    summary = Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw InputError(place(file.string(), line_of(text, error.byte)), "this is not JSON", "both folders must hold results of weft run");
  }
  const auto at = [&](const char* pointer) {
    return summary.contains(Json::json_pointer(pointer)) ? summary.at(Json::json_pointer(pointer)) : Json{};
  };
  for (const Figure& figure : figures) {
    // Completion times are null when nothing completed; everything else is a number.
    const bool may_be_null = std::string_view(figure.pointer).rfind("/flows/fct_us", 0) == 0 ||
                             std::string_view(figure.pointer).rfind("/flows/slowdown", 0) == 0;
    const bool present = summary.contains(Json::json_pointer(figure.pointer));
    require_key(file, summary, figure.pointer,
                present && (at(figure.pointer).is_number() || (may_be_null && at(figure.pointer).is_null())));
  }
  for (const char* const pointer : {"/scenario", "/status", "/state_hash"}) require_key(file, summary, pointer, at(pointer).is_string());
  require_key(file, summary, "/seed", at("/seed").is_number());
  return summary;
}

std::size_t column(const std::vector<std::string>& header, const std::string& name, const fs::path& file) {
  const auto at = std::find(header.begin(), header.end(), name);
  if (at == header.end())
    throw InputError(place(file.string(), 1), "the column " + name + " is missing", "both folders must hold results of weft run");
  return static_cast<std::size_t>(at - header.begin());
}

std::vector<std::int64_t> read_completion_times(const fs::path& file) {
  const std::string text = read_text_file(file.string());
  CsvReader reader(text);
  std::vector<std::string> fields;
  reader.next(fields);
  const std::size_t columns = fields.size(), time = column(fields, "fct_us", file), enters = column(fields, "measured", file);
  std::vector<std::int64_t> times;
  while (reader.next(fields)) {
    if (fields.size() != columns) {
      throw InputError(place(file.string(), reader.line()),
                       "the row has " + std::to_string(fields.size()) + " fields, the header " + std::to_string(columns));
    }
    if (fields[enters] != "1") continue;
    const auto value = fields[time].empty() ? std::nullopt : parse_scaled(fields[time], 6);
    if (!value) throw InputError(place(file.string(), reader.line()), "fct_us is not a number: " + fields[time]);
    times.push_back(*value);
  }
  return times;
}

RunFolder read_folder(const fs::path& folder) {
  std::error_code error;
  if (!fs::exists(folder / "summary.json", error)) {
    throw InputError(folder.string(), "the folder holds no results: there is no summary.json",
                     "give two folders that weft run --out wrote");
  }
  const fs::path own = folder.filename().empty() ? folder.parent_path().filename() : folder.filename();
  return {own.string(), read_summary(folder / "summary.json"), read_completion_times(folder / "flows.csv")};
}

std::optional<double> value_of(const RunFolder& run, const Figure& figure) {
  const Json& value = run.summary.at(Json::json_pointer(figure.pointer));
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::string padded(std::string text, std::size_t width, bool left) {
  if (text.size() < width) text.insert(left ? text.size() : 0, width - text.size(), ' ');
  return text;
}

using TableRow = std::array<std::string, 4>;

std::vector<std::string> aligned(const std::vector<TableRow>& rows) {
  std::array<std::size_t, 4> widths{};
  for (const TableRow& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::vector<std::string> lines;
  for (const TableRow& row : rows) {
    std::string line = padded(row[0], widths[0], true);
    for (std::size_t i = 1; i < row.size(); ++i) line += "  " + padded(row[i], widths[i], false);
    lines.push_back(line);
  }
  return lines;
}

std::string text_at(const RunFolder& run, const char* key) { return run.summary.at(key).get<std::string>(); }

}  // namespace

Comparison read_comparison(const fs::path& first, const fs::path& second) {
  Comparison comparison{read_folder(first), read_folder(second)};
  if (comparison.first.name == comparison.second.name) {
    comparison.first.name = first.string();
    comparison.second.name = second.string();
  }
  return comparison;
}

std::vector<std::string> comparison_lines(const Comparison& comparison) {
  const RunFolder &a = comparison.first, &b = comparison.second;
  std::vector<TableRow> rows{{"", a.name, b.name, "ratio"},
                             {"status", text_at(a, "status"), text_at(b, "status"), ""},
                             {"state hash", text_at(a, "state_hash"), text_at(b, "state_hash"),
                              text_at(a, "state_hash") == text_at(b, "state_hash") ? "same" : "different"}};
  for (const Figure& figure : figures) {
    const auto left = value_of(a, figure), right = value_of(b, figure);
    const std::string ratio = left && right && *left != 0 ? figure_text(*right / *left) : "-";
    rows.push_back({figure.name, left ? figure.text(*left) : "-", right ? figure.text(*right) : "-", ratio});
  }
  return aligned(rows);
}

void write_comparison_page(const Comparison& comparison, const fs::path& file) {
  Json data{{"page", "compare"}, {"runs", Json::array()}};
  for (const RunFolder* run : {&comparison.first, &comparison.second}) {
    data["runs"].push_back({{"name", run->name}, {"summary", run->summary}, {"fct_cdf", distribution(run->fct_ps, page_points)}});
  }
  OutputFile output(file);
  output.write(page_with(comparison.first.name + " and " + comparison.second.name + " - weft", data));
  output.finish();
  output.publish();
}

}  // namespace weft
