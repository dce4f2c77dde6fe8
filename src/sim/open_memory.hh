// OpenMemory: memory without bytes, as simulated hosts have it: every access is granted, atomics find zero.
#pragma once

#include "engine/memory.hh"

namespace weft {

class OpenMemory final : public Memory {
 public:
  std::optional<BufferId> find(std::uint32_t, std::uint64_t, std::uint64_t, Access) noexcept override { return BufferId{0}; }
  std::uint64_t fetch_add(BufferId, std::uint64_t, std::uint64_t) noexcept override { return 0; }
  std::uint64_t compare_swap(BufferId, std::uint64_t, std::uint64_t, std::uint64_t) noexcept override { return 0; }
};

}  // namespace weft
