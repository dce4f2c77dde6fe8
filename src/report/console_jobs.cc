#include "report/console_jobs.hh"

#include <algorithm>
#include <map>
#include <tuple>

#include "report/decimal.hh"
#include "report/figures.hh"

namespace weft {
namespace {

// Collectives of one entry that are alike.
struct Alike {
  const CollectiveResult* first = nullptr;
  std::int64_t count = 0, over = 0, time = 0, algbw = 0, busbw = 0;
};

void add(Alike& alike, const CollectiveResult& c) {
  ++alike.count;
  if (c.end == Time::never()) return;
  ++alike.over;
  alike.time += (c.end - c.ready).v;
  alike.algbw += c.algbw.v / 8;
  alike.busbw += c.busbw.v / 8;
}

std::vector<Alike> alike_collectives(const Results& results) {
  std::map<std::tuple<std::uint16_t, std::string, std::string, std::string, std::uint32_t, std::int64_t>, std::size_t> known;
  std::vector<Alike> all;
  for (const CollectiveResult& c : results.collectives) {
    const auto [at, added] = known.emplace(std::tuple(c.workload, c.label, c.operation, c.algorithm, c.ranks, c.bytes.v), all.size());
    if (added) all.push_back({.first = &c});
    add(all[at->second], c);
  }
  std::stable_sort(all.begin(), all.end(), [](const Alike& a, const Alike& b) { return a.time > b.time; });
  return all;
}

std::string collective_line(const Alike& alike) {
  const CollectiveResult& c = *alike.first;
  std::string line = c.label == c.operation ? std::string{} : c.label + ", ";
  line +=
      c.operation + " (" + c.algorithm + ") of " + bytes_text(static_cast<std::uint64_t>(c.bytes.v)) + " over " + plural(c.ranks, "rank");
  if (alike.over == 0) return line + ": not over";
  const auto gigabytes = [&](std::int64_t sum) { return figure_text(static_cast<double>(sum / alike.over) / 1e9) + " GB/s"; };
  line += ": " + duration_text(alike.time / alike.over) + ", algbw " + gigabytes(alike.algbw) + ", busbw " + gigabytes(alike.busbw);
  if (alike.count > 1) {
    line += "; mean of " + grouped(static_cast<std::uint64_t>(alike.over)) + " of " +
            plural(static_cast<std::uint64_t>(alike.count), "repetition");
  }
  return line;
}

}  // namespace

std::vector<std::string> collective_lines(const Results& results) {
  std::vector<std::string> lines;
  for (const Alike& alike : alike_collectives(results)) lines.push_back(collective_line(alike));
  return lines;
}

std::vector<std::string> job_lines(const Results& results) {
  std::vector<std::string> lines;
  for (const JobResult& job : results.jobs) {
    std::string line = job.name + " on " + plural(job.hosts.size(), "GPU");
    if (job.iteration.v == 0) {
      lines.push_back(line + ": no iteration ended");
      continue;
    }
    const double share = static_cast<double>(job.compute.v) / static_cast<double>(job.iteration.v);
    line += ": an iteration takes " + duration_text(job.iteration.v) + ": computing " + duration_text(job.compute.v) + " (" +
            figure_text(100 * share) + " %), communication that is not hidden, and waiting, " +
            duration_text(job.exposed_communication().v);
    lines.push_back(line);
    for (const std::string& scaled : job.scaled) lines.push_back("scaled down: " + scaled);
  }
  return lines;
}

}  // namespace weft
