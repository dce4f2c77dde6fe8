// Tap: told of every frame that starts on a tapped port: captures, traces of departures. Off the common path.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "core/record.hh"

namespace weft {

class Worker;
namespace wire {
struct ControlOrderedSet;
}

class Tap {
 public:
  Tap() = default;
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;
  virtual ~Tap() = default;
  // `link` is directed; the header of `record` is in the worker's pool.
  virtual void started(Worker& worker, std::uint32_t link, const Record& record, Time start) = 0;
  // An ordered set, which has no frame.
  virtual void ordered_set(Worker& worker, std::uint32_t link, const wire::ControlOrderedSet& set);
  // A fault notice in a block, which has no frame either: the record is a GseMessage's.
  virtual void fault_block(Worker& worker, std::uint32_t link, const Record& notice);
  // Depth of a traced port's queues changed to `bytes` at `now`.
  virtual void depth(Worker& worker, std::uint32_t link, std::uint64_t bytes, Time now) = 0;
};

inline void Tap::ordered_set(Worker&, std::uint32_t, const wire::ControlOrderedSet&) {}
inline void Tap::fault_block(Worker&, std::uint32_t, const Record&) {}

}  // namespace weft
