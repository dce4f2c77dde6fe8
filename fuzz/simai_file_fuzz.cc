// SimAI texts: refused with an InputError at a line of the file, or layers that are sectioned without a slip.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/simai_sections.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const weft::SimaiFile file = weft::parse_simai({reinterpret_cast<const char*>(data), size}, "f.txt");
    for (const std::uint32_t chunks : {1U, 2U}) {
      const weft::SimaiSections sections = weft::simai_sections(file, true, chunks, "f.txt");
      std::size_t at = sections.before.end;
      for (const auto& micro_batch : sections.micro_batches) {
        for (const weft::LayerRange& chunk : micro_batch) {
          CHECK(chunk.begin == at && chunk.end >= at, "begin", chunk.begin, "at", at);
          at = chunk.end;
          std::size_t block_at = chunk.begin;
          for (const weft::LayerBlock& block : weft::repeated_blocks(file.layers, chunk)) {
            CHECK(block.begin == block_at && block.end() > block_at, "block", block.begin);
            block_at = block.end();
          }
          CHECK(block_at == chunk.end, "blocks end", block_at);
        }
      }
      CHECK(at == sections.after.begin && sections.after.end == file.layers.size(), "micro-batches end", at);
    }
  } catch (const weft::InputError& error) { CHECK(error.where().rfind("f.txt", 0) == 0, "where", error.where()); }
  return 0;
}
