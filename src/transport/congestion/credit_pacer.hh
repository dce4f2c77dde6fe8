// CreditPacer: one for each NIC that receives with RCCC. It decides whose turn it is to be granted credit, and when: a grant's
// bytes take as long as 99/100 of the line needs to carry them, and a grant of nothing as long as 1024 bytes.
//
// Connections that want credit stand in one line, those that would take spare credit in another, which moves only while the
// first is empty; both are served in turn. Whenever a connection has received something, and after its grant, the driver says
// what it wants now. When next_deadline() has come, and until advance() names nobody: the one it names grants (a CP CREDIT goes
// out), the driver reports how much with granted(), and says what that connection wants now.
// Ids are 0 to capacity - 1; an id stands in one line at most, so want() may be repeated freely. Memory: 12 bytes an id, sized
// by reserve(). Source: round robin and rate as uet-htsim, the UEC group's public simulator, has them.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "base/check.hh"
#include "base/units.hh"
#include "engine/digest.hh"
#include "engine/pacer.hh"
#include "transport/congestion/rccc.hh"

namespace weft::congestion {

class CreditPacer {
 public:
  explicit CreditPacer(Rate line) noexcept { pacer_.set_rate(line * 99 / 100); }

  // Ids below `capacity` may be used from now on; never shrinks.
  void reserve(std::uint32_t capacity) {
    if (capacity > places_.size()) places_.resize(capacity);
  }
  // Moves `id` to the end of the line that it now belongs in; it keeps its place if that is where it stands.
  void want(std::uint32_t id, CreditWish wish) noexcept {
    CHECK(id < places_.size(), "id", id, "capacity", places_.size());
    if (places_[id].line == wish) return;
    if (places_[id].line != CreditWish::none) remove(id);
    if (wish != CreditWish::none) append(id, wish);
  }
  // A connection that is closed.
  void forget(std::uint32_t id) noexcept { want(id, CreditWish::none); }

  [[nodiscard]] Time next_deadline() const noexcept {
    return demand_.first == nobody && spare_.first == nobody ? Time::never() : pacer_.next();
  }
  // Whose turn it is, if it is time; out of line until it wants again.
  [[nodiscard]] std::optional<std::uint32_t> advance(Time now) noexcept {
    if (!pacer_.open(now)) return std::nullopt;
    const std::uint32_t id = demand_.first != nobody ? demand_.first : spare_.first;
    if (id == nobody) return std::nullopt;
    remove(id);
    return id;
  }
  void granted(Time now, Bytes credit) noexcept {
    constexpr Bytes least{1024};
    pacer_.sent(now, credit.v > 0 ? credit : least);
  }
  [[nodiscard]] bool standing(std::uint32_t id) const noexcept { return places_[id].line != CreditWish::none; }
  void digest(Digest& d) const noexcept {
    pacer_.digest(d);
    for (const Line* line : {&demand_, &spare_}) {
      for (std::uint32_t id = line->first; id != nobody; id = places_[id].next) d.add(id);
      d.add(nobody);
    }
  }

 private:
  static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
  struct Place {
    std::uint32_t next = nobody;
    std::uint32_t previous = nobody;
    CreditWish line = CreditWish::none;
  };
  struct Line {
    std::uint32_t first = nobody;
    std::uint32_t last = nobody;
  };

  Line& line(CreditWish wish) noexcept { return wish == CreditWish::demand ? demand_ : spare_; }
  void append(std::uint32_t id, CreditWish wish) noexcept {
    Line& to = line(wish);
    places_[id] = {nobody, to.last, wish};
    (to.last == nobody ? to.first : places_[to.last].next) = id;
    to.last = id;
  }
  void remove(std::uint32_t id) noexcept {
    Place& place = places_[id];
    Line& from = line(place.line);
    (place.previous == nobody ? from.first : places_[place.previous].next) = place.next;
    (place.next == nobody ? from.last : places_[place.next].previous) = place.previous;
    place = {};
  }

  Pacer pacer_;
  Line demand_;
  Line spare_;
  std::vector<Place> places_;
};

}  // namespace weft::congestion
