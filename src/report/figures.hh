// Figures of a run, derived from its results: the same definitions for the summary, the tables, the page and the console.
//
// fct       sender_done - start of a completed flow (start: when it was allowed to begin, so time in the NIC's queue counts)
// slowdown  fct / ideal, in millionths; ideal: the same flow alone on an idle network
// goodput   payload bytes that arrived, over the simulated time
// Units: picoseconds, millionths, Gb/s. Statistics hold completed flows that started after `warmup` only.
// Source: project definitions; slowdown as in Alizadeh et al., pFabric, SIGCOMM 2013 (normalised FCT).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "report/results.hh"
#include "report/statistics.hh"

namespace weft {

[[nodiscard]] std::optional<Duration> fct(const FlowResult& flow);           // to the sender's last acknowledgement
[[nodiscard]] std::optional<Duration> receiver_fct(const FlowResult& flow);  // to the receiver's last byte
[[nodiscard]] std::optional<std::int64_t> slowdown_millionths(const FlowResult& flow);
[[nodiscard]] Bytes delivered(const FlowResult& flow);  // a completed flow: its size
[[nodiscard]] bool measured(const FlowResult& flow);    // enters the statistics

struct FlowFigures {
  std::size_t count = 0, completed = 0, failed = 0, measured = 0;
  std::optional<Statistics> fct_ps;
  std::optional<Statistics> slowdown_millionths;
};
[[nodiscard]] FlowFigures flow_figures(const Results& results);

[[nodiscard]] double goodput_gbps(const Results& results);
[[nodiscard]] double packet_hops_per_s(const Results& results);

[[nodiscard]] std::string_view name_of(RunStatus status);
[[nodiscard]] std::string_view name_of(FlowStatus status);
[[nodiscard]] std::string_view name_of(Operation operation);

}  // namespace weft
