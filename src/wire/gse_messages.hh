// What a GSE header says, by its type. Each message turns into a GseHeader and back without loss. PROJECT PROFILE.
//
//   type      source, destination, port         sequence             index        offset                aux
//   data      ingress, egress GSP, egress port  container (cyclic)   packet in    bytes of the          EtherType of the
//                                                                    container    container before it   frame carried
//   request   ingress, egress GSP, egress port  units requested      hosts that   units granted so far, as seen: high 8 bits,
//                                               since the start      wait for it  low 16 bits
//   grant     egress, ingress GSP, egress port  units granted        0            units requested so far, as seen: high 8 bits,
//                                               since the start                   low 16 bits
//   fault     reporting device, all, its port   notice (cyclic)      hops left    1 down, 2 up          device behind the port
//
// Containers: a container closes when its bytes reach the configured length or it holds 256 packets; `start` and `end` mark its
// first and last packet. Bytes of a container are those of the frames carried, each with FCS, preamble and gap. Offsets fit because
// a packet begins within the first 64 KiB of its container.
// Requests and grants carry totals, so that a lost one is healed by the next: totals are counted in units of 256 bytes, rounded
// up from the byte total (rounding never adds up), modulo 2^24, and compared by their signed difference; at most 2 GiB may be
// outstanding. Totals go on when a queue is released and made again; `start` marks the first request of each life. Shares
// follow the hosts that wait, so that they are fair to hosts.
// Units: as said. Source: project profile.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "wire/gse_header.hh"

namespace weft::wire {

inline constexpr Bytes gse_unit{256};
inline constexpr std::int64_t gse_outstanding_limit = std::int64_t{1} << 23;  // units: 2 GiB
inline constexpr std::uint32_t gse_container_packets = 256;
inline constexpr Bytes gse_container_limit{65'536};

// A running total of bytes as it stands in a header.
constexpr std::uint32_t gse_units(Bytes total) { return static_cast<std::uint32_t>((total.v + gse_unit.v - 1) / gse_unit.v) & 0xffffff; }
// How far `later` is ahead of `earlier`, both cyclic with 24 bits; negative when it is behind.
constexpr std::int32_t gse_ahead(std::uint32_t later, std::uint32_t earlier) {
  return static_cast<std::int32_t>((later - earlier) << 8) >> 8;
}

// Where a message comes from and goes to, and the queue it is about.
struct GseWay {
  std::uint16_t source = 0, destination = 0, port = 0;
  std::uint8_t priority = 0;
  friend bool operator==(const GseWay&, const GseWay&) = default;
};

struct GseData {
  GseWay way{};
  std::uint32_t container = 0;
  std::uint8_t packet = 0;
  bool first = false, last = false;
  std::uint16_t offset = 0;
  std::uint16_t inner_type = 0;
  friend bool operator==(const GseData&, const GseData&) = default;
};

struct GseRequest {
  GseWay way{};
  std::uint32_t requested = 0;  // units
  std::uint8_t senders = 0;     // 255: or more
  bool opens = false;
  std::uint32_t granted_seen = 0;  // units
  friend bool operator==(const GseRequest&, const GseRequest&) = default;
};

struct GseGrant {
  GseWay way{};                      // port: of the granting device
  std::uint32_t granted = 0;         // units
  std::uint32_t requested_seen = 0;  // units
  friend bool operator==(const GseGrant&, const GseGrant&) = default;
};

enum class GseLinkEvent : std::uint16_t { down = 1, up = 2 };

struct GseFault {
  std::uint16_t reporter = 0, port = 0;
  std::uint32_t notice = 0;  // counts the reporter's notices; a repetition keeps its number
  std::uint8_t hops_left = 0;
  GseLinkEvent event = GseLinkEvent::down;
  std::uint16_t peer = gse_to_all;  // the device behind the port; gse_to_all: unknown
  std::uint8_t priority = 7;
  friend bool operator==(const GseFault&, const GseFault&) = default;
};

constexpr GseHeader gse_on(const GseWay& way, GseType type) {
  return {.type = type, .priority = way.priority, .source = way.source, .destination = way.destination, .port = way.port};
}
constexpr GseWay gse_way(const GseHeader& h) { return {h.source, h.destination, h.port, h.priority}; }
// A total as the sender of a request or grant last saw it, 24 bits. The high byte of `offset` is sent as zero and ignored when read.
constexpr void gse_put_seen(GseHeader& h, std::uint32_t total) {
  h.offset = static_cast<std::uint16_t>(total >> 16 & 0xff);
  h.aux = static_cast<std::uint16_t>(total);
}
constexpr std::uint32_t gse_seen(const GseHeader& h) { return (h.offset & 0xffU) << 16 | h.aux; }

constexpr GseHeader gse_header(const GseData& m) {
  GseHeader h = gse_on(m.way, GseType::data);
  h.end = m.last, h.start = m.first;
  h.sequence = m.container, h.index = m.packet;
  h.offset = m.offset, h.aux = m.inner_type;
  return h;
}
constexpr GseHeader gse_header(const GseRequest& m) {
  GseHeader h = gse_on(m.way, GseType::request);
  h.start = m.opens;
  h.sequence = m.requested, h.index = m.senders;
  gse_put_seen(h, m.granted_seen);
  return h;
}
constexpr GseHeader gse_header(const GseGrant& m) {
  GseHeader h = gse_on(m.way, GseType::grant);
  h.sequence = m.granted;
  gse_put_seen(h, m.requested_seen);
  return h;
}
constexpr GseHeader gse_header(const GseFault& m) {
  GseHeader h = gse_on({m.reporter, gse_to_all, m.port, m.priority}, GseType::fault);
  h.sequence = m.notice, h.index = m.hops_left;
  h.offset = static_cast<std::uint16_t>(m.event), h.aux = m.peer;
  return h;
}

// Each is asked only for a header of its type.
constexpr GseData gse_data(const GseHeader& h) { return {gse_way(h), h.sequence, h.index, h.start, h.end, h.offset, h.aux}; }
constexpr GseRequest gse_request(const GseHeader& h) { return {gse_way(h), h.sequence, h.index, h.start, gse_seen(h)}; }
constexpr GseGrant gse_grant(const GseHeader& h) { return {gse_way(h), h.sequence, gse_seen(h)}; }
constexpr GseFault gse_fault(const GseHeader& h) {
  return {h.source, h.port, h.sequence, h.index, static_cast<GseLinkEvent>(h.offset), h.aux, h.priority};
}

// A fault notice of an unknown event says nothing that could be acted upon.
constexpr bool gse_event_known(const GseHeader& h) {
  return h.type != GseType::fault || h.offset == static_cast<std::uint16_t>(GseLinkEvent::down) ||
         h.offset == static_cast<std::uint16_t>(GseLinkEvent::up);
}

}  // namespace weft::wire
