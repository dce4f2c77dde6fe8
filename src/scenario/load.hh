// A scenario file to a Scenario: the door of this room.
//
// Errors: InputError with "file:line" or "--set ..." for everything wrong with the file itself. Files that the scenario
// names (.topo, .cm) are opened by those who read them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "scenario/scenario.hh"

namespace weft {

inline constexpr Bytes max_scenario_bytes{256'000'000};

[[nodiscard]] Scenario load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

// From text; `name` goes into messages, relative file names start at its folder.
[[nodiscard]] Scenario parse_scenario(const std::string& text, const std::string& name, const std::vector<std::string>& overrides = {});

}  // namespace weft
