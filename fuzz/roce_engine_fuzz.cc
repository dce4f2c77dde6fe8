#include "roce_engine_target.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weft::fuzz::EngineDriver(weft::fuzz::ByteSource({data, size})).run();
  return 0;
}
