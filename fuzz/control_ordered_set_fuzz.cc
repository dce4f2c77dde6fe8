#include "wire/control_ordered_set.hh"

#include "header_target.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::fuzz::check_header<weft::wire::ControlOrderedSet>(weft::fuzz::view(data, size));
  return 0;
}
