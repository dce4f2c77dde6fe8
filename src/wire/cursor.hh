// Reader and Writer walk over bytes in network order; WireHeader is the shape of every header in this room.
//
// Errors are sticky: after the first step past the end a Reader yields zeros and ok() stays false, a Writer writes nothing
// more and ok() stays false. So a decoder reads all its fields and checks once, at the end.
// A header's decode() returns nothing for two causes that the Reader tells apart: the bytes ran out (ok() is false), or a
// field holds what the standard forbids (ok() is true).
// Units: bytes. Source: project design; big endian as RFC 1700 defines network order.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <type_traits>

namespace weft::wire {

using ByteView = std::span<const std::byte>;
using ByteRoom = std::span<std::byte>;

namespace detail {

static_assert(std::endian::native == std::endian::little, "weft runs on little-endian machines");

template <std::unsigned_integral T>
T swapped(T value) {
  if constexpr (sizeof(T) == 1) return value;
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
}

}  // namespace detail

class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] ByteView rest() const { return rest_; }

  // The next `count` bytes; empty, and the error sticks, when fewer are left.
  ByteView bytes(std::size_t count) {
    if (rest_.size() < count) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <std::unsigned_integral T>
  T be() {
    return detail::swapped(native<T>());
  }
  template <std::unsigned_integral T>
  T le() {
    return native<T>();
  }
  std::uint32_t be24() {
    const std::uint32_t high = be<std::uint8_t>();
    return high << 16 | be<std::uint16_t>();
  }

 private:
  template <std::unsigned_integral T>
  T native() {
    T value = 0;
    const ByteView taken = bytes(sizeof(T));
    if (!taken.empty()) std::memcpy(&value, taken.data(), sizeof(T));
    return value;
  }

  ByteView rest_;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(ByteRoom room) : room_(room), rest_(room) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] ByteView written() const { return ByteView(room_).first(used_); }

  // Room for `count` bytes, to be filled by the caller; empty, and the error sticks, when less is left.
  ByteRoom take(std::size_t count) {
    if (rest_.size() < count) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const ByteRoom taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    used_ += count;
    return taken;
  }
  template <std::unsigned_integral T>
  void be(T value) {
    native(detail::swapped(value));
  }
  template <std::unsigned_integral T>
  void le(T value) {
    native(value);
  }
  void be24(std::uint32_t value) {
    be(static_cast<std::uint8_t>(value >> 16));
    be(static_cast<std::uint16_t>(value));
  }
  void bytes(ByteView source) {
    const ByteRoom target = take(source.size());
    if (!target.empty()) std::memcpy(target.data(), source.data(), source.size());
  }
  void zeros(std::size_t count) {
    const ByteRoom target = take(count);
    if (!target.empty()) std::memset(target.data(), 0, target.size());
  }

 private:
  template <std::unsigned_integral T>
  void native(T value) {
    const ByteRoom target = take(sizeof(T));
    if (!target.empty()) std::memcpy(target.data(), &value, sizeof(T));
  }

  ByteRoom room_;
  ByteRoom rest_;
  std::size_t used_ = 0;
  bool ok_ = true;
};

// A header is a value: fixed size, comparable, and the same after encode and decode.
template <class H>
concept WireHeader = std::is_trivially_copyable_v<H> && std::equality_comparable<H> && requires(const H h, Writer& w, Reader& r) {
  { H::size } -> std::convertible_to<std::size_t>;
  { h.encode(w) } -> std::same_as<void>;
  { H::decode(r) } -> std::same_as<std::optional<H>>;
};

}  // namespace weft::wire
