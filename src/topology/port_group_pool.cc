#include "topology/port_group_pool.hh"

#include <algorithm>
#include <limits>

#include "base/check.hh"
#include "base/random.hh"

namespace weft {
namespace {

std::uint64_t hash_of(std::span<const std::uint16_t> ports) {
  std::uint64_t hash = ports.size();
  for (const std::uint16_t port : ports) hash = (hash ^ port) * 0x9e3779b97f4a7c15ULL;
  return mix64(hash);
}

}  // namespace

std::size_t PortGroupPool::slot_of(std::span<const std::uint16_t> ports) const {
  std::size_t slot = hash_of(ports) & (slots_.size() - 1);
  while (slots_[slot] != 0) {
    const auto found = group(slots_[slot]);
    if (std::equal(found.begin(), found.end(), ports.begin(), ports.end())) break;
    slot = (slot + 1) & (slots_.size() - 1);
  }
  return slot;
}

void PortGroupPool::grow() {
  const std::vector<std::uint32_t> old = std::move(slots_);
  slots_.assign(std::max<std::size_t>(64, old.size() * 2), 0);
  for (const std::uint32_t offset : old) {
    if (offset != 0) slots_[slot_of(group(offset))] = offset;
  }
}

std::uint32_t PortGroupPool::intern(std::span<const std::uint16_t> ports) {
  if (ports.empty()) return 0;
  if (2 * (used_ + 1) > slots_.size()) grow();
  const std::size_t slot = slot_of(ports);
  if (slots_[slot] != 0) return slots_[slot];
  CHECK(words_.size() + ports.size() < std::numeric_limits<std::uint32_t>::max() / 4, "words", words_.size());
  slots_[slot] = static_cast<std::uint32_t>(words_.size());
  words_.push_back(static_cast<std::uint16_t>(ports.size()));
  words_.insert(words_.end(), ports.begin(), ports.end());
  ++used_;
  return slots_[slot];
}

void PortGroupPool::finish() {
  slots_ = {};
  used_ = 0;
  words_.shrink_to_fit();
}

}  // namespace weft
