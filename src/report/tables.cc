#include "report/tables.hh"

#include <array>
#include <charconv>
#include <cmath>

#include "report/decimal.hh"
#include "report/figures.hh"

namespace weft {
namespace {

// Collects the fields of one row.
class Row {
 public:
  Row& text(std::string_view value) { return raw(csv_field(value)); }
  Row& number(std::uint64_t value) { return raw(std::to_string(value)); }
  Row& number(std::int64_t value) { return raw(std::to_string(value)); }
  Row& raw(std::string_view value) {
    if (!first_) line_ += ',';
    first_ = false;
    line_ += value;
    return *this;
  }
  void end(const TextSink& sink) {
    line_ += '\n';
    sink(line_);
    line_.clear();
    first_ = true;
  }

 private:
  std::string line_;
  bool first_ = true;
};

std::string duration_field(const std::optional<Duration>& duration) { return duration ? microseconds(*duration) : std::string{}; }
std::string millionths_field(const std::optional<std::int64_t>& value) { return value ? fixed(*value, 6) : std::string{}; }

std::string workload_name(const ReportContext& context, std::uint16_t workload) {
  return workload < context.workloads.size() ? context.workloads[workload] : std::string{};
}

std::string_view flow_header() {
  return "flow,label,workload,workload_kind,src,dst,operation,size_bytes,status,start_us,sender_done_us,receiver_done_us,fct_us,"
         "receiver_fct_us,ideal_us,slowdown,goodput_gbps,delivered_bytes,packets,retransmissions,timeouts,naks,cnps,ecn_marked,"
         "measured,error\n";
}

void flow_row(Row& row, const ReportContext& context, const FlowResult& flow, std::size_t position) {
  const auto time = fct(flow);
  row.number(std::uint64_t{position}).number(std::uint64_t{flow.spec.label}).number(std::uint64_t{flow.spec.workload});
  row.text(workload_name(context, flow.spec.workload)).number(std::uint64_t{flow.spec.src.v}).number(std::uint64_t{flow.spec.dst.v});
  row.raw(name_of(flow.spec.operation)).number(flow.spec.size.v).raw(name_of(flow.status));
  row.raw(microseconds(flow.start)).raw(microseconds(flow.sender_done)).raw(microseconds(flow.receiver_done));
  row.raw(duration_field(time)).raw(duration_field(receiver_fct(flow))).raw(microseconds(flow.ideal));
  row.raw(millionths_field(slowdown_millionths(flow)));
  row.raw(time ? fixed(gbps_millionths(flow.spec.size, *time), 6) : std::string{});
  row.number(delivered(flow).v).number(flow.packets).number(flow.retransmissions).number(flow.timeouts);
  row.number(flow.naks).number(flow.cnps).number(flow.ecn_marked).number(std::uint64_t{measured(flow)}).text(flow.error);
}

// A share that the simulator computed as a double from integers: six decimals.
std::string share_field(double share) { return std::isfinite(share) ? fixed(std::llround(share * 1e6), 6) : std::string{}; }

std::string value_field(double value) {
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end.ptr};
}

}  // namespace

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void write_flows_csv(const ReportContext& context, const Results& results, const TextSink& sink) {
  sink(flow_header());
  Row row;
  for (std::size_t position = 0; position < results.flows.size(); ++position) {
    flow_row(row, context, results.flows[position], position);
    row.end(sink);
  }
}

void write_collectives_csv(const Results& results, const TextSink& sink) {
  sink(
      "workload,repetition,label,operation,algorithm,ranks,bytes,simulated_bytes,start_us,ready_us,end_us,time_us,algbw_gigabytes_per_s,"
      "busbw_gigabytes_per_s,why\n");
  Row row;
  for (const CollectiveResult& c : results.collectives) {
    const bool over = c.end != Time::never();
    row.number(std::uint64_t{c.workload}).number(std::uint64_t{c.repetition}).text(c.label).text(c.operation).text(c.algorithm);
    row.number(std::uint64_t{c.ranks}).number(c.bytes.v).number(c.simulated.v);
    row.raw(microseconds(c.start)).raw(microseconds(c.ready)).raw(microseconds(c.end));
    row.raw(over ? microseconds(c.end - c.ready) : std::string{});
    row.raw(over ? fixed(c.algbw.v / 8, 9) : std::string{}).raw(over ? fixed(c.busbw.v / 8, 9) : std::string{}).text(c.why);
    row.end(sink);
  }
}

void write_links_csv(const Results& results, const TextSink& sink) {
  sink(
      "port,from,to,rate_bps,packets,bytes,utilisation,max_queue_bytes,drops_buffer,drops_loss,drops_down,trims,ecn_marks,pauses_sent,"
      "pauses_received,paused_us,corrupted,drops_corrupted,llr_replays,llr_replayed,llr_nacks,llr_timeouts,llr_flushed,drops_init,"
      "ordered_sets,sets_lost,credit_blocked_us,credit_updates,credits_healed\n");
  Row row;
  for (std::size_t position = 0; position < results.ports.size(); ++position) {
    const PortResult& port = results.ports[position];
    row.number(std::uint64_t{position}).text(port.from).text(port.to).number(port.rate.v).number(port.packets).number(port.bytes);
    row.raw(share_field(port.utilisation)).number(port.max_queue.v);
    row.number(port.drops_buffer).number(port.drops_loss).number(port.drops_down).number(port.trims).number(port.ecn_marks);
    row.number(port.pauses_sent).number(port.pauses_received).raw(microseconds(port.paused));
    row.number(port.corrupted).number(port.drops_corrupted).number(port.link.replays).number(port.link.replayed);
    row.number(port.link.nacks).number(port.link.timeouts).number(port.link.flushed).number(port.link.drops_init);
    row.number(port.link.ordered_sets).number(port.link.sets_lost).raw(microseconds(port.link.credit_blocked));
    row.number(port.link.credit_updates).number(port.link.credits_healed);
    row.end(sink);
  }
}

void write_traces_csv(const Results& results, const TextSink& sink) {
  sink("series,what,unit,at_us,value\n");
  Row row;
  for (const TraceSeries& series : results.traces) {
    for (std::size_t bin = 0; bin < series.at.size() && bin < series.value.size(); ++bin) {
      row.text(series.name).text(series.what).text(series.unit).raw(microseconds(series.at[bin])).raw(value_field(series.value[bin]));
      row.end(sink);
    }
  }
}

}  // namespace weft
