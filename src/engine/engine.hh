// The engine contract: a protocol is a state machine that takes time and packets as arguments.
//
// A driver (the simulator with virtual time, the live loop with the real clock) owns the clock and the wire; an engine
// reads no clock, socket, file, thread or global, and includes none. Everything is noexcept.
//
//   receive(now, in)             these segments arrived at `now`, in this order; the engine fills `placement` of each
//   advance(now)                 timers due at or before `now` fire
//   transmit(now, lane, out)     the wire has room: fill up to out.size() segments of that lane, return how many
//   ready(now, lane)             would transmit() yield at least one segment now?
//   next_deadline()              when advance() or a paced transmit() is next due; Time::never() when nothing is pending
//
// A lane is a kind of traffic that the driver may hold back on its own (a paused class): notify (CNP), respond (ACK, NAK),
// data (requests and read responses). Time is picoseconds since the engine's own birth (106 days); the driver subtracts.
// Source: project design; the pull style is that of sans-I/O transports.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/id.hh"
#include "base/units.hh"
#include "wire/trim.hh"

namespace weft {

enum class Lane : std::uint8_t { notify, respond, data };
inline constexpr std::size_t lane_count = 3;

// Where a segment's payload is: registered memory of the sending side (region, address) on transmit; on receive the driver
// alone knows the bytes, and `placement` says where they belong. Only `length` has a meaning in the simulator.
struct Payload {
  std::uint64_t address = 0;
  BufferId region{};
  std::uint32_t length = 0;
};

// The engine's verdict on a received payload: copy it to (region, address), or do not keep it.
struct Placement {
  std::uint64_t address = 0;
  BufferId region{};
  bool keep = false;
};

// What a switch without room did to a packet: it cut the payload off and passed the headers on (packet trimming).
using wire::Trim;

// An engine that keeps state outside its object may have a member  void fetch() const noexcept , which asks the memory for what the
// next packets touch there: a hint without effect on any result.

// What an engine would answer to ready(now, lane) for each lane, and to next_deadline(): one question instead of four. An engine
// whose answers share their work has a member  Outlook outlook(Time now) const noexcept  of its own.
struct Outlook {
  std::uint8_t ready = 0;  // bit l: lane l
  Time deadline = Time::never();
  [[nodiscard]] bool has(Lane lane) const { return (ready >> static_cast<unsigned>(lane) & 1) != 0; }
};

template <class H>
struct Segment {
  H header{};
  Payload payload{};
  Placement placement{};
  PathId path{};             // entropy value, tunnel or plane
  bool ecn_capable = false;  // transmit: mark as ECT
  bool ecn_ce = false;       // receive: congestion was experienced
  Trim trim = Trim::none;    // receive: with anything but none there is no payload, whatever the header says
};

template <class E>
concept Engine = requires(E e, const E c, Time now, Lane lane, std::span<typename E::Segment> in, std::span<typename E::Segment> out) {
  { e.receive(now, in) }
  noexcept;
  { e.advance(now) }
  noexcept;
  { e.transmit(now, lane, out) }
  noexcept->std::same_as<std::size_t>;
  { c.ready(now, lane) }
  noexcept->std::same_as<bool>;
  { c.next_deadline() }
  noexcept->std::same_as<Time>;
};

template <Engine E>
[[nodiscard]] Outlook outlook_of(const E& engine, Time now) noexcept {
  if constexpr (requires { engine.outlook(now); }) {
    return engine.outlook(now);
  } else {
    Outlook outlook{0, engine.next_deadline()};
    for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
      if (engine.ready(now, lane)) outlook.ready = static_cast<std::uint8_t>(outlook.ready | 1U << static_cast<unsigned>(lane));
    }
    return outlook;
  }
}

}  // namespace weft
