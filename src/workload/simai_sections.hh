// Which layers of a SimAI trace are a micro-batch, which come before and after all of them, and which repeat.
//
// AICB writes: layers for gradients and parameters; then the layers of one micro-batch, `ga` times, the first of them named
// embedding_layer; then cross_entropy and optimizer. With one micro-batch and one pipeline stage everything is the micro-batch,
// since nothing then depends on the parts. A stage's chunks (vpp) get equal shares of the micro-batch's longest repeated group; what
// stands before the group goes to the first chunk, what stands behind it to the last.
// Errors: InputError with file:line when the layers are not `ga` equal micro-batches, or have no group that the chunks divide.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "workload/simai_file.hh"

namespace weft {

struct LayerRange {
  std::size_t begin = 0, end = 0;
};

struct SimaiSections {
  LayerRange before, after;
  std::vector<std::vector<LayerRange>> micro_batches;  // each by chunk
};

// `pipelined`: there are several stages; `name` is the file's.
[[nodiscard]] SimaiSections simai_sections(const SimaiFile& file, bool pipelined, std::uint32_t chunks, const std::string& name);

// `period` layers that come `repetitions` times in a row.
struct LayerBlock {
  std::size_t begin = 0;
  std::size_t period = 1;
  std::size_t repetitions = 1;
  [[nodiscard]] std::size_t end() const { return begin + period * repetitions; }
};

// The range as blocks, in order: at each layer the period (at most 16) that covers most.
[[nodiscard]] std::vector<LayerBlock> repeated_blocks(std::span<const SimaiLayer> layers, LayerRange range);

}  // namespace weft
