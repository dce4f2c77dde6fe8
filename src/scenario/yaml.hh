// YAML text to Value tree and back.
//
// Errors: InputError with file and line for a syntax error, a repeated key, a key that is no scalar, an alias inside its own
// anchor, more than one document, an empty file, more than `max_yaml_values` values or `max_yaml_depth` levels.
// Source: YAML 1.2; read with yaml-cpp's event interface, because its node interface forgets where keys were written.
#pragma once

#include <string>

#include "scenario/value.hh"

namespace weft {

inline constexpr std::size_t max_yaml_values = 4'000'000;
inline constexpr std::size_t max_yaml_depth = 32;

// `name` goes into messages before the line; `option` is stored in every place (see Place).
[[nodiscard]] Value read_yaml(const std::string& text, const std::string& name, int option = -1);

[[nodiscard]] std::string write_yaml(const Value& value);

}  // namespace weft
