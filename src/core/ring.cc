#include "core/ring.hh"

#include <algorithm>

namespace weft {

void BlockPool::grow(std::size_t count) {
  const std::size_t blocks = std::max(count, blocks_per_chunk);
  auto* first = chunks_.emplace_back(blocks * sizeof(Block)).as<Block>();  // records are written before they are read
  untouched_.push_back({first, first + blocks});
  free_count_ += blocks;
  total_ += blocks;
}

Block* BlockPool::first_use() {
  if (untouched_.empty()) grow(blocks_per_chunk);
  Untouched& range = untouched_.back();
  Block* block = range.next++;
  if (range.next == range.end) untouched_.pop_back();
  return block;
}

}  // namespace weft
