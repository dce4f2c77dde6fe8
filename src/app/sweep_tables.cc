#include "app/sweep_tables.hh"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "report/bars_svg.hh"
#include "report/decimal.hh"
#include "report/output_file.hh"
#include "report/summary.hh"

namespace weft {

namespace {

using Figure = double (*)(const SweepFigures&);

// Two-sided 95 % points of Student's t for 1 to 30 degrees of freedom; beyond, the normal distribution's.
double student(std::size_t degrees) {
  constexpr std::array<double, 30> points = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                             2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                             2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
  return degrees == 0 ? 0 : degrees <= points.size() ? points[degrees - 1] : 1.960;
}

std::vector<double> values(const SweepRuns& runs, std::size_t combination, Figure figure) {
  std::vector<double> all;
  for (std::uint64_t seed = 1; seed <= runs.seeds(); ++seed) {
    const auto& figures = runs.of(combination, seed);
    if (figures && !std::isnan(figure(*figures))) all.push_back(figure(*figures));
  }
  return all;
}

std::string estimate_text(const std::vector<double>& all) {
  if (all.empty()) return "-";
  const Estimate e = estimate(all);
  if (e.half_width == 0) return figure_text(e.mean);
  const double digits = std::pow(10, 1 - std::floor(std::log10(e.half_width)));  // two are enough for an interval
  return figure_text(e.mean) + " +-" + figure_text(std::round(e.half_width * digits) / digits);
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

// "fct max us" is fct_max_us; "goodput Gb/s" is goodput_gbps, "busbw GB/s" is busbw_gigabytes_per_s.
std::string csv_name(const std::string& title) {
  const auto gigabytes = title.find("GB/s");
  if (gigabytes != std::string::npos) return csv_name(title.substr(0, gigabytes)) + "gigabytes_per_s";
  std::string name;
  for (const char c : title) {
    if (c == '/') {
      name += 'p';
    } else {
      name += c == ' ' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return name;
}

void write_file(const std::string& name, const std::string& text) {
  OutputFile file{std::filesystem::path(name)};
  file.write(text);
  file.finish();
  file.publish();
}

std::string time_text(double microseconds) { return std::isnan(microseconds) ? "-" : duration_text(std::llround(microseconds * 1e6)); }

std::vector<std::string> titles(const SweepPlan& plan, std::uint64_t seeds, SweepSubject subject) {
  if (plan.axes.empty()) {
    std::vector<std::string> all{"seed", "status"};
    if (subject == SweepSubject::jobs) all.insert(all.end(), {"iteration", "exposed"});
    if (subject == SweepSubject::collectives) all.insert(all.end(), {"collective", "busbw"});
    all.insert(all.end(), {"fct p50", "fct p99", "fct max", "slowdown p99", "goodput", "drops", "pauses", "retransmissions", "state hash"});
    return all;
  }
  std::vector<std::string> all;
  for (const SweepAxis& axis : plan.axes) {
    std::size_t width = axis.name.size();
    for (const SweepChoice& choice : axis.choices) width = std::max(width, choice.name.size());
    all.push_back(std::string(width - axis.name.size(), ' ') + axis.name);
  }
  for (const SweepColumn& column : sweep_columns(subject)) all.push_back((seeds > 1 ? "     " : "") + column.title);
  return all;
}

}  // namespace

Estimate estimate(const std::vector<double>& values) {
  Estimate e;
  if (values.empty()) return e;
  for (const double value : values) e.mean += value / static_cast<double>(values.size());
  if (values.size() == 1) return e;
  double squares = 0;
  for (const double value : values) squares += (value - e.mean) * (value - e.mean);
  const double n = static_cast<double>(values.size());
  e.half_width = student(values.size() - 1) * std::sqrt(squares / (n - 1) / n);
  return e;
}

SweepTables::SweepTables(const SweepPlan& plan, std::uint64_t seeds, SweepSubject subject)
    : plan_(plan), subject_(subject), columns_(sweep_columns(subject)), table_(titles(plan, seeds, subject)) {}

std::vector<std::string> SweepTables::names(std::size_t combination) const {
  std::vector<std::string> all;
  for (const SweepChoice* choice : plan_.combination(combination)) all.push_back(choice->name);
  return all;
}

std::vector<std::string> SweepTables::cells(std::uint64_t seed, const SweepFigures& figures) const {
  const FlowFigures& flows = figures.flows;
  const auto time = [&](std::int64_t Statistics::*figure) { return flows.fct_ps ? duration_text((*flows.fct_ps).*figure) : "-"; };
  std::vector<std::string> all{std::to_string(seed), std::string(name_of(figures.status))};
  if (subject_ == SweepSubject::jobs) all.insert(all.end(), {time_text(figures.iteration_us), time_text(figures.exposed_us)});
  if (subject_ == SweepSubject::collectives) {
    all.insert(all.end(), {time_text(figures.collective_us), std::isnan(figures.busbw) ? "-" : figure_text(figures.busbw) + " GB/s"});
  }
  all.insert(all.end(), {time(&Statistics::p50), time(&Statistics::p99), time(&Statistics::max),
                         flows.slowdown_millionths ? fixed(flows.slowdown_millionths->p99 / 1000, 3) : "-", rate_text(figures.goodput),
                         grouped(figures.drops), grouped(figures.pauses), grouped(figures.retransmissions), hex64(figures.state_hash)});
  return all;
}

std::string SweepTables::line_of_means(const SweepRuns& runs, std::size_t combination) const {
  std::vector<std::string> row = names(combination);
  for (const SweepColumn& column : columns_) row.push_back(estimate_text(values(runs, combination, column.figure)));
  return table_.row(row);
}

std::string SweepTables::line(const SweepRuns& runs, std::uint64_t seed) const { return table_.row(cells(seed, *runs.of(0, seed))); }

// How far the headline figure lies apart among the seeds, where there are no axes.
std::string SweepTables::closing(const SweepRuns& runs) const {
  if (!plan_.axes.empty()) return {};
  const SweepHeadline headline = sweep_headline(subject_);
  const std::vector<double> all = values(runs, 0, headline.column.figure);
  if (all.empty()) return "nothing completed\n";
  const auto text = [](double us) { return duration_text(std::llround(us * 1e6)); };
  return headline.column.title.substr(0, headline.column.title.rfind(' ')) + " over " + std::to_string(all.size()) + " seeds: min " +
         text(*std::min_element(all.begin(), all.end())) + ", mean " + text(estimate(all).mean) + ", max " +
         text(*std::max_element(all.begin(), all.end())) + "\n";
}

void SweepTables::write_csv(const SweepRuns& runs, const std::string& file) const {
  std::string text;
  for (const SweepAxis& axis : plan_.axes) text += quoted(axis.name) + ",";
  text += "seed,status";
  for (const SweepColumn& column : columns_) text += "," + csv_name(column.title);
  text += ",state_hash\n";
  for (std::size_t combination = 0; combination < runs.combinations(); ++combination) {
    for (std::uint64_t seed = 1; seed <= runs.seeds(); ++seed) {
      const auto& figures = runs.of(combination, seed);
      if (!figures) continue;
      for (const std::string& name : names(combination)) text += quoted(name) + ",";
      text += std::to_string(seed) + "," + std::string(name_of(figures->status));
      for (const SweepColumn& column : columns_) {
        const double value = column.figure(*figures);
        text += "," + (std::isnan(value) ? std::string() : figure_text(value));
      }
      text += "," + hex64(figures->state_hash) + "\n";
    }
  }
  write_file(file, text);
}

void SweepTables::write_svg(const SweepRuns& runs, const std::string& title, const std::string& file) const {
  const SweepHeadline headline = sweep_headline(subject_);
  BarChart chart{.title = title + ": " + headline.what, .unit = "us", .groups = {}, .series = {}, .bars = {}};
  // The first axis makes the groups, unless it is the only one: then its choices, whose names may be long, stand in the legend.
  const bool grouped = plan_.axes.size() > 1;
  const std::size_t groups = grouped ? plan_.axes.front().choices.size() : 1, series = runs.combinations() / groups;
  for (std::size_t g = 0; g < groups; ++g) {
    chart.groups.push_back(grouped ? plan_.axes.front().choices[g].name : plan_.axes.empty() ? "all" : plan_.axes.front().name);
  }
  for (std::size_t s = 0; s < series; ++s) {
    std::string label;
    const auto chosen = plan_.combination(s);
    for (std::size_t axis = grouped ? 1 : 0; axis < chosen.size(); ++axis) label += (label.empty() ? "" : ", ") + chosen[axis]->name;
    chart.series.push_back(label);
  }
  for (std::size_t g = 0; g < groups; ++g) {
    std::vector<Bar>& row = chart.bars.emplace_back();
    for (std::size_t s = 0; s < series; ++s) {
      const std::vector<double> all = values(runs, g * series + s, headline.column.figure);
      const Estimate e = estimate(all);
      row.push_back(all.empty() ? Bar{} : Bar{e.mean, e.half_width});
    }
  }
  write_file(file, bars_svg(chart));
}

}  // namespace weft
