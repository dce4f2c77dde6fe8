// GSE headers, fault blocks and frames. The FCS is left out; what is accepted must mean the same after another round, and a wrapped
// frame must come out as it went in.
#include "wire/gse_frame.hh"

#include <algorithm>

#include "header_target.hh"
#include "wire/gse_fault_block.hh"

namespace weft::wire {
namespace {

using Room = std::array<std::byte, gse_frame_limit>;

void check_message(const ParsedGseFrame& first) {
  Room room;
  const std::size_t size = build_gse_message(first.destination, first.source, first.header, Fcs::present, room);
  CHECK(size == static_cast<std::size_t>(gse_message_bytes.v), "size", size);
  const ParsedGseFrame second = parse_gse_frame(ByteView(room).first(size), Fcs::present);
  CHECK(second.ok() && second.header == first.header && second.source == first.source && second.destination == first.destination);
}

void check_data(const ParsedGseFrame& first) {
  Room inner, outer;
  const std::size_t inner_size = unwrap_gse_frame(first, Fcs::absent, inner);
  if (inner_size == 0 || inner_size > frame_limit) return;
  const std::size_t size = wrap_gse_frame(ByteView(inner).first(inner_size), gse_data(first.header), Fcs::present, outer);
  if (size == 0) return;
  const ParsedGseFrame second = parse_gse_frame(ByteView(outer).first(size), Fcs::present);
  CHECK(second.ok() && second.header == first.header, "refusal", name_of(second.refusal));
  Room again;
  CHECK(unwrap_gse_frame(second, Fcs::absent, again) == inner_size, "size", inner_size);
  CHECK(std::equal(again.begin(), again.begin() + static_cast<std::ptrdiff_t>(inner_size), inner.begin()));
}

}  // namespace
}  // namespace weft::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::wire;
  const auto bytes = weft::fuzz::view(data, size);
  weft::fuzz::check_header<GseHeader>(bytes);
  weft::fuzz::check_header<GseFaultBlock>(bytes);
  const ParsedGseFrame parsed = parse_gse_frame(bytes, Fcs::absent);
  if (!parsed.ok()) return 0;
  parsed.header.type == GseType::data ? check_data(parsed) : check_message(parsed);
  return 0;
}
