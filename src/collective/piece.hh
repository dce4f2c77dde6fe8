// Piece: a run of elements that a task reads at one place and writes at another. Kept beside a task graph only when asked for:
// tests run graphs on real numbers with them; the simulator needs sizes alone.
//
// Units: elements of the collective's data type. `data` is the user's buffer, in place; `result` where all-to-all puts what it
// received; `scratch` lies where the task happens, at a rank or at a computing switch, each element written once.
// A message and a copy write what they read; reduce and network_reduce add it to what is there (a switch begins with zero).
#pragma once

#include <cstdint>

namespace weft::collective {

enum class Buffer : std::uint8_t { data, result, scratch };

struct Run {
  Buffer buffer = Buffer::data;
  std::int64_t offset = 0;
};

struct Piece {
  Run from;
  Run to;
  std::int64_t elements = 0;
};

}  // namespace weft::collective
