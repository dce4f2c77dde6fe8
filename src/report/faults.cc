#include "report/faults.hh"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/decimal.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

std::string after(const FaultResult& fault, Time t) { return duration_text(t.ps - fault.at.ps); }

std::string names(const FaultResult& fault) {
  if (fault.links.empty()) return "no link";
  return fault.links.front() + (fault.links.size() == 1 ? "" : " and " + std::to_string(fault.links.size() - 1) + " more");
}

std::string fault_line(const FaultResult& fault) {
  std::string line = names(fault) + (fault.up ? " up" : " down") + " at " + duration_text(fault.at.ps) + ": known after " +
                     after(fault, fault.first_heard) + " to " + after(fault, fault.last_heard);
  if (fault.lost > 0) line += ", " + plural(fault.lost, "packet") + " lost, the last sent after " + after(fault, fault.last_lost);
  if (fault.recovered == Time::never()) return line;
  if (fault.recovered == fault.at) return line + ", no dip of goodput";
  return line + ", goodput steady after " + after(fault, fault.recovered) + " (" + bytes_text(static_cast<std::uint64_t>(fault.missing.v)) +
         " less until then)";
}

Json microseconds(const FaultResult& fault, Time t) {
  return t == Time::never() ? Json(nullptr) : Json(static_cast<double>(t.ps - fault.at.ps) / 1e6);
}

}  // namespace

std::vector<std::string> fault_lines(const Results& results) {
  std::vector<std::string> lines;
  std::transform(results.faults.begin(), results.faults.end(), std::back_inserter(lines), fault_line);
  return lines;
}

Json faults_array(const Results& results) {
  Json faults = Json::array();
  for (const FaultResult& fault : results.faults) {
    faults.push_back({{"at_us", static_cast<double>(fault.at.ps) / 1e6},
                      {"event", fault.up ? "up" : "down"},
                      {"links", fault.links},
                      {"known_first_us", microseconds(fault, fault.first_heard)},
                      {"known_last_us", microseconds(fault, fault.last_heard)},
                      {"lost", fault.lost},
                      {"last_lost_us", fault.lost == 0 ? Json(nullptr) : microseconds(fault, fault.last_lost)},
                      {"steady_us", microseconds(fault, fault.recovered)},
                      {"missing_bytes", fault.missing.v}});
  }
  return faults;
}

}  // namespace weft
