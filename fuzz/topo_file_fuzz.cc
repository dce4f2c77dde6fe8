// `.topo` texts: refused with an InputError, or a network that is valid. Networks too large to build thousands of times a
// second are only parsed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hh"
#include "base/error.hh"
#include "topology/topo_file.hh"
#include "topology/validate.hh"

namespace {

bool is_small(const weft::TopoFile& file) {
  bool small = file.nodes <= 512;
  for (const weft::TopoTier& tier : file.tier) small = small && tier.radix_up <= 64;
  return small;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const weft::TopoFile file = weft::parse_topo(text, "f.topo");
    if (is_small(file)) weft::validate(weft::build_topo(file, "f.topo"), {});
  } catch (const weft::InputError& error) { CHECK(!error.where().empty(), "message", error.what()); }
  return 0;
}
