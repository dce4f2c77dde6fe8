// write_results: everything a run leaves in its folder, all or nothing.
//
// Rule: every file is written whole under a temporary name; only when the disk has taken the last byte of the last one do
// they get their names, summary.json last: a folder that holds summary.json holds complete results. On an error nothing of
// this run remains, and a folder made for it is removed. Results of an earlier run in the same folder are replaced, and
// those of its files that this run does not have are removed. Only files with the names of results are touched; whether the
// folder may be used at all is for check_output_folder(), before the run.
// Errors: InputError with the file, what was attempted and the system's reason.
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "report/context.hh"
#include "report/results.hh"

namespace weft {

// Fine when `folder` is missing, empty, or holds nothing but files with the names of weft's results; otherwise InputError
// naming the first stranger. `also_ours`: further file names that the caller puts there itself (a capture).
void check_output_folder(const std::filesystem::path& folder, std::span<const std::string> also_ours = {});

void write_results(const ReportContext& context, const Results& results, const std::filesystem::path& folder);

}  // namespace weft
