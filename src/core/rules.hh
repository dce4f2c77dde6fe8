// The rules of execution that a test build breaks one at a time, to see that the oracle notices. All false in the program;
// the mutated builds put a header of the same name first in their include path (tests/mutation).
#pragma once

namespace weft::rules {

inline constexpr bool reversed_tie = false;          // arrivals of one instant in the reverse order of their links
inline constexpr bool commit_past_window = false;    // a port may start frames after the window's end
inline constexpr bool no_serve_before_xoff = false;  // decide an XOFF on the upper bounds of lazily served ports
inline constexpr bool timer_before_arrival = false;  // a timer of the same instant comes first
inline constexpr bool ports_always_apart = false;    // a window is run port by port though its ports meet in the buffer

}  // namespace weft::rules
