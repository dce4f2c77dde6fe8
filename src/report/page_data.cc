#include "report/page_data.hh"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "report/decimal.hh"
#include "report/figures.hh"
#include "report/sampling.hh"
#include "report/summary.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

Json flow_row(const ReportContext& context, const FlowResult& flow, std::size_t position) {
  const auto time = fct(flow);
  const auto slowdown = slowdown_millionths(flow);
  const std::uint16_t workload = flow.spec.workload;
  Json row{{"flow", position},
           {"label", flow.spec.label},
           {"workload", workload < context.workloads.size() ? context.workloads[workload] : std::to_string(workload)},
           {"src", flow.spec.src.v},
           {"dst", flow.spec.dst.v},
           {"size_bytes", flow.spec.size.v},
           {"start_us", nullptr},
           {"fct_us", nullptr},
           {"slowdown", nullptr},
           {"goodput_gbps", nullptr},
           {"retransmissions", flow.retransmissions},
           {"cnps", flow.cnps},
           {"error", flow.error}};
  if (flow.start < Time::never()) row["start_us"] = in_microseconds(flow.start.ps);
  if (time) row["fct_us"] = in_microseconds(time->v);
  if (time) row["goodput_gbps"] = static_cast<double>(gbps_millionths(flow.spec.size, *time)) / 1e6;
  if (slowdown) row["slowdown"] = static_cast<double>(*slowdown) / 1e6;
  return row;
}

std::vector<std::size_t> measured_positions(const Results& results) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < results.flows.size(); ++i) {
    if (measured(results.flows[i])) positions.push_back(i);
  }
  return positions;
}

void add_distributions(Json& data, const Results& results, const std::vector<std::size_t>& positions) {
  std::vector<std::int64_t> sender, receiver, slowdowns;
  for (const std::size_t position : positions) {
    const FlowResult& flow = results.flows[position];
    sender.push_back(fct(flow)->v);
    if (const auto time = receiver_fct(flow)) receiver.push_back(time->v);
    if (const auto slowdown = slowdown_millionths(flow)) slowdowns.push_back(*slowdown);
  }
  data["fct_cdf"] = distribution(std::move(sender), page_points);
  data["receiver_cdf"] = distribution(std::move(receiver), page_points);
  data["slowdown_cdf"] = distribution(std::move(slowdowns), page_points);
}

// Slowdown against size says something only when sizes differ.
void add_sizes(Json& data, const Results& results, const std::vector<std::size_t>& positions) {
  Points points;
  std::set<double> sizes;
  for (const std::size_t chosen : evenly(positions.size(), page_points)) {
    const FlowResult& flow = results.flows[positions[chosen]];
    const auto slowdown = slowdown_millionths(flow);
    if (!slowdown || flow.spec.size.v <= 0) continue;
    points.emplace_back(static_cast<double>(flow.spec.size.v), static_cast<double>(*slowdown) / 1e6);
    sizes.insert(points.back().first);
  }
  data["sizes"] = sizes.size() > 1 ? Json(points) : Json::array();
}

void add_slowest(Json& data, const ReportContext& context, const Results& results, std::vector<std::size_t> positions) {
  const auto slower = [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t i) { return std::pair{slowdown_millionths(results.flows[i]).value_or(0), fct(results.flows[i])->v}; };
    return key(a) != key(b) ? key(a) > key(b) : a < b;
  };
  const auto shown = static_cast<std::ptrdiff_t>(std::min(page_rows, positions.size()));
  std::partial_sort(positions.begin(), positions.begin() + shown, positions.end(), slower);
  data["slowest"] = Json::array();
  for (std::ptrdiff_t i = 0; i < shown; ++i) {
    const std::size_t position = positions[static_cast<std::size_t>(i)];
    data["slowest"].push_back(flow_row(context, results.flows[position], position));
  }
}

void add_failed(Json& data, const ReportContext& context, const Results& results) {
  data["failed"] = Json::array();
  for (std::size_t i = 0; i < results.flows.size() && data["failed"].size() < page_rows; ++i) {
    if (results.flows[i].status == FlowStatus::failed) data["failed"].push_back(flow_row(context, results.flows[i], i));
  }
}

void add_traces(Json& data, const Results& results) {
  data["traces"] = Json::array();
  for (std::size_t i = 0; i < std::min(page_series, results.traces.size()); ++i) {
    const TraceSeries& series = results.traces[i];
    Points points;
    for (std::size_t bin = 0; bin < std::min(series.at.size(), series.value.size()); ++bin) {
      points.emplace_back(in_microseconds(series.at[bin].ps), series.value[bin]);
    }
    data["traces"].push_back({{"name", series.name}, {"what", series.what}, {"unit", series.unit}, {"points", thin(points, page_points)}});
  }
}

void add_collectives(Json& data, const Results& results) {
  data["collectives"] = Json::array();
  for (std::size_t i = 0; i < std::min(page_rows, results.collectives.size()); ++i) {
    const CollectiveResult& c = results.collectives[i];
    Json row{{"label", c.label}, {"operation", c.operation}, {"algorithm", c.algorithm}, {"repetition", c.repetition},
             {"ranks", c.ranks}, {"bytes", c.bytes.v},       {"start_us", nullptr},      {"time_us", nullptr},
             {"algbw", nullptr}, {"busbw", nullptr}};
    if (c.start != Time::never()) row["start_us"] = in_microseconds(c.start.ps);
    if (c.end != Time::never()) {
      row["time_us"] = in_microseconds((c.end - c.ready).v);
      row["algbw"] = static_cast<double>(c.algbw.v) / 8e9;
      row["busbw"] = static_cast<double>(c.busbw.v) / 8e9;
    }
    data["collectives"].push_back(row);
  }
}

}  // namespace

Json page_data(const ReportContext& context, const Results& results) {
  Json data;
  data["page"] = "report";
  data["scenario"] = {{"file", context.scenario_file}, {"text", context.scenario_text}};
  data["summary"] = summary_object(context, results);
  data["totals"] = {{"ports", results.ports.size()},
                    {"series", results.traces.size()},
                    {"failed", flow_figures(results).failed},
                    {"collectives", results.collectives.size()}};
  const std::vector<std::size_t> positions = measured_positions(results);
  add_distributions(data, results, positions);
  add_sizes(data, results, positions);
  add_slowest(data, context, results, positions);
  add_failed(data, context, results);
  add_collectives(data, results);
  add_job_data(data, results);
  add_link_data(data, results);
  add_traces(data, results);
  return data;
}

}  // namespace weft
