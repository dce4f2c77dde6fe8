// What every subcommand that reads a scenario has in common: FILE, --set, --seed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "report/context.hh"
#include "scenario/scenario.hh"

namespace CLI {
class App;
}

namespace weft {

class ScenarioOptions {
 public:
  // With `name` of an example where FILE is absent; empty: FILE is needed.
  void add_to(CLI::App& command, const std::string& standard_example = {});
  // Errors: InputError.
  [[nodiscard]] Scenario load() const;
  // With further overrides behind those of the command line, and this seed.
  [[nodiscard]] Scenario load_with(std::vector<std::string> more, std::uint64_t seed) const;
  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  [[nodiscard]] Scenario load(std::vector<std::string> overrides) const;

  std::string file_;
  std::string standard_example_;
  std::vector<std::string> overrides_;
  std::optional<std::uint64_t> seed_;
};

// What a report says about a scenario.
[[nodiscard]] ReportContext report_context(const Scenario& scenario);

[[nodiscard]] const char* version();

}  // namespace weft
