// FaultWatch: what each change of links did to a run: who heard of it when, what was lost, and when payload flowed steadily again.
// Links that go down at one instant are one fault, those that come up another.
//
// Looked at between windows, no event of its own: the data packets that engines have used, by host. Hurt are the hosts that receive
// flows of which packets were lost to the links that died (all hosts, where links came up). With R their mean rate in the last
// quarter of [change, horizon], they miss D(t) = R * (t - change) - delivered since then; goodput is steady again at the first t at
// which D has reached 95 % of its greatest value, or at once when that is less than R delivers in two looks.
// The horizon is the next change, the first end of a flow that was under way, the next start of one, or the end of the run. A link
// that died more than once is hurt for all who ever lost packets to it.
// Bound: most_figures over all looks; when they are full every other look is forgotten, and looks come half as often.
// Source: project profile.
#pragma once

#include <cstdint>
#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

class FaultWatch {
 public:
  explicit FaultWatch(Network& network);

  // Between windows, at the start of the one that begins at `now`.
  void look(Time now) {
    if (now >= next_) take(now);
  }
  void finish(Results& results);

 private:
  static constexpr std::size_t most_figures = 16'000'000, least_looks = 16;
  struct Recovery {
    Time at = Time::never();
    double missing = 0;  // packets
  };

  void take(Time now);
  void thin_out();
  [[nodiscard]] std::uint64_t delivered(std::size_t look, const std::vector<std::uint32_t>& hosts) const;
  [[nodiscard]] Recovery recovery(Time change, Time horizon, const std::vector<std::uint32_t>& hosts) const;
  [[nodiscard]] Time horizon(const Results& results, std::uint32_t version) const;
  [[nodiscard]] std::vector<std::uint32_t> changed(Time at, bool up) const;
  [[nodiscard]] std::vector<std::string> names(const std::vector<std::uint32_t>& directions) const;
  [[nodiscard]] std::vector<std::uint32_t> hurt(const std::vector<std::uint32_t>& directions) const;
  void add_lost(FaultResult& fault, const std::vector<std::uint32_t>& directions) const;
  void add_heard(FaultResult& fault, std::uint32_t version, const std::vector<std::uint32_t>& directions) const;
  void add_fault(Results& results, std::uint32_t version, bool up) const;
  void add_series(Results& results) const;

  Network& network_;
  Duration interval_{500'000};
  Time next_{};
  std::vector<std::uint32_t> all_;       // hosts
  std::vector<std::uint32_t> changing_;  // directions of links that are ever down, in order
  std::vector<Time> at_;                 // by look
  std::vector<std::uint32_t> packets_;   // by look and host
};

}  // namespace weft
