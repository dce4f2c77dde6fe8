#include "core/order.hh"

#include <algorithm>
#include <array>
#include <bit>

namespace weft {

namespace {

constexpr std::size_t most_buckets = 2048;
constexpr std::size_t longest_insertion = 32;

// `ends[b]` is where bucket b ends. A burst inside one bucket is more than insertion should move.
void sort_bursts(std::uint64_t* keys, const std::uint32_t* ends, std::size_t buckets) {
  std::uint32_t begin = 0;
  for (std::size_t b = 0; b < buckets; ++b) {
    if (ends[b] - begin > longest_insertion) [[unlikely]]
      std::sort(keys + begin, keys + ends[b]);
    begin = ends[b];
  }
}

}  // namespace

std::uint64_t* order_keys(std::uint64_t* keys, std::uint64_t* scratch, std::size_t count, std::int64_t window) {
  if (count < 24) {
    insertion_sort(keys, count);
    return keys;
  }
  const auto window_bits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(window)));
  const int bucket_bits = std::min({static_cast<int>(std::bit_width(count)), 11, window_bits});
  const int shift = key_position_bits + window_bits - bucket_bits;
  const std::size_t buckets = std::size_t{1} << bucket_bits;
  std::array<std::uint32_t, most_buckets + 1> first;
  std::fill_n(first.begin(), buckets + 1, 0U);
  for (std::size_t i = 0; i < count; ++i) ++first[(keys[i] >> shift) + 1];
  std::uint32_t sizes = 0;  // every bit that any bucket's size has
  for (std::size_t b = 0; b < buckets; ++b) {
    sizes |= first[b + 1];
    first[b + 1] += first[b];
  }
  for (std::size_t i = 0; i < count; ++i) scratch[first[keys[i] >> shift]++] = keys[i];
  if (sizes >= longest_insertion) [[unlikely]]
    sort_bursts(scratch, first.data(), buckets);  // first[b] is now the end of bucket b
  insertion_sort(scratch, count);
  return scratch;
}

}  // namespace weft
