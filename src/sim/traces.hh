// Traces: chosen flows and ports over time, in bins of fixed width. Sampling is no event: a bin is filled when a value changes
// (design rule 8), so traces cost nothing elsewhere and never alter a run.
//
// Series: rate (Gb/s, first transmissions and others, by payload), window (packets in flight at the end of the bin), queue
// (bytes, the most in the bin). Bound: `most_bins` a series; later changes fall into the last bin and the run says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

class Traces final : public FlowTrace {
 public:
  Traces(Network& network, const TraceParameters& parameters);
  void sent(std::uint32_t flow, std::uint32_t payload, Time now) override;
  void in_flight(std::uint32_t flow, std::uint64_t packets, Time now) override;
  void depth(std::uint32_t link, std::uint64_t bytes, Time now);
  [[nodiscard]] const std::vector<std::uint32_t>& ports() const { return ports_; }  // directed links
  void finish(Results& results) const;

 private:
  static constexpr std::size_t most_bins = 100'000;
  struct Bins {
    std::vector<std::int64_t> value;  // -1: nothing happened
  };
  std::int64_t& bin(Bins& bins, Time now, std::int64_t empty);
  void add_series(Results& results, const Bins& bins, const std::string& name, const std::string& what, const std::string& unit,
                  double scale) const;
  [[nodiscard]] std::size_t position(std::uint32_t flow) const;

  Network& network_;
  Duration interval_;
  std::vector<std::uint32_t> flows_, ports_;  // sorted
  std::vector<Bins> rate_, window_, queue_;   // each written by one host or switch
};

}  // namespace weft
