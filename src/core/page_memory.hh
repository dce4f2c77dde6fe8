// PageMemory: a stretch of memory on large pages where the system grants them: the pools of a run are touched at random, and
// with small pages every touch costs a page walk.
//
// Units: bytes, rounded up to 2 MiB. Errors: std::bad_alloc.
#pragma once

#include <cstddef>
#include <memory>

namespace weft {

class PageMemory {
 public:
  explicit PageMemory(std::size_t bytes);
  template <class T>
  [[nodiscard]] T* as() const {
    return static_cast<T*>(memory_.get());
  }

 private:
  struct Free {
    void operator()(void* p) const;
  };
  std::unique_ptr<void, Free> memory_;
};

}  // namespace weft
