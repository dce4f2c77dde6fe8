// Random but valid GSE messages; every draw comes from one Random, so that a seed repeats it.
#pragma once

#include "support/wire_samples.hh"
#include "wire/gse_fault_block.hh"
#include "wire/gse_frame.hh"

namespace weft::wire::samples {

inline GseHeader any_gse_header(Random& random) {
  return {.type = static_cast<GseType>(1 + random.below(4)),
          .priority = static_cast<std::uint8_t>(random.below(8)),
          .end = flip(random),
          .start = flip(random),
          .source = any<std::uint16_t>(random),
          .destination = any<std::uint16_t>(random),
          .port = any<std::uint16_t>(random),
          .sequence = any24(random),
          .index = any<std::uint8_t>(random),
          .offset = any<std::uint16_t>(random),
          .aux = any<std::uint16_t>(random)};
}
inline GseHeader any_gse_header(Random& random, GseType type) {
  GseHeader h = any_gse_header(random);
  h.type = type;
  return h;
}
inline GseWay any_gse_way(Random& random) { return gse_way(any_gse_header(random)); }
inline GseRequest any_gse_request(Random& random) {
  return {.way = any_gse_way(random),
          .requested = any24(random),
          .senders = any<std::uint8_t>(random),
          .opens = flip(random),
          .granted_seen = any24(random)};
}
inline GseGrant any_gse_grant(Random& random) {
  return {.way = any_gse_way(random), .granted = any24(random), .requested_seen = any24(random)};
}
inline GseFault any_gse_fault(Random& random) {
  return {.reporter = any<std::uint16_t>(random),
          .port = static_cast<std::uint16_t>(random.below(4096)),
          .notice = any24(random),
          .hops_left = any<std::uint8_t>(random),
          .event = flip(random) ? GseLinkEvent::down : GseLinkEvent::up,
          .peer = any<std::uint16_t>(random),
          .priority = static_cast<std::uint8_t>(random.below(8))};
}
// A message between devices: anything but data.
inline GseHeader any_gse_message(Random& random) {
  switch (random.below(3)) {
    case 0: return gse_header(any_gse_fault(random));
    case 1: return gse_header(any_gse_request(random));
    default: return gse_header(any_gse_grant(random));
  }
}

}  // namespace weft::wire::samples
