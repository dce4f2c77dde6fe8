#include "fabric/queue_sizes.hh"

#include <algorithm>

namespace weft {
namespace {

constexpr std::int64_t most_queue = 2'000'000'000;  // depths stay below 2 GB: see EcnMarker

// Full packets that the port sends in one round trip.
std::int64_t packets_a_round(Rate rate, Duration round_trip, Bytes packet) {
  const auto bits = static_cast<__int128>(rate.v) * round_trip.v;
  const auto per_packet = static_cast<__int128>(packet.v) * 8 * ps_per_second;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>((bits + per_packet - 1) / per_packet));
}

std::uint32_t bounded(std::int64_t bytes) { return static_cast<std::uint32_t>(std::min(bytes, most_queue)); }

std::uint64_t scaled(std::int64_t at_100g, Rate rate) {
  return static_cast<std::uint64_t>(static_cast<__int128>(at_100g) * rate.v / 100'000'000'000);
}

}  // namespace

QueueSizes queue_sizes(const FabricParameters& fabric, Rate rate, Duration round_trip, Bytes full_packet) {
  QueueSizes sizes;
  const bool uet = fabric.transport == "uet";
  if (uet) {
    const std::int64_t round = packets_a_round(rate, round_trip, full_packet);
    if (fabric.lossless == Lossless::none) sizes.data = bounded(round * (fabric.uet.trimming ? 1 : 5) * full_packet.v);
    sizes.kmin = bounded((round * 2 + 9) / 10 * full_packet.v);
    sizes.kmax = bounded((round * 8 + 9) / 10 * full_packet.v);
  } else {
    sizes.kmin = scaled(400'000, rate);
    sizes.kmax = scaled(1'600'000, rate);
  }
  if (fabric.queue) sizes.data = bounded(fabric.queue->v);
  if (fabric.ecn.kmin) sizes.kmin = static_cast<std::uint64_t>(fabric.ecn.kmin->v);
  if (fabric.ecn.kmax) sizes.kmax = static_cast<std::uint64_t>(fabric.ecn.kmax->v);
  if (uet && fabric.uet.trimming) sizes.trimmed = bounded(fabric.uet.trim_queue ? fabric.uet.trim_queue->v : 2 * std::int64_t{sizes.data});
  return sizes;
}

Duration least_rto(const FabricParameters& fabric, Rate rate, Duration round_trip, Bytes full_packet) {
  if (fabric.uet.least_rto) return *fabric.uet.least_rto;
  FabricParameters lossy = fabric;
  lossy.lossless = Lossless::none;  // a paused class has no limit of its own: as if it had
  const std::int64_t queue = queue_sizes(lossy, rate, round_trip, full_packet).data;
  constexpr Duration fixed{15'000'000};
  return fixed + Duration{static_cast<std::int64_t>(static_cast<__int128>(6) * queue * 8 * ps_per_second / rate.v)};
}

}  // namespace weft
