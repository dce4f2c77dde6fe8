// Node: a switch or a host as the core sees it. One virtual call for each node and window.
//
// run_window() takes from the node's in-links whatever arrives before `end`, runs the node, starts frames strictly before
// `end`, and sets exchange.next[index] to the next time the node has something to do.
//
// look_ahead() is called three times before: a hint to fetch what the window will touch; it changes nothing. When it is called
// early the object itself is at hand, when it is called late also what the early call asked for and the ring of port 0, and when
// it is called last what the late call asked for.
//
// The step functions are for the oracle of the tests, a plain heap loop over the same handlers: it asks a node for its
// least pending event and has exactly that one done.
#pragma once

#include <cstdint>
#include <optional>

#include "core/local_events.hh"
#include "core/worker.hh"

namespace weft {

struct PendingEvent {
  Time at{};
  EventKind kind{};
  std::uint32_t id = 0;
  friend constexpr auto operator<=>(const PendingEvent&, const PendingEvent&) = default;
};

enum class Ahead : std::uint8_t { early, late, last };

class Node {
 public:
  // Which cache lines of a node nearly every window touches, a bit each: what every node has stands in the first, what a host adds in
  // the others. Only a hint for prefetching.
  static constexpr std::uint32_t usual_lines = 0b11'0111;

  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  virtual void run_window(Worker& worker, Time start, Time end) = 0;
  virtual void look_ahead(Worker& worker, Time end, Ahead ahead) const = 0;
  virtual void accept(const LocalEvent& event) = 0;  // from another node, by way of a Notice
  // Between windows, single-threaded: apply every release and start that lies before `now`, so that counters are exact.
  virtual void settle(Worker& worker, Time now) = 0;

  virtual std::optional<PendingEvent> least_event(Worker& worker) = 0;
  virtual void do_event(Worker& worker, const PendingEvent& event) = 0;
};

}  // namespace weft
