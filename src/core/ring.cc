#include "core/ring.hh"

#include <algorithm>

namespace weft {

void BlockPool::grow(std::size_t count) {
  const std::size_t blocks = std::max(count, blocks_per_chunk);
  auto* first = chunks_.emplace_back(blocks * sizeof(Block)).as<Block>();
  for (std::size_t i = blocks; i-- > 0;) release(first + i);  // records are written before they are read
  total_ += blocks;
}

}  // namespace weft
