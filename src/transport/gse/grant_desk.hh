// GrantDesk: what the egress GSP grants for one of its ports and priorities, to all streams that end there.
//
// Rule: streams that want more than they were granted take turns, one quantum for each host that waits in the stream's queue (less
// if they want less), so that shares are fair to hosts; a stream that is alone takes up to eight at once, which saves messages and
// takes nothing from others. Grants are paced at the port's rate, and given only while
//   granted and not yet here + waiting at the port <= window,
// so they never exceed what the port drains: a port that is paused or slow stops its grants and nobody else's. A stream's initial
// credit is counted as soon as it is known, by its first request or its packets.
// What was granted and does not come (lost on its way) is written off by the owner's timer, with write_off().
// Units: 256 bytes (wire::gse_unit) for totals. Bound: the line holds each stream once; it grows with the streams of the port.
// Source: project profile (fabric.md 3.2: egress grants by the drain capacity of its port).
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/units.hh"
#include "base/wire_clock.hh"
#include "wire/gse_messages.hh"

namespace weft::gse {

// Totals of one stream, in units, as its egress knows them.
struct GrantStream {
  std::int64_t wanted = 0, granted = 0, received = 0;
  std::uint32_t rest = 0;     // bytes received beyond `received`
  std::uint32_t senders = 1;  // hosts that wait, by the last request
  bool in_line = false;
  // How far a request's totals are ahead of these; negative: it does not know of all that was granted.
  [[nodiscard]] std::int32_t wanted_before(std::uint32_t total) const { return wire::gse_ahead(total, cyclic(wanted)); }
  [[nodiscard]] std::int32_t granted_before(std::uint32_t seen) const { return wire::gse_ahead(seen, cyclic(granted)); }
  // As a total stands in a header.
  [[nodiscard]] static std::uint32_t cyclic(std::int64_t units) { return static_cast<std::uint32_t>(units) & 0xffffff; }
  [[nodiscard]] std::int64_t coming() const { return std::max<std::int64_t>(0, std::min(wanted, granted) - received - (rest > 0 ? 1 : 0)); }
};

struct GrantDeskParameters {
  Rate rate{};
  Bytes quantum{}, window{};
};

class alignas(64) GrantDesk {
 public:
  explicit GrantDesk(const GrantDeskParameters& parameters)
      : clock_(parameters.rate), quantum_(parameters.quantum), window_(parameters.window) {}

  // A request's totals: all that is wanted, and what the asker may send already (24 bits each).
  void requested(std::uint32_t id, GrantStream& stream, std::uint32_t wanted, std::uint32_t allowed, std::uint32_t senders = 1) {
    stream.senders = std::max(senders, 1U);
    change(stream, [&] {
      stream.wanted += std::max(0, stream.wanted_before(wanted));
      stream.granted += std::max(0, stream.granted_before(allowed));
    });
    stand_in_line(id, stream);
  }
  void received(GrantStream& stream, Bytes packet) {
    change(stream, [&] {
      const std::int64_t bytes = stream.rest + packet.v;
      stream.received += bytes / wire::gse_unit.v;
      stream.rest = static_cast<std::uint32_t>(bytes % wire::gse_unit.v);
      stream.granted = std::max(stream.granted, stream.received);
      stream.wanted = std::max(stream.wanted, stream.received);
    });
  }
  // Nothing came for long: what was granted is not on its way any more.
  void write_off(GrantStream& stream) {
    change(stream, [&] { stream.received = std::max(stream.received, std::min(stream.wanted, stream.granted)); });
  }

  struct Grant {
    std::uint32_t id = 0;
    std::uint32_t units = 0;
  };
  // The next grant that may be given at `now`, with `waiting` bytes at the port. The stream's total has grown by it.
  template <class StreamOf>
  std::optional<Grant> grant(Time now, Bytes waiting, StreamOf&& stream_of) {
    while (asked() && now >= next_) {
      const std::uint32_t id = line_[first_];
      GrantStream& stream = stream_of(id);
      const std::int64_t room = (window_ - coming() - waiting).v / wire::gse_unit.v;
      const std::int64_t lacking = stream.wanted - stream.granted, quantum = std::min(lacking, in_units(quantum_));
      if (quantum > 0 && quantum > room) return std::nullopt;
      const std::int64_t turn = waiting_ == 1 ? std::max<std::int64_t>(most_at_once, stream.senders) : stream.senders;
      const std::int64_t most = std::min(lacking, in_units(quantum_ * turn));
      if (waiting_ > 1 && most > room && most * wire::gse_unit.v <= window_.v / 2) return std::nullopt;  // soon there is room for all of it
      const std::int64_t units = std::clamp(room, quantum, most);
      leave_line();
      stream.in_line = false;
      if (units <= 0) continue;
      change(stream, [&] { stream.granted += units; });
      next_ = std::max(next_, now - clock_.estimate(quantum_ * most_saved)) + clock_.estimate({units * wire::gse_unit.v});
      stand_in_line(id, stream);
      return Grant{id, static_cast<std::uint32_t>(units)};
    }
    return std::nullopt;
  }
  [[nodiscard]] bool asked() const { return waiting_ != 0; }
  // Whose turn it is; asked() must hold.
  [[nodiscard]] std::uint32_t first() const { return line_[first_]; }
  // When to look again: at the pace, or a quantum's time after the window was found full.
  [[nodiscard]] Time look_again(Time now) const { return next_ > now ? next_ : now + clock_.estimate(quantum_); }
  [[nodiscard]] Bytes coming() const { return {coming_ * wire::gse_unit.v}; }

 private:
  [[nodiscard]] static std::int64_t in_units(Bytes bytes) { return (bytes.v + wire::gse_unit.v - 1) / wire::gse_unit.v; }
  static constexpr std::int64_t most_at_once = 8, most_saved = 8;  // quanta; saved: what a desk without requests may catch up on
  template <class Change>
  void change(GrantStream& stream, Change&& apply) {
    const std::int64_t before = stream.coming();
    apply();
    coming_ += stream.coming() - before;
  }
  void stand_in_line(std::uint32_t id, GrantStream& stream) {
    if (stream.in_line || stream.wanted <= stream.granted) return;
    stream.in_line = true;
    if (waiting_ == line_.size()) lengthen();
    line_[(first_ + waiting_++) % line_.size()] = id;
  }
  void leave_line() {
    first_ = (first_ + 1) % line_.size();
    --waiting_;
  }
  void lengthen() {
    std::rotate(line_.begin(), line_.begin() + static_cast<std::ptrdiff_t>(first_), line_.end());
    first_ = 0;
    line_.resize(line_.size() * 2 + 8);
  }

  std::int64_t coming_ = 0;  // units granted, wanted, and not here
  Time next_{};
  std::vector<std::uint32_t> line_;  // streams in their turn, from `first_` on, `waiting_` of them, round the end
  std::size_t first_ = 0, waiting_ = 0;
  WireClock clock_;
  Bytes quantum_{}, window_{};
};

}  // namespace weft::gse
