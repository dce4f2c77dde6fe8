// PdcTable: the PDC ids of one address, and which context a packet belongs to.
//
// A packet names our context by its dpdcid, but for the first ones of an initiator, which carry SYN and only the initiator's
// own id: those belong together by {source address, spdcid}. Ids are 1 to 65535 (0 is reserved) and are used again in the
// order in which they were freed, so that a late packet seldom meets a new context.
// Bound: `capacity` contexts, memory sized once. The table knows contexts by a number of its user's, and no addresses: `peer`
// is whatever 64 bits tell two source addresses apart.
// Source: UE 1.0 PDS (a PDC is identified by {source address, PDCID}); allocation is implementation-defined: project profile.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/check.hh"
#include "base/random.hh"

namespace weft::uet {

class PdcTable {
 public:
  explicit PdcTable(std::uint32_t capacity) : entries_(std::size_t{capacity} + 1), buckets_(std::bit_ceil(2 * capacity + 2), no_id) {
    CHECK(capacity >= 1 && capacity <= 65535, "capacity", capacity);
    free_.reserve(capacity);
    for (std::uint32_t id = 1; id <= capacity; ++id) free_.push_back(static_cast<std::uint16_t>(id));
  }

  // An id for a new context; empty when all are in use.
  std::optional<std::uint16_t> allocate(std::uint32_t context) {
    if (used_ == free_.size()) return std::nullopt;
    const std::uint16_t id = free_[next_free_];
    next_free_ = next_free_ + 1 == free_.size() ? 0 : next_free_ + 1;
    ++used_;
    entries_[id] = {0, context, 0, true, false};
    return id;
  }
  // The context of `id` is that of this initiator: find_peer() finds it. Precondition: neither has been joined before.
  void join(std::uint16_t id, std::uint64_t peer, std::uint16_t peer_pdcid) {
    Entry& entry = entries_[id];
    CHECK(entry.used && !entry.joined, "id", id);
    entry.peer = peer;
    entry.peer_pdcid = peer_pdcid;
    entry.joined = true;
    std::size_t bucket = bucket_of(peer, peer_pdcid);
    while (buckets_[bucket] != no_id) bucket = next(bucket);
    buckets_[bucket] = id;
  }
  void release(std::uint16_t id) {
    Entry& entry = entries_[id];
    CHECK(entry.used, "id", id);
    if (entry.joined) leave(id);
    entry = {};
    const std::size_t at = next_free_ + free_.size() - used_;
    free_[at % free_.size()] = id;
    --used_;
  }
  // The context that a packet's dpdcid names.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint16_t id) const {
    if (id >= entries_.size() || !entries_[id].used) return std::nullopt;
    return entries_[id].context;
  }
  // Our id of the context that this initiator opened.
  [[nodiscard]] std::optional<std::uint16_t> find_peer(std::uint64_t peer, std::uint16_t peer_pdcid) const {
    for (std::size_t bucket = bucket_of(peer, peer_pdcid); buckets_[bucket] != no_id; bucket = next(bucket)) {
      const Entry& entry = entries_[buckets_[bucket]];
      if (entry.peer == peer && entry.peer_pdcid == peer_pdcid) return buckets_[bucket];
    }
    return std::nullopt;
  }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  static constexpr std::uint16_t no_id = 0;
  struct Entry {
    std::uint64_t peer = 0;
    std::uint32_t context = 0;
    std::uint16_t peer_pdcid = 0;
    bool used = false;
    bool joined = false;
  };

  [[nodiscard]] std::size_t bucket_of(std::uint64_t peer, std::uint16_t peer_pdcid) const {
    return mix64(mix64(peer) ^ peer_pdcid) & (buckets_.size() - 1);
  }
  [[nodiscard]] std::size_t next(std::size_t bucket) const { return (bucket + 1) & (buckets_.size() - 1); }
  // Takes the id out of its bucket and moves up those that had to step over it.
  void leave(std::uint16_t id) {
    std::size_t hole = bucket_of(entries_[id].peer, entries_[id].peer_pdcid);
    while (buckets_[hole] != id) hole = next(hole);
    for (std::size_t at = next(hole); buckets_[at] != no_id; at = next(at)) {
      const Entry& entry = entries_[buckets_[at]];
      const std::size_t home = bucket_of(entry.peer, entry.peer_pdcid);
      const std::size_t mask = buckets_.size() - 1;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      buckets_[hole] = buckets_[at];
      hole = at;
    }
    buckets_[hole] = no_id;
  }

  std::vector<Entry> entries_;          // by id
  std::vector<std::uint16_t> buckets_;  // ids by the hash of their peer, open addressing; less than half full
  std::vector<std::uint16_t> free_;     // a ring: ids from next_free_ on, as many as are not used
  std::size_t next_free_ = 0, used_ = 0;
};

}  // namespace weft::uet
