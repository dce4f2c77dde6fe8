// How errors look on the terminal: `weft: where: message`, then `hint: ...`.
#pragma once

#include <exception>

#include "app/exit_code.hh"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace weft {

[[nodiscard]] ExitCode report_failure(const std::exception& error);

// A command line that does not parse; --help and --version are no errors.
[[nodiscard]] ExitCode report_command_line(const CLI::App& program, const CLI::ParseError& error);

}  // namespace weft
