#include "core/order.hh"

#include <algorithm>
#include <array>
#include <bit>

namespace weft {

namespace {

constexpr std::size_t most_buckets = 2048;
constexpr std::size_t longest_insertion = 32;

void sort_range(std::uint64_t* keys, std::size_t count) {
  if (count > longest_insertion) {
    std::sort(keys, keys + count);  // a burst inside one bucket
  } else {
    insertion_sort(keys, count);
  }
}

}  // namespace

void order_keys(std::uint64_t* keys, std::uint64_t* scratch, std::size_t count, std::int64_t window) {
  if (count < 24) return insertion_sort(keys, count);
  const auto window_bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(window)));
  const int bucket_bits = std::min({static_cast<int>(std::bit_width(count)), 11, window_bits});
  const int shift = key_position_bits + window_bits - bucket_bits;
  const std::size_t buckets = std::size_t{1} << bucket_bits;
  std::array<std::uint32_t, most_buckets + 1> first;
  std::fill_n(first.begin(), buckets + 1, 0U);
  for (std::size_t i = 0; i < count; ++i) ++first[(keys[i] >> shift) + 1];
  for (std::size_t b = 0; b < buckets; ++b) first[b + 1] += first[b];
  for (std::size_t i = 0; i < count; ++i) scratch[first[keys[i] >> shift]++] = keys[i];
  std::memcpy(keys, scratch, count * sizeof(std::uint64_t));
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets; ++b) {  // first[b] is now the end of bucket b
    sort_range(keys + begin, first[b] - begin);
    begin = first[b];
  }
}

}  // namespace weft
