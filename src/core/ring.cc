#include "core/ring.hh"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace weft {

void BlockPool::FreeChunk::operator()(Block* p) const { std::free(p); }

void BlockPool::grow(std::size_t count) {
  const std::size_t blocks = std::max(count, blocks_per_chunk);
  constexpr std::size_t huge_page = std::size_t{2} << 20;
  const std::size_t bytes = blocks * sizeof(Block);
  const std::size_t alignment = bytes >= huge_page ? huge_page : alignof(Block);
  const std::size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  void* memory = std::aligned_alloc(alignment, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  if (alignment == huge_page) madvise(memory, rounded, MADV_HUGEPAGE);  // fewer TLB misses; a refusal costs only speed
  auto* first = static_cast<Block*>(memory);
  chunks_.emplace_back(first);
  for (std::size_t i = blocks; i-- > 0;) release(new (first + i) Block);
  total_ += blocks;
}

}  // namespace weft
