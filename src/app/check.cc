// `weft check FILE`: reads and builds everything that a run would simulate, says what it is, and stops there.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/network_lines.hh"
#include "app/scenario_options.hh"
#include "report/decimal.hh"
#include "scenario/fabric_names.hh"
#include "sim/model_notes.hh"
#include "sim/network.hh"

namespace weft {
namespace {

std::string size_text(Bytes size) { return bytes_text(static_cast<std::uint64_t>(size.v)); }

std::string fabric_line(const FabricParameters& fabric) {
  std::string line = "fabric      " + fabric.transport + ", congestion " + fabric.congestion;
  if (fabric.congestion == "dcqcn") line += " (set " + fabric.dcqcn_set + ")";
  line += fabric.scheduling == Scheduling::gse ? ", scheduled" : ", load balancing " + name_of(fabric.load_balancing);
  if (fabric.uet.paths > 1 && chosen_by_end_points(fabric.load_balancing)) line += " over " + std::to_string(fabric.uet.paths) + " paths";
  line += fabric.lossless == Lossless::pfc ? ", PFC" : fabric.lossless == Lossless::cbfc ? ", CBFC" : ", lossy";
  if (fabric.transport == "uet" && fabric.uet.trimming) line += " with trimming";
  line += ", recovery " + name_of(fabric.recovery);
  return line + ", MTU " + std::to_string(fabric.mtu) + ", buffer " + size_text(fabric.buffer);
}

std::string traffic_line(const Traffic& traffic) {
  std::string line = "traffic     " + grouped(traffic.flows.size()) + (traffic.flows.size() == 1 ? " flow" : " flows");
  if (traffic.flows.empty()) return line;
  Bytes total{}, least = traffic.flows.front().size, most = least;
  Time last{};
  for (const FlowSpec& flow : traffic.flows) {
    total += flow.size;
    least = std::min(least, flow.size);
    most = std::max(most, flow.size);
    if (!flow.after.valid()) last = std::max(last, flow.start);
  }
  line += ", " + size_text(total) + " in all, " + (least == most ? size_text(most) + " each" : size_text(least) + " to " + size_text(most));
  if (last.ps > 0) line += ", the last start at " + duration_text(last.ps);
  if (!traffic.triggers.empty()) line += ", " + grouped(traffic.triggers.size()) + " triggers";
  return line;
}

class CheckCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("check", "read a scenario and say what it would simulate, without running it");
    scenario_.add_to(*command);
    return command;
  }

  ExitCode run() override {
    const Scenario scenario = scenario_.load();
    const Network network(scenario, 1);
    std::cout << "scenario    " << scenario.name << ", seed " << scenario.seed << '\n';
    for (const std::string& line : network_lines(network.spec)) std::cout << line << '\n';
    std::cout << fabric_line(scenario.fabric) << '\n';
    if (network.gse != nullptr) std::cout << "schedule    " << schedule_text(network) << "; a project profile\n";
    if (const std::string layers = link_layer_text(network); !layers.empty())
      std::cout << "link layer  " << layers << "; a project profile\n";
    std::cout << traffic_line(network.traffic) << '\n';
    if (!scenario.links.empty())
      std::cout << "conditions  " << scenario.links.size() << " on links, " << network.plan.changes.size() << " changes\n";
    if (scenario.duration) std::cout << "duration    " << duration_text(scenario.duration->ps) << '\n';
    for (const std::string& warning : network.warnings) std::cout << "warning     " << warning << '\n';
    for (const std::string& note : network.notes) std::cout << "note        " << note << '\n';
    return ExitCode::done;
  }

 private:
  ScenarioOptions scenario_;
};

}  // namespace

std::unique_ptr<Command> make_check_command() { return std::make_unique<CheckCommand>(); }

}  // namespace weft
