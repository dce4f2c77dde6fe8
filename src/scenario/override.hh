// `--set a.b.0.c=value`: changes a scenario's tree before it is parsed.
//
// Rules: a number steps into a list; a mapping on the way that does not exist is made; the value is YAML, so lists and
// mappings in flow style are allowed; a later option wins. A name that the path adds is checked later, like any other.
// Errors: InputError whose `where` is "--set a.b.0.c=value".
#pragma once

#include <string>

#include "scenario/value.hh"

namespace weft {

// `position` is that of the option in the list of all, for messages and file names (see Place).
void apply_override(Value& root, const std::string& option, int position);

}  // namespace weft
