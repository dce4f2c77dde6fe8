// PagedIndex: a number for each key of a dense range, of which few are ever used: pages come into being with their first key.
//
// A table of all GSPs by all exits would take gigabytes where every NIC is a GSP. Bound: the keys given at set-up; 8 bytes for each 256
// of them, and 1 KB for each page in use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace weft {

class PagedIndex {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  explicit PagedIndex(std::size_t keys) : pages_((keys + page_size - 1) / page_size) {}

  [[nodiscard]] std::uint32_t find(std::size_t key) const {
    const Page* const page = pages_[key / page_size].get();
    return page == nullptr ? none : (*page)[key % page_size];
  }
  // Where find() will look, for prefetching; null: nowhere.
  [[nodiscard]] const void* address(std::size_t key) const {
    const Page* const page = pages_[key / page_size].get();
    return page == nullptr ? nullptr : &(*page)[key % page_size];
  }
  // To be set by whoever finds `none`.
  [[nodiscard]] std::uint32_t& at(std::size_t key) {
    std::unique_ptr<Page>& page = pages_[key / page_size];
    if (page == nullptr) [[unlikely]] {
      page = std::make_unique<Page>();
      page->fill(none);
    }
    return (*page)[key % page_size];
  }

 private:
  static constexpr std::size_t page_size = 256;
  using Page = std::array<std::uint32_t, page_size>;
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace weft
