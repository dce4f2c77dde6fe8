// RegisteredMemory: buffers that live engines read, write and serve to their peers (engine/memory.hh).
//
// A region has a base address of our own choosing (never a pointer of this process), an rkey, and rights. An rkey is the
// region's number in its low 8 bits and 24 random bits above, so that a stale or guessed key is most likely refused.
// Rule: [address, address + length) must lie in the region as a whole; nothing overflows. Atomics work on 8 bytes in the
// machine's order and are atomic with respect to each other, since one thread drives all engines of this memory.
// Bounds: 256 regions. Memory is allocated by add() alone. Source: IBTA 1.4 sections 9.4.3 (RETH), 10.6 (memory management).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/units.hh"
#include "engine/engine.hh"
#include "engine/memory.hh"
#include "wire/cursor.hh"

namespace weft::live {

struct Rights {
  bool remote_write = false, remote_read = false, remote_atomic = false;
};

class RegisteredMemory final : public Memory {
 public:
  static constexpr std::size_t most_regions = 256;

  explicit RegisteredMemory(std::uint64_t key_seed) : key_seed_(key_seed) {}

  // Zeroed memory of `size` bytes.
  BufferId add(Bytes size, Rights rights);
  [[nodiscard]] std::uint64_t base(BufferId region) const { return at(region).base; }
  [[nodiscard]] std::uint32_t rkey(BufferId region) const { return at(region).rkey; }
  [[nodiscard]] std::span<std::byte> bytes(BufferId region) { return at(region).bytes; }

  std::optional<BufferId> find(std::uint32_t rkey, std::uint64_t address, std::uint64_t length, Access access) noexcept override;
  std::uint64_t fetch_add(BufferId region, std::uint64_t address, std::uint64_t add) noexcept override;
  std::uint64_t compare_swap(BufferId region, std::uint64_t address, std::uint64_t compare, std::uint64_t swap) noexcept override;

  // What an engine sends. The engine was given the region by us or found it: outside of it is our own mistake.
  [[nodiscard]] wire::ByteView view(const Payload& payload) const;
  // What an engine accepted.
  void place(const Placement& placement, wire::ByteView payload);

 private:
  struct Region {
    std::vector<std::byte> bytes;
    std::uint64_t base = 0;
    std::uint32_t rkey = 0;
    Rights rights{};
  };
  [[nodiscard]] const Region& at(BufferId region) const;
  Region& at(BufferId region);
  [[nodiscard]] static bool inside(const Region& region, std::uint64_t address, std::uint64_t length);
  std::byte* word(BufferId region, std::uint64_t address);

  std::vector<Region> regions_;
  std::uint64_t key_seed_;
};

}  // namespace weft::live
