// Any bytes as a scenario file: a Scenario, or one InputError that names its place. What parses, parses again from the
// effective text that --set leaves.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/check.hh"
#include "base/error.hh"
#include "scenario/load.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  weft::Scenario scenario;
  try {
    scenario = weft::parse_scenario(text, "fuzz.yaml");
  } catch (const weft::InputError& error) {
    CHECK(error.where().rfind("fuzz.yaml", 0) == 0 && error.what()[0] != '\0', "where", error.where());
    return 0;
  }
  const weft::Scenario changed = weft::parse_scenario(text, "fuzz.yaml", {"seed=5"});
  const weft::Scenario again = weft::parse_scenario(changed.text, "fuzz.yaml");
  CHECK(again.seed == 5 && again.workloads.size() == scenario.workloads.size() && again.name == scenario.name, "text", changed.text);
  return 0;
}
