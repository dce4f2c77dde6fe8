#include "link/pfc.hh"

#include <array>

#include "base/wire_clock.hh"

namespace weft {

namespace {

struct ResponseRow {
  std::int64_t gbps;
  std::int64_t quanta;
};
// fabric.md 1.9; rates in between take the next higher row, rates above the last scale with the rate.
constexpr std::array<ResponseRow, 7> response_rows{{{10, 67}, {25, 80}, {40, 118}, {50, 147}, {100, 394}, {200, 453}, {400, 905}}};

std::int64_t response_quanta(Rate rate) {
  for (const ResponseRow& row : response_rows) {
    if (rate.v <= row.gbps * 1'000'000'000) return row.quanta;
  }
  const ResponseRow& last = response_rows.back();
  return static_cast<std::int64_t>(static_cast<__int128>(last.quanta) * rate.v / (last.gbps * 1'000'000'000));
}

Bytes round_up_to_kib(std::int64_t bytes) { return {(bytes + 1023) / 1024 * 1024}; }

}  // namespace

Duration pfc_response(Rate rate) {
  return {static_cast<std::int64_t>(static_cast<__int128>(response_quanta(rate)) * 512 * ps_per_second / rate.v)};
}

Bytes physical_headroom(Rate rate, Duration delay, Duration response, Bytes mtu_on_wire) {
  return round_up_to_kib(bytes_in(delay * 2 + response, rate).v + 1 + 2 * mtu_on_wire.v);
}

Bytes vendor_headroom(Rate rate, Duration delay, Bytes mtu_on_wire) {
  const std::int64_t cable = bytes_in(delay * 2, rate).v;
  const std::int64_t peer = 2 * response_quanta(rate) * 512 / 8;
  constexpr std::int64_t cell = 256, small_percent = 0;  // the formula's own defaults: no small packets
  const std::int64_t worst = cell / 64;
  const std::int64_t occupied = (mtu_on_wire.v + cable + peer) * (100 - small_percent + small_percent * worst) / 100;
  return round_up_to_kib(mtu_on_wire.v + occupied);
}

}  // namespace weft
