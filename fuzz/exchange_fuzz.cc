// The side channel of `weft rdma`: whatever is read as a message is written the same again; nothing else may happen.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "live/exchange.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const weft::wire::ByteView bytes = std::as_bytes(std::span(data, size));
  const weft::live::DecodedMessage decoded = weft::live::decode_message(bytes);
  if (decoded.state != weft::live::DecodedMessage::State::complete) return 0;
  weft::live::MessageBytes again;
  const std::size_t written = weft::live::encode_message(decoded.message, again);
  if (written != decoded.consumed || !std::equal(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(written), bytes.begin()))
    std::abort();
  return 0;
}
