#include "collective/bandwidth.hh"

#include "base/check.hh"

namespace weft::collective {
namespace {

struct Factor {
  std::uint32_t over = 1, under = 1;
};

Factor bus_factor(Operation operation, std::uint32_t ranks) {
  switch (operation) {
    case Operation::all_reduce: return {2 * (ranks - 1), ranks};
    case Operation::all_gather:
    case Operation::reduce_scatter:
    case Operation::all_to_all: return {ranks - 1, ranks};
    case Operation::broadcast:
    case Operation::reduce:
    case Operation::send_receive: return {1, 1};
    case Operation::barrier: return {0, 1};
  }
  CHECK(false, "operation", static_cast<int>(operation));
}

Rate scaled(Bytes size, Duration time, Factor factor) {
  CHECK(time.v > 0, "time", time.v);
  const __int128 bits = static_cast<__int128>(size.v) * 8 * ps_per_second * factor.over;
  return {static_cast<std::int64_t>(bits / (static_cast<__int128>(time.v) * factor.under))};
}

}  // namespace

Rate algorithm_bandwidth(Bytes size, Duration time) { return scaled(size, time, {}); }

Rate bus_bandwidth(Operation operation, std::uint32_t ranks, Bytes size, Duration time) {
  CHECK(ranks > 0);
  return scaled(size, time, bus_factor(operation, ranks));
}

}  // namespace weft::collective
