// HeaderPool: transport headers of packets in flight, 64 bytes each, touched by end points only. One pool a thread; a header
// is copied when its packet crosses to another thread.
//
// The bytes are opaque here: the transport that wrote a header reads it again. A header of up to 60 bytes leaves room for two notes, which
// travel with it: what another header around the packet would say.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "core/page_memory.hh"

namespace weft {

struct alignas(64) HeaderSlot {
  std::array<std::byte, 64> bytes;
};

class HeaderPool {
 public:
  std::uint32_t take() {
    if (free_.empty()) [[unlikely]]
      grow(slots_per_chunk);
    const std::uint32_t handle = free_.back();
    free_.pop_back();
    return handle;
  }
  void release(std::uint32_t handle) { free_.push_back(handle); }  // never beyond the capacity reserved by grow()
  [[nodiscard]] HeaderSlot& operator[](std::uint32_t handle) {
    return chunks_[handle >> chunk_shift].as<HeaderSlot>()[handle & (slots_per_chunk - 1)];
  }
  void reserve(std::size_t count) {
    while (free_.size() < count) grow(slots_per_chunk);
  }
  [[nodiscard]] std::size_t free_count() const { return free_.size(); }
  [[nodiscard]] std::size_t in_use() const { return total_ - free_.size(); }
  [[nodiscard]] std::size_t total() const { return total_; }

  template <class T>
  void put(std::uint32_t handle, const T& value) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(HeaderSlot));
    std::memcpy(&(*this)[handle], &value, sizeof(T));
  }
  enum class Note : std::uint8_t { second = 60, first = 62 };  // where it stands
  static constexpr auto notes_at = static_cast<std::size_t>(Note::second);
  void note(std::uint32_t handle, std::uint16_t what, Note which = Note::first) {
    std::memcpy((*this)[handle].bytes.data() + static_cast<std::size_t>(which), &what, sizeof what);
  }
  [[nodiscard]] std::uint16_t noted(std::uint32_t handle, Note which = Note::first) {
    std::uint16_t what = 0;
    std::memcpy(&what, (*this)[handle].bytes.data() + static_cast<std::size_t>(which), sizeof what);
    return what;
  }
  // Before it, a number that counts packets: sim/order_watch.hh.
  static constexpr std::size_t stamp_at = 56;
  void stamp(std::uint32_t handle, std::uint32_t count) { std::memcpy((*this)[handle].bytes.data() + stamp_at, &count, sizeof count); }
  [[nodiscard]] std::uint32_t stamped(std::uint32_t handle) {
    std::uint32_t count = 0;
    std::memcpy(&count, (*this)[handle].bytes.data() + stamp_at, sizeof count);
    return count;
  }
  template <class T>
  void get(std::uint32_t handle, T& value) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(HeaderSlot));
    std::memcpy(static_cast<void*>(&value), &(*this)[handle], sizeof(T));
  }

 private:
  static constexpr std::uint32_t chunk_shift = 15;  // 2 MiB
  static constexpr std::uint32_t slots_per_chunk = 1U << chunk_shift;
  void grow(std::size_t count);

  std::vector<PageMemory> chunks_;
  std::vector<std::uint32_t> free_;
  std::size_t total_ = 0;
};

}  // namespace weft
