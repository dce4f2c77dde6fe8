#include "core/page_memory.hh"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace weft {

void PageMemory::Free::operator()(void* p) const { std::free(p); }

PageMemory::PageMemory(std::size_t bytes) {
  constexpr std::size_t page = std::size_t{2} << 20;
  const std::size_t rounded = (bytes + page - 1) / page * page;
  memory_.reset(std::aligned_alloc(page, rounded));
  if (!memory_) throw std::bad_alloc();
  madvise(memory_.get(), rounded, MADV_HUGEPAGE);  // a refusal costs only speed
}

}  // namespace weft
