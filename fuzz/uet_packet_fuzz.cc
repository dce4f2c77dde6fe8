// A UDP payload from anywhere, whole and as a switch may have trimmed it: what is accepted means the same after another round,
// and what is left of a trimmed packet agrees with the whole one.
#include "wire/uet_packet.hh"

#include <algorithm>

#include "header_target.hh"

namespace weft::wire {
namespace {

void check_again(const UetPacket& first, std::size_t size) {
  CHECK(first.extent == UetExtent::whole && first.payload.size() == first.payload_sent);
  std::array<std::byte, uet_packet_limit> room;
  const std::size_t written = encode_uet_packet(first.header, first.payload, room);
  CHECK(written == size, "written", written, "was", size);
  const UetPacket second = decode_uet_packet(ByteView(room).first(written));
  CHECK(second.ok(), "refusal", name_of(second.refusal));
  CHECK(second.header == first.header && std::ranges::equal(second.payload, first.payload));
}

// Only the length check of the SES header can find fault with a whole packet and not with what a switch left of it.
void check_trimmed(ByteView bytes, const UetPacket& whole) {
  for (const std::size_t left : {std::size_t{4}, std::size_t{16}, std::size_t{40}, std::size_t{60}, bytes.size() / 2}) {
    if (left >= bytes.size()) continue;
    const UetPacket trimmed = decode_uet_packet(bytes.first(left), bytes.size());
    if (!trimmed.ok() || !whole.ok()) continue;
    CHECK(trimmed.extent != UetExtent::whole && trimmed.payload_sent == whole.payload_sent, "left", left);
    CHECK(trimmed.header.type == whole.header.type && trimmed.header.psn == whole.header.psn, "left", left);
    CHECK(trimmed.extent == UetExtent::ses_cut || trimmed.header == whole.header, "left", left);
  }
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto bytes = weft::fuzz::view(data, size);
  const UetPacket whole = decode_uet_packet(bytes);
  if (whole.ok()) check_again(whole, size);
  check_trimmed(bytes, whole);
  return 0;
}
