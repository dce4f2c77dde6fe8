// The property that every single header has: accepted bytes, encoded again, are accepted and mean the same; and a second
// encoding gives the very same bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::fuzz {

inline wire::ByteView view(const std::uint8_t* data, std::size_t size) { return std::as_bytes(std::span(data, size)); }

template <wire::WireHeader H>
void check_header(wire::ByteView bytes) {
  wire::Reader in(bytes);
  const auto first = H::decode(in);
  CHECK(in.ok() == (bytes.size() >= H::size), "size", bytes.size());
  if (!first) return;
  CHECK(in.rest().size() == bytes.size() - H::size, "rest", in.rest().size());
  std::array<std::byte, H::size> once;
  wire::Writer out(once);
  first->encode(out);
  CHECK(out.ok() && out.size() == H::size, "written", out.size());
  wire::Reader again(once);
  const auto second = H::decode(again);
  CHECK(second == first);
  std::array<std::byte, H::size> twice;
  wire::Writer out_again(twice);
  second->encode(out_again);
  CHECK(once == twice);
}

}  // namespace weft::fuzz
