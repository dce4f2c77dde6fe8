#include "wire/bth.hh"

#include "header_target.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::fuzz::check_header<weft::wire::Bth>(weft::fuzz::view(data, size));
  return 0;
}
