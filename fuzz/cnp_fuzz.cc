#include "wire/cnp.hh"

#include "header_target.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::fuzz::check_header<weft::wire::CnpReserved>(weft::fuzz::view(data, size));
  return 0;
}
