// docs/scenario.md and docs/scenario.schema.json, generated from the table of keys. A test compares the files with these.
#pragma once

#include <string>

namespace weft {

[[nodiscard]] std::string scenario_manual();       // Markdown
[[nodiscard]] std::string scenario_json_schema();  // JSON Schema, draft 2020-12

}  // namespace weft
