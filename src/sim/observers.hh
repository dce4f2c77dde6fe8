// Observers: what watches a run from outside, when asked for: captures, wire checks, traces. Without any of them the ports
// carry no mark and the run pays nothing.
#pragma once

#include <memory>
#include <vector>

#include "report/results.hh"
#include "sim/network.hh"
#include "sim/run.hh"

namespace weft {

class FaultWatch;
class FrameTap;
class OrderWatch;
class TierLoads;
class Traces;

class Observers {
 public:
  Observers(Network& network, const RunOptions& options);
  ~Observers();
  Observers(const Observers&) = delete;
  Observers& operator=(const Observers&) = delete;

  // Between windows, on one thread: everything captured so far goes to the file, in order. look(): how busy links are, what faults do.
  void flush();
  void look(Time now);
  // At the end: closes the capture and adds traces and notes. InputError when the capture could not be written.
  void finish(Results& results);

 private:
  class Hub;
  std::unique_ptr<TierLoads> loads_;
  std::unique_ptr<FaultWatch> faults_;
  std::unique_ptr<Traces> traces_;
  std::unique_ptr<FrameTap> frames_;
  std::unique_ptr<OrderWatch> order_;
  std::unique_ptr<Hub> hub_;
};

}  // namespace weft
