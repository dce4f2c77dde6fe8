#include "app/rdma_text.hh"

#include <array>
#include <utility>
#include <vector>

#include "report/decimal.hh"

namespace weft {

namespace {

using live::RdmaReport;

std::string line(const std::string& name, const std::string& value) {
  constexpr std::size_t column = 17;
  return name + std::string(column > name.size() ? column - name.size() : 1, ' ') + value + '\n';
}

std::string hex(std::uint8_t byte) {
  constexpr const char* digits = "0123456789abcdef";
  return std::string("0x") + digits[byte >> 4] + digits[byte & 15];
}

std::string rate(const RdmaReport& report) {
  return fixed(gbps_millionths(Bytes{static_cast<std::int64_t>(report.bytes)}, report.elapsed) / 1000, 3) + " Gb/s";
}

std::string verdict(const RdmaReport& report) {
  if (report.wrong_messages == 0) return grouped(report.verified) + " messages, every byte";
  const live::WrongByte wrong = report.wrong.value_or(live::WrongByte{});
  return grouped(report.wrong_messages) + " messages WRONG; the first wrong byte: message " + std::to_string(wrong.message) + ", offset " +
         std::to_string(wrong.offset) + ", " + hex(wrong.found) + " instead of " + hex(wrong.expected);
}

std::string dropped(const RdmaReport& report) {
  std::string text;
  report.drops.for_each([&](std::string_view name, std::uint64_t count) {
    if (count != 0) text += (text.empty() ? "" : ", ") + std::string(name) + ' ' + grouped(count);
  });
  return text;
}

// Strings here are printable ASCII: our own, the operating system's, or checked on arrival.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

class Object {
 public:
  Object& add(std::string_view name, std::uint64_t value) { return raw(name, std::to_string(value)); }
  Object& add(std::string_view name, std::string_view value) { return raw(name, quoted(value)); }
  Object& raw(std::string_view name, const std::string& value) {
    text_ += (text_.empty() ? "{" : ",") + quoted(name) + ':' + value;
    return *this;
  }
  [[nodiscard]] std::string text() const { return text_.empty() ? "{}" : text_ + '}'; }

 private:
  std::string text_;
};

std::string queue_pair_json(const roce::QueuePairCounters& c) {
  const std::vector<std::pair<const char*, std::uint64_t>> all = {
      {"data_sent", c.data_sent},
      {"data_retransmitted", c.data_retransmitted},
      {"timeouts", c.timeouts},
      {"acks_received", c.acks_received},
      {"naks_received", c.naks_received},
      {"rnr_naks_received", c.rnr_naks_received},
      {"read_rerequests", c.read_rerequests},
      {"data_received", c.data_received},
      {"acks_sent", c.acks_sent},
      {"naks_sent", c.naks_sent},
      {"rnr_naks_sent", c.rnr_naks_sent},
      {"cnps_sent", c.cnps_sent},
      {"cnps_received", c.cnps_received},
      {"ecn_marked_received", c.ecn_marked_received},
      {"dropped_duplicate", c.dropped_duplicate},
      {"dropped_out_of_order", c.dropped_out_of_order},
      {"dropped_response_out_of_order", c.dropped_response_out_of_order},
      {"dropped_no_resource", c.dropped_no_resource},
      {"dropped_bad_request", c.dropped_bad_request},
      {"dropped_not_ready", c.dropped_not_ready},
      {"dropped_bad_response", c.dropped_bad_response},
      {"dropped_in_error", c.dropped_in_error},
  };
  Object object;
  for (const auto& [name, value] : all) object.add(name, value);
  return object.text();
}

}  // namespace

std::string client_text(const live::RdmaClientOptions& options, const RdmaReport& report) {
  std::string text = std::string(name_of(report.operation)) + "  " + report.own.text() + " -> " + report.peer.text() + "  " +
                     bytes_text(static_cast<std::uint64_t>(options.size.v)) + " x " + grouped(options.count) + ", depth " +
                     std::to_string(options.depth) + ", MTU " + std::to_string(options.mtu) + '\n';
  text += line("messages", grouped(report.messages));
  text += line("bytes", grouped(report.bytes));
  text += line("rate", rate(report));
  text += line("retransmissions", grouped(report.queue_pair.data_retransmitted));
  text += line("timeouts", grouped(report.queue_pair.timeouts));
  if (report.verify) text += line("verified", verdict(report));
  if (report.faults.dropped + report.faults.duplicated + report.faults.delayed != 0) {
    text += line("injected", grouped(report.faults.dropped) + " dropped, " + grouped(report.faults.duplicated) + " duplicated, " +
                                 grouped(report.faults.delayed) + " delayed");
  }
  if (report.drops.total() != 0) text += line("not used", dropped(report));
  if (!report.error.empty()) text += line("error", report.error);
  return text;
}

std::string server_text(const RdmaReport& report) {
  if (!report.began) return "no session with " + report.peer.text() + ": " + report.error;
  std::string text = std::string(name_of(report.operation)) + " from " + report.peer.text() + ": " + grouped(report.messages) +
                     " messages, " + grouped(report.bytes) + " bytes, " + rate(report);
  if (report.verify && report.operation != live::RdmaOperation::read) text += ", verified " + verdict(report);
  if (report.drops.total() != 0) text += ", not used: " + dropped(report);
  if (!report.error.empty()) text += "; ended early: " + report.error;
  return text;
}

std::string rdma_json(const RdmaReport& report) {
  Object drops;
  report.drops.for_each([&](std::string_view name, std::uint64_t count) { drops.add(name, count); });
  Object object;
  object.add("operation", name_of(report.operation)).add("own", report.own.text()).add("peer", report.peer.text());
  object.add("messages", report.messages).add("bytes", report.bytes);
  object.raw("elapsed_s", fixed(report.elapsed.v, 12));
  object.raw("goodput_gbps", fixed(gbps_millionths(Bytes{static_cast<std::int64_t>(report.bytes)}, report.elapsed), 6));
  object.raw("verify", report.verify ? "true" : "false").add("verified", report.verified).add("wrong_messages", report.wrong_messages);
  if (report.wrong) {
    object.raw("first_wrong", Object()
                                  .add("message", report.wrong->message)
                                  .add("offset", report.wrong->offset)
                                  .add("expected", report.wrong->expected)
                                  .add("found", report.wrong->found)
                                  .text());
  }
  object.add("error", report.error);
  object.raw("queue_pair", queue_pair_json(report.queue_pair)).raw("drops", drops.text());
  object.raw("port", Object()
                         .add("datagrams_sent", report.port.datagrams_sent)
                         .add("datagrams_received", report.port.datagrams_received)
                         .add("bytes_sent", report.port.bytes_sent)
                         .add("bytes_received", report.port.bytes_received)
                         .add("send_refused", report.port.send_refused)
                         .add("send_waits", report.port.send_waits)
                         .text());
  object.raw("injected", Object()
                             .add("dropped", report.faults.dropped)
                             .add("duplicated", report.faults.duplicated)
                             .add("delayed", report.faults.delayed)
                             .text());
  return object.text();
}

}  // namespace weft
