#include "topology/nearest_count.hh"

namespace weft {
namespace {

std::string either(std::uint64_t below, std::uint64_t above) {
  if (below == 0) return "nearest: " + std::to_string(above);
  return "nearest: " + std::to_string(below) + (above == 0 ? "" : " or " + std::to_string(above));
}

}  // namespace

std::string multiples_near(std::uint32_t count, std::uint32_t unit) {
  const std::uint32_t below = count / unit * unit;
  return either(below, std::uint64_t{below} + unit);
}

std::uint32_t divisor_from(std::uint32_t least, std::uint32_t whole) {
  for (std::uint32_t divisor = least == 0 ? 1 : least; divisor <= whole; ++divisor) {
    if (whole % divisor == 0) return divisor;
  }
  return 0;
}

std::string divisors_near(std::uint32_t count, std::uint32_t whole) {
  std::uint32_t below = count < whole ? count : whole;
  while (below > 1 && whole % below != 0) --below;
  return either(below, divisor_from(count, whole));
}

}  // namespace weft
