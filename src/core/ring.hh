// Ring: a FIFO of records in blocks from a pool. One writer and one reader, both on the thread that owns the pool.
//
// Bound: as many blocks as the pool gives; the pool grows by chunks (between windows ahead of need, see BlockPool::reserve).
// An emptied ring keeps its block and starts again at its beginning, so a quiet link stays in one cache line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/page_memory.hh"
#include "core/record.hh"

namespace weft {

inline constexpr std::uint16_t records_per_block = 15;  // with the link to the next block: 512 bytes

struct alignas(64) Block {
  Record records[records_per_block];
  Block* next;  // not owned: every block belongs to its pool's chunks
};
static_assert(sizeof(Block) == 512);

class BlockPool {
 public:
  Block* take() {
    Block* block = free_;
    if (block == nullptr) [[unlikely]]
      block = first_use();
    else
      free_ = block->next;
    --free_count_;
    block->next = nullptr;
    return block;
  }
  void release(Block* block) {
    block->next = free_;
    free_ = block;
    ++free_count_;
  }
  // Between windows: have at least `count` free blocks.
  void reserve(std::size_t count) {
    if (free_count_ < count) grow(count - free_count_);
  }
  [[nodiscard]] std::size_t total() const { return total_; }
  [[nodiscard]] std::size_t free_count() const { return free_count_; }

 private:
  static constexpr std::size_t blocks_per_chunk = 4096;  // 2 MiB
  struct Untouched {
    Block* next;  // not owned
    Block* end;   // not owned
  };
  void grow(std::size_t count);
  Block* first_use();

  Block* free_ = nullptr;             // used before
  std::vector<Untouched> untouched_;  // never used: what is only held in reserve costs no memory of the system
  std::size_t free_count_ = 0, total_ = 0;
  std::vector<PageMemory> chunks_;
};

class Ring {
 public:
  [[nodiscard]] bool empty() const { return head_ == tail_ && h_ == t_; }
  [[nodiscard]] Record& front() { return head_->records[h_]; }
  [[nodiscard]] const Record& front() const { return head_->records[h_]; }
  [[nodiscard]] Record& back() { return tail_->records[t_ - 1]; }  // of a ring that is not empty
  // Room for one more record at the end; the caller fills it.
  Record& push(BlockPool& pool) {
    if (tail_ == nullptr || t_ == records_per_block) [[unlikely]]
      extend(pool);
    return tail_->records[t_++];
  }
  // Returns true when the ring is empty afterwards. Whether it is can hardly be foretold, hence no branch on it.
  bool pop(BlockPool& pool) {
    ++h_;
    const bool emptied = (static_cast<unsigned>(head_ == tail_) & static_cast<unsigned>(h_ == t_)) != 0;
    const auto keep = static_cast<std::uint16_t>(static_cast<unsigned>(emptied) - 1U);
    h_ &= keep;
    t_ &= keep;
    if (h_ == records_per_block) [[unlikely]] {
      Block* done = head_;
      head_ = done->next;
      h_ = 0;
      pool.release(done);
    }
    return emptied;
  }
  // Of an empty ring: gives back the block it keeps.
  void vacate(BlockPool& pool) {
    if (head_ == nullptr) return;
    pool.release(head_);
    head_ = tail_ = nullptr;
  }
  // Hands out, in order, every record that arrives before `end`; `take(Record&)` may keep the reference until the blocks
  // chained in `spent` are released. Returns true when the ring is empty afterwards.
  template <class Take>
  bool drain_before(std::int64_t end, Block*& spent, Take&& take) {
    while (!empty()) {
      Record* r = head_->records + h_;
      const Record* const stop = head_->records + (head_ == tail_ ? t_ : records_per_block);
      while (r != stop && r->at < end) take(*r++);
      h_ = static_cast<std::uint16_t>(r - head_->records);
      if (r != stop) return false;
      if (head_ == tail_) {
        h_ = t_ = 0;
        return true;
      }
      Block* done = head_;
      head_ = done->next;
      h_ = 0;
      done->next = spent;
      spent = done;
    }
    return true;
  }
  // Calls visit(const Record&) for the first records that arrive before `end`, for at most `most` of them.
  // always_inline: g++ 12 drops calls of what only prefetches.
  template <class Visit>
  [[gnu::always_inline]] void peek_before(std::int64_t end, std::size_t most, Visit&& visit) const {
    const Block* block = head_;
    std::uint16_t i = h_;
    for (; most > 0 && block != nullptr && !(block == tail_ && i == t_); --most) {
      if (i == records_per_block) {
        block = block->next;
        i = 0;
      }
      if (block->records[i].at >= end) return;
      visit(block->records[i++]);
    }
  }
  [[nodiscard]] const void* front_address() const { return head_ == nullptr ? nullptr : &head_->records[h_]; }
  // Of the block behind the first, which should be at hand; null: there is none.
  [[nodiscard]] const void* second_address() const { return head_ == tail_ ? nullptr : head_->next; }
  [[nodiscard]] const void* link_address() const { return head_ == nullptr ? nullptr : &head_->next; }
  // Of the record so many places behind the first; of any, when there are fewer. The block's link should be at hand.
  [[nodiscard]] const void* address_ahead(std::uint16_t places) const {
    if (h_ + places < records_per_block || head_ == tail_) return head_->records + h_ + places;
    return head_->next->records + (h_ + places - records_per_block);
  }
  [[nodiscard]] const void* next_address() const { return &head_->records[h_]; }  // of a ring that has held something
  [[nodiscard]] const void* push_address() const { return tail_ == nullptr ? nullptr : &tail_->records[t_]; }
  // Calls visit(const Record&) for each record, first to last.
  template <class Visit>
  void for_each(Visit&& visit) const {
    const Block* block = head_;
    std::uint16_t i = h_;
    while (block != nullptr && !(block == tail_ && i == t_)) {
      if (i == records_per_block) {
        block = block->next;
        i = 0;
        continue;
      }
      visit(block->records[i++]);
    }
  }

 private:
  void extend(BlockPool& pool) {
    Block* block = pool.take();
    if (tail_ == nullptr)
      head_ = block;
    else
      tail_->next = block;
    tail_ = block;
    t_ = 0;
  }
  Block* head_ = nullptr;  // not owned
  Block* tail_ = nullptr;  // not owned
  std::uint16_t h_ = 0, t_ = 0;
};

}  // namespace weft
