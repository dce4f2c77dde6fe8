// The rules of execution with one of them broken: timer_before_arrival. See src/core/rules.hh.
#pragma once

namespace weft::rules {

inline constexpr bool reversed_tie = false;
inline constexpr bool commit_past_window = false;
inline constexpr bool no_serve_before_xoff = false;
inline constexpr bool timer_before_arrival = true;
inline constexpr bool ports_always_apart = false;

}  // namespace weft::rules
