#include "core/header_pool.hh"

namespace weft {

void HeaderPool::grow(std::size_t count) {
  const auto first = static_cast<std::uint32_t>(total_);
  chunks_.emplace_back(count * sizeof(HeaderSlot));
  total_ += count;
  free_.reserve(total_);
  for (auto i = static_cast<std::uint32_t>(count); i-- > 0;) free_.push_back(first + i);
}

}  // namespace weft
