// What a responder may ask of the memory it serves: rights once for each message, and the two RDMA atomics.
// The driver implements it: registered buffers live, a memory without bytes in the simulator.
#pragma once

#include <cstdint>
#include <optional>

#include "base/id.hh"

namespace weft {

enum class Access : std::uint8_t { remote_write, remote_read, remote_atomic };

class Memory {
 public:
  Memory() = default;
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  virtual ~Memory() = default;
  // The region that `rkey` names, when [address, address + length) lies inside it and `access` is granted.
  virtual std::optional<BufferId> find(std::uint32_t rkey, std::uint64_t address, std::uint64_t length, Access access) noexcept = 0;
  // Both return the value before the operation; `address` was found before and is a multiple of 8.
  virtual std::uint64_t fetch_add(BufferId region, std::uint64_t address, std::uint64_t add) noexcept = 0;
  virtual std::uint64_t compare_swap(BufferId region, std::uint64_t address, std::uint64_t compare, std::uint64_t swap) noexcept = 0;
};

}  // namespace weft
