// How `weft` ends. Documented in README.md; scripts rely on the numbers.
#pragma once

namespace weft {

enum class ExitCode : int {
  done = 0,
  internal = 1,      // a mistake of ours
  input = 2,         // something the user gave; nothing was written
  stuck = 3,         // flows can never finish, or a QP failed; results were written
  interrupted = 130  // Ctrl-C; results so far were written
};

[[nodiscard]] constexpr int number(ExitCode code) { return static_cast<int>(code); }

}  // namespace weft
