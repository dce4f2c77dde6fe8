// `weft run FILE`: simulates a scenario and writes its results.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <string>

#include "app/capture_file.hh"
#include "app/command.hh"
#include "app/interrupt.hh"
#include "app/outcome.hh"
#include "app/progress_bar.hh"
#include "app/scenario_options.hh"
#include "base/error.hh"
#include "report/console.hh"
#include "report/summary.hh"
#include "report/write.hh"
#include "sim/run.hh"

namespace weft {
namespace {

class RunCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("run", "simulate a scenario and write summary, tables and report");
    scenario_.add_to(*command);
    command->add_option("--out", out_, "folder for the results (default: out/<name of the file>)")->type_name("DIR");
    command->add_option("--threads", options_.threads, "threads; the results are the same for any number")
        ->type_name("N")
        ->check(CLI::Range(1, 256));
    command->add_option("--pcap", options_.pcap, "write the frames of some links to a pcapng file")->type_name("FILE");
    command->add_option("--pcap-links", options_.pcap_links, "which links: leaf0-spine3,leaf1>spine* (default: those of the hosts)")
        ->type_name("LINKS");
    command->add_option("--snap", options_.pcap_snap, "bytes of each frame to keep")->type_name("N")->check(CLI::Range(1, 262144));
    command->add_flag("--wire-check", options_.wire_check, "send every simulated packet through the byte-exact codecs");
    command->add_flag("--quiet", quiet_, "print nothing but errors");
    command->add_flag("--json", json_, "print summary.json instead of the lines for people");
    return command;
  }

  ExitCode run() override {
    const Scenario scenario = scenario_.load();
    const std::filesystem::path folder = output_folder();
    check_capture();
    CaptureFile capture(options_.pcap, folder);
    check_output_folder(folder, capture.names_in_results());
    const Interrupt interrupt;
    options_.interrupt = interrupt.flag();
    capture.start();
    const Results results = simulate(scenario);
    write_results(report_context(scenario), results, folder);
    capture.keep();
    print(scenario, results, folder);
    return exit_code_of(results);
  }

 private:
  [[nodiscard]] std::filesystem::path output_folder() const {
    if (!out_.empty()) return out_;
    return std::filesystem::path("out") / std::filesystem::path(scenario_.file()).stem();
  }

  void check_capture() const {
    if (options_.pcap.empty() && (!options_.pcap_links.empty() || options_.pcap_snap != RunOptions{}.pcap_snap)) {
      throw InputError("weft run", "--pcap-links and --snap choose what --pcap writes, and there is no --pcap", "add --pcap FILE");
    }
  }

  [[nodiscard]] Results simulate(const Scenario& scenario) {
    if (quiet_ || json_ || !standard_error_is_terminal()) return weft::run(scenario, options_);
    ProgressBar bar(scenario.duration);
    options_.on_progress = [&bar](const Progress& progress) { std::cerr << '\r' << bar.line(progress) << "\x1b[K" << std::flush; };
    Results results = weft::run(scenario, options_);
    std::cerr << "\r\x1b[K" << std::flush;
    return results;
  }

  void print(const Scenario& scenario, const Results& results, const std::filesystem::path& folder) const {
    if (json_) std::cout << summary_json(report_context(scenario), results);
    if (quiet_ || json_) return;
    for (const std::string& line : summary_lines(report_context(scenario), results)) std::cout << line << '\n';
    std::cout << "results: " << (folder / "summary.json").string() << ", report: " << (folder / "report.html").string() << '\n';
  }

  ScenarioOptions scenario_;
  RunOptions options_;
  std::string out_;
  bool quiet_ = false;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> make_run_command() { return std::make_unique<RunCommand>(); }

}  // namespace weft
