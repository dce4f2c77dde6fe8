#include "live/registered_memory.hh"

#include <cstring>

#include "base/check.hh"
#include "base/random.hh"

namespace weft::live {

BufferId RegisteredMemory::add(Bytes size, Rights rights) {
  CHECK(regions_.size() < most_regions && size.v >= 0, "regions", regions_.size(), "size", size.v);
  const auto number = static_cast<std::uint32_t>(regions_.size());
  Region region;
  region.bytes.resize(static_cast<std::size_t>(size.v));
  region.base = (std::uint64_t{number} + 1) << 40;
  region.rkey = static_cast<std::uint32_t>(random_key(key_seed_, RandomRoom::nic, number)) << 8 | number;
  region.rights = rights;
  regions_.push_back(std::move(region));
  return BufferId{number};
}

const RegisteredMemory::Region& RegisteredMemory::at(BufferId region) const {
  CHECK(region.index() < regions_.size(), "region", region.v);
  return regions_[region.index()];
}

RegisteredMemory::Region& RegisteredMemory::at(BufferId region) {
  CHECK(region.index() < regions_.size(), "region", region.v);
  return regions_[region.index()];
}

bool RegisteredMemory::inside(const Region& region, std::uint64_t address, std::uint64_t length) {
  if (address < region.base) return false;
  const std::uint64_t offset = address - region.base;
  return offset <= region.bytes.size() && length <= region.bytes.size() - offset;
}

std::optional<BufferId> RegisteredMemory::find(std::uint32_t rkey, std::uint64_t address, std::uint64_t length, Access access) noexcept {
  const std::uint32_t number = rkey & 0xff;
  if (number >= regions_.size()) return std::nullopt;
  const Region& region = regions_[number];
  if (region.rkey != rkey || !inside(region, address, length)) return std::nullopt;
  const bool granted = access == Access::remote_write  ? region.rights.remote_write
                       : access == Access::remote_read ? region.rights.remote_read
                                                       : region.rights.remote_atomic;
  if (!granted) return std::nullopt;
  return BufferId{number};
}

std::byte* RegisteredMemory::word(BufferId region, std::uint64_t address) {
  Region& r = at(region);
  CHECK(inside(r, address, 8) && address % 8 == 0, "address", address, "base", r.base, "size", r.bytes.size());
  return r.bytes.data() + (address - r.base);
}

std::uint64_t RegisteredMemory::fetch_add(BufferId region, std::uint64_t address, std::uint64_t add) noexcept {
  std::byte* const place = word(region, address);
  std::uint64_t before = 0;
  std::memcpy(&before, place, 8);
  const std::uint64_t after = before + add;
  std::memcpy(place, &after, 8);
  return before;
}

std::uint64_t RegisteredMemory::compare_swap(BufferId region, std::uint64_t address, std::uint64_t compare, std::uint64_t swap) noexcept {
  std::byte* const place = word(region, address);
  std::uint64_t before = 0;
  std::memcpy(&before, place, 8);
  if (before == compare) std::memcpy(place, &swap, 8);
  return before;
}

wire::ByteView RegisteredMemory::view(const Payload& payload) const {
  if (payload.length == 0) return {};
  const Region& r = at(payload.region);
  CHECK(inside(r, payload.address, payload.length), "address", payload.address, "length", payload.length, "base", r.base);
  return wire::ByteView(r.bytes).subspan(payload.address - r.base, payload.length);
}

void RegisteredMemory::place(const Placement& placement, wire::ByteView payload) {
  if (payload.empty()) return;
  Region& r = at(placement.region);
  CHECK(inside(r, placement.address, payload.size()), "address", placement.address, "length", payload.size(), "base", r.base);
  std::memcpy(r.bytes.data() + (placement.address - r.base), payload.data(), payload.size());
}

}  // namespace weft::live
