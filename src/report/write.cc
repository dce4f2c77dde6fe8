#include "report/write.hh"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/error.hh"
#include "report/output_file.hh"
#include "report/page.hh"
#include "report/summary.hh"
#include "report/tables.hh"
#include "report/timeline.hh"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Every name that this or a later version writes. summary.json stands last: it is published last.
constexpr std::array<std::string_view, 8> result_names{"scenario-as-run.yaml", "flows.csv",     "links.csv",   "traces.csv",
                                                       "collectives.csv",      "timeline.json", "report.html", "summary.json"};

bool is_result(const fs::path& name) {
  return std::any_of(result_names.begin(), result_names.end(),
                     [&](std::string_view known) { return name == fs::path(known) || name == partial_name(fs::path(known)); });
}

[[noreturn]] void fail(const fs::path& where, const std::string& attempted, const std::error_code& error, std::string hint = {}) {
  throw InputError(where.string(), attempted + ": " + error.message(), std::move(hint));
}

// Removes, on failure, the folders that were made for the results.
class MadeFolders {
 public:
  explicit MadeFolders(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> missing;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path()) missing.push_back(at);
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
      if (fs::create_directory(*at, error)) made_.push_back(*at);
      if (error) {
        undo();
        fail(folder, "could not create the output folder", error, "choose a folder that can be written with --out");
      }
    }
  }
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  ~MadeFolders() { undo(); }
  void keep() { made_.clear(); }

 private:
  void undo() {
    std::error_code ignored;
    for (auto at = made_.rbegin(); at != made_.rend(); ++at) fs::remove(*at, ignored);
    made_.clear();
  }
  std::vector<fs::path> made_;
};

// The files of one run while they are written.
class ResultFiles {
 public:
  explicit ResultFiles(fs::path folder) : folder_(std::move(folder)) {}

  template <class Writer>
  void add(std::string_view name, const Writer& writer) {
    OutputFile& file = files_.emplace_back(folder_ / name);
    names_.push_back(name);
    writer([&](std::string_view text) { file.write(text); });
    file.finish();
  }

  void publish() {
    // An older summary.json must not vouch for a mixture of two runs.
    remove("summary.json");
    for (OutputFile& file : files_) file.publish();
    for (const std::string_view name : result_names) {
      if (std::find(names_.begin(), names_.end(), name) != names_.end()) continue;
      remove(name);
      remove(partial_name(name));
    }
  }

 private:
  void remove(const fs::path& name) {
    std::error_code error;
    fs::remove(folder_ / name, error);
    if (error) fail(folder_ / name, "could not remove the earlier result", error);
  }
  fs::path folder_;
  std::vector<OutputFile> files_;
  std::vector<std::string_view> names_;
};

void add_all(ResultFiles& files, const ReportContext& context, const Results& results) {
  if (!context.scenario_text.empty()) files.add("scenario-as-run.yaml", [&](const TextSink& sink) { sink(context.scenario_text); });
  files.add("flows.csv", [&](const TextSink& sink) { write_flows_csv(context, results, sink); });
  files.add("links.csv", [&](const TextSink& sink) { write_links_csv(results, sink); });
  if (!results.traces.empty()) files.add("traces.csv", [&](const TextSink& sink) { write_traces_csv(results, sink); });
  if (!results.collectives.empty()) files.add("collectives.csv", [&](const TextSink& sink) { write_collectives_csv(results, sink); });
  files.add("timeline.json", [&](const TextSink& sink) { write_timeline(results, sink); });
  files.add("report.html", [&](const TextSink& sink) { sink(report_page(context, results)); });
  files.add("summary.json", [&](const TextSink& sink) { sink(summary_json(context, results)); });
}

}  // namespace

void check_output_folder(const fs::path& folder, std::span<const std::string> also_ours) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() != fs::file_type::directory) {
    throw InputError(folder.string(), "results need a folder, and this is not one", "choose another with --out");
  }
  std::vector<std::string> strangers;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const fs::path name = at->path().filename();
    const bool plain = at->symlink_status(error).type() == fs::file_type::regular;
    const bool known = is_result(name) || std::find(also_ours.begin(), also_ours.end(), name.string()) != also_ours.end();
    if (!plain || !known) strangers.push_back(name.string());
  }
  if (error) fail(folder, "could not list the output folder", error);
  if (!strangers.empty()) {
    const std::string& first = *std::min_element(strangers.begin(), strangers.end());
    throw InputError(folder.string(), "the output folder holds something that is not a result of weft: " + first,
                     "choose a new folder with --out, or move that away");
  }
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    fail(folder, "could not write into the output folder", {errno, std::generic_category()}, "choose another with --out");
  }
}

void write_results(const ReportContext& context, const Results& results, const fs::path& folder) {
  MadeFolders made(folder);
  ResultFiles files(folder);
  add_all(files, context, results);
  files.publish();
  made.keep();
}

}  // namespace weft
