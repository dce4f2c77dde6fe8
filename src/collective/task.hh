// Task: one node of a task graph, 24 bytes, and where it happens.
//
//   kind            starts at   ends at                       amount
//   transfer        a rank      that rank (sent), a rank      bytes of one message
//   upload          a rank      that rank (sent), a switch    bytes of one message to a computing switch
//   network_reduce  a switch    that switch                   bytes of the result: the switch adds what was uploaded
//   multicast       a switch    that switch, all its members  bytes of each copy
//   download        a switch    that switch, one member       bytes of one message
//   reduce          a rank      that rank                     bytes added to a buffer of the rank
//   copy            a rank      that rank                     bytes moved inside the rank
//   compute         a rank      that rank                     a duration; a rank computes one thing at a time
//   delay           a rank      that rank                     a duration
//   extend          a rank      that rank                     millionths of the time since its first dependency was done there
//   extrapolate     a rank      that rank                     see extrapolation() in extension.hh
//   join            a rank      that rank                     nothing: takes no time
//
// Start: a task may start when every task it depends on is done at the place where this task starts. Nothing else holds it
// back: a receiver needs no posted buffer and grants no credit, resources (one NIC, one GPU) are the executor's matter.
// Done: a transfer is done at its receiver when the last byte has arrived there, and at its sender when the sender knows so
// (the last acknowledgement). Its payload is read between its start and its arrival. A multicast is done at each member when
// that member has its copy. Every other task is done where it ran, when it ends.
// Order: messages with the same ends and channel travel over one connection, in the order in which they started, the lower id
// first among those that start at one instant.
#pragma once

#include <compare>
#include <cstdint>

#include "base/units.hh"
#include "collective/ids.hh"

namespace weft::collective {

enum class TaskKind : std::uint8_t {
  transfer,
  upload,
  network_reduce,
  multicast,
  download,
  reduce,
  copy,
  compute,
  delay,
  extend,
  extrapolate,
  join
};

// Where something happens: at a rank or at a computing switch.
struct Place {
  enum class Kind : std::uint8_t { rank, computing_switch };
  Kind kind = Kind::rank;
  std::uint32_t id = 0;
  friend constexpr auto operator<=>(Place, Place) = default;
};

constexpr Place at(RankId rank) { return {Place::Kind::rank, rank.v}; }
constexpr Place at(SwitchId computing_switch) { return {Place::Kind::computing_switch, computing_switch.v}; }

// `from` and `to` are ranks or switches, by kind; what happens at one place has it in both.
struct Task {
  std::int64_t amount = 0;
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  std::uint32_t first_dependency = 0;  // set by TaskGraph::add
  Channel channel = 0;
  TaskKind kind = TaskKind::join;

  [[nodiscard]] constexpr bool is_message() const {
    return kind == TaskKind::transfer || kind == TaskKind::upload || kind == TaskKind::multicast || kind == TaskKind::download;
  }
  [[nodiscard]] constexpr bool is_timed() const { return kind == TaskKind::compute || kind == TaskKind::delay; }
  // Takes as long as the times of tasks before it say.
  [[nodiscard]] constexpr bool is_extension() const { return kind == TaskKind::extend || kind == TaskKind::extrapolate; }
  [[nodiscard]] constexpr Bytes bytes() const { return {is_timed() || is_extension() ? 0 : amount}; }
  [[nodiscard]] constexpr Duration duration() const { return {is_timed() ? amount : 0}; }

  // Where it starts, and the end that is not there (for a multicast: its switch, since its ends are the switch's members).
  [[nodiscard]] constexpr Place start() const {
    const bool in_network = kind == TaskKind::network_reduce || kind == TaskKind::multicast || kind == TaskKind::download;
    return {in_network ? Place::Kind::computing_switch : Place::Kind::rank, from};
  }
  [[nodiscard]] constexpr Place end() const {
    const bool in_network = kind == TaskKind::network_reduce || kind == TaskKind::multicast || kind == TaskKind::upload;
    return {in_network ? Place::Kind::computing_switch : Place::Kind::rank, to};
  }
};
static_assert(sizeof(Task) == 24);

constexpr Task transfer(RankId from, RankId to, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = from.v, .to = to.v, .channel = channel, .kind = TaskKind::transfer};
}
constexpr Task upload(RankId from, SwitchId to, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = from.v, .to = to.v, .channel = channel, .kind = TaskKind::upload};
}
constexpr Task network_reduce(SwitchId where, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = where.v, .to = where.v, .channel = channel, .kind = TaskKind::network_reduce};
}
constexpr Task multicast(SwitchId from, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = from.v, .to = from.v, .channel = channel, .kind = TaskKind::multicast};
}
constexpr Task download(SwitchId from, RankId to, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = from.v, .to = to.v, .channel = channel, .kind = TaskKind::download};
}
constexpr Task reduce(RankId where, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = where.v, .to = where.v, .channel = channel, .kind = TaskKind::reduce};
}
constexpr Task copy(RankId where, Bytes size, Channel channel = 0) {
  return {.amount = size.v, .from = where.v, .to = where.v, .channel = channel, .kind = TaskKind::copy};
}
constexpr Task compute(RankId where, Duration time) {
  return {.amount = time.v, .from = where.v, .to = where.v, .kind = TaskKind::compute};
}
constexpr Task delay(RankId where, Duration time) { return {.amount = time.v, .from = where.v, .to = where.v, .kind = TaskKind::delay}; }
// Stands for work that is not simulated and goes on at the pace of what was done since the first dependency.
constexpr Task extend(RankId where, std::int64_t millionths) {
  return {.amount = millionths, .from = where.v, .to = where.v, .kind = TaskKind::extend};
}
// Stands for the rest of a collective of which three parts were simulated, one after the other.
constexpr Task extrapolate(RankId where, std::int64_t millionths) {
  return {.amount = millionths, .from = where.v, .to = where.v, .kind = TaskKind::extrapolate};
}
constexpr Task join(RankId where) { return {.from = where.v, .to = where.v, .kind = TaskKind::join}; }

}  // namespace weft::collective
