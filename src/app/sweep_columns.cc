#include "app/sweep_columns.hh"

#include <algorithm>
#include <cmath>

namespace weft {
namespace {

double in_microseconds(const SweepFigures& f, std::int64_t Statistics::*figure) {
  return f.flows.fct_ps ? static_cast<double>((*f.flows.fct_ps).*figure) / 1e6 : std::nan("");
}

const SweepColumn iteration{"iteration us", [](const SweepFigures& f) { return f.iteration_us; }};
const SweepColumn collective_time{"collective us", [](const SweepFigures& f) { return f.collective_us; }};
const SweepColumn slowest{"fct max us", [](const SweepFigures& f) { return in_microseconds(f, &Statistics::max); }};
const SweepColumn steady{"steady us", [](const SweepFigures& f) { return f.fault.steady_us; }};

}  // namespace

SweepSubject subject_of(const Scenario& scenario) {
  const auto any = [&](const auto& fits) { return std::any_of(scenario.workloads.begin(), scenario.workloads.end(), fits); };
  if (any([](const WorkloadParameters& w) { return w.kind == "training" || w.kind == "simai" || w.kind == "chakra"; }))
    return SweepSubject::jobs;
  if (any([](const WorkloadParameters& w) { return w.kind == "collective"; })) return SweepSubject::collectives;
  const bool fails = std::any_of(scenario.links.begin(), scenario.links.end(), [](const LinkCondition& l) { return l.down > Time{}; });
  return fails ? SweepSubject::faults : SweepSubject::flows;
}

std::vector<SweepColumn> sweep_columns(SweepSubject subject) {
  std::vector<SweepColumn> columns;
  if (subject == SweepSubject::jobs) {
    columns.push_back(iteration);
    columns.push_back({"exposed us", [](const SweepFigures& f) { return f.exposed_us; }});
  } else if (subject == SweepSubject::collectives) {
    columns.push_back(collective_time);
    columns.push_back({"busbw GB/s", [](const SweepFigures& f) { return f.busbw; }});
  } else if (subject == SweepSubject::faults) {
    columns.push_back({"known first us", [](const SweepFigures& f) { return f.fault.known_first_us; }});
    columns.push_back({"known last us", [](const SweepFigures& f) { return f.fault.known_last_us; }});
    columns.push_back({"last lost us", [](const SweepFigures& f) { return f.fault.last_lost_us; }});
    columns.push_back(steady);
    columns.push_back({"missing MB", [](const SweepFigures& f) { return f.fault.missing_mb; }});
    columns.push_back(slowest);
  } else {
    columns.push_back({"fct p50 us", [](const SweepFigures& f) { return in_microseconds(f, &Statistics::p50); }});
    columns.push_back({"fct p99 us", [](const SweepFigures& f) { return in_microseconds(f, &Statistics::p99); }});
    columns.push_back(slowest);
  }
  columns.push_back({"goodput Gb/s", [](const SweepFigures& f) { return f.goodput; }});
  columns.push_back({"drops", [](const SweepFigures& f) { return static_cast<double>(f.drops); }});
  columns.push_back({"trims", [](const SweepFigures& f) { return static_cast<double>(f.trims); }});
  columns.push_back({"pauses", [](const SweepFigures& f) { return static_cast<double>(f.pauses); }});
  columns.push_back({"retransmissions", [](const SweepFigures& f) { return static_cast<double>(f.retransmissions); }});
  return columns;
}

SweepHeadline sweep_headline(SweepSubject subject) {
  switch (subject) {
    case SweepSubject::jobs: return {iteration, "an iteration"};
    case SweepSubject::collectives: return {collective_time, "a collective"};
    case SweepSubject::faults: return {steady, "until goodput is steady"};
    case SweepSubject::flows: break;
  }
  return {slowest, "the slowest flow"};
}

}  // namespace weft
