// PortGroupPool: each distinct list of port numbers stored once, named by its offset.
//
// Layout: one array of 16-bit words; at an offset stands the length, after it the ports. Offset 0 is the empty list.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weft {

class PortGroupPool {
 public:
  PortGroupPool() : words_{0} {}

  // The offset of this list, which is added when it is new.
  std::uint32_t intern(std::span<const std::uint16_t> ports);
  // To be called when nothing more will be added: frees what only intern() needs.
  void finish();

  [[nodiscard]] std::span<const std::uint16_t> group(std::uint32_t offset) const noexcept {
    const std::uint16_t* head = words_.data() + offset;
    return {head + 1, *head};
  }
  [[nodiscard]] const std::uint16_t* words() const noexcept { return words_.data(); }  // what offsets count in
  [[nodiscard]] std::size_t bytes() const noexcept { return words_.capacity() * sizeof(std::uint16_t); }

 private:
  [[nodiscard]] std::size_t slot_of(std::span<const std::uint16_t> ports) const;
  void grow();

  std::vector<std::uint16_t> words_;
  std::vector<std::uint32_t> slots_;  // open addressing, 0: free
  std::size_t used_ = 0;
};

}  // namespace weft
