// One switch on its own: a test puts packets on one of its in-links and takes them from one of its out-links. No hosts' engines,
// no transport, no window loop.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "sim/network.hh"
#include "support/sim_runs.hh"

namespace weft::test {

class LoneSwitch {
 public:
  // A switch with two hosts' links; `fabric` and `rate` as in a scenario. Packets go from host 0 to host 1.
  LoneSwitch(const std::string& rate, const std::string& fabric)
      : scenario_(scenario_of("topology: { kind: switch, hosts: 2, link: { rate: " + rate + ", delay: 1us } }\nfabric: " + fabric +
                              "\nworkloads:\n  - { kind: flows, flows: [ { src: 0, dst: 1, size: 1B } ] }\n")),
        network_(scenario_, 1),
        worker_(*network_.workers.front()),
        switch_(*network_.switches.at(2)) {
    for (std::uint32_t directed = 0; directed < network_.egress.size(); ++directed) {
      if (network_.egress[directed].node == 0) in_ = directed;
      if (network_.egress[directed].node == 2 && network_.exchange.links[directed].node == 1) out_ = directed;
    }
  }

  // Instants must not decrease.
  void arrive(Time at, std::uint16_t wire_bytes) {
    Record record;
    record.dst = 1;
    record.wire_bytes = wire_bytes;
    record.slot = network_.classes.data_slot;
    record.bits = Record::ect;
    arrive(at, record);
  }
  void arrive(Time at, Record record) {
    record.handle = worker_.headers.take();
    worker_.deliver(in_, worker_.id(), record, at);
  }
  void run(Time until) {
    switch_.run_window(worker_, now_, until);
    now_ = until;
  }
  // Hands take(departed, record) every packet that has started so far; `departed`: when its last bit left.
  template <class Take>
  void take(Take&& take) {
    Ring& ring = network_.exchange.links[out_].ring;
    const Duration flight = network_.port_of(out_).flight;
    for (; !ring.empty(); ring.pop(worker_.blocks)) {
      take(Time{ring.front().at} - flight, ring.front());
      worker_.headers.release(ring.front().handle);
    }
  }
  [[nodiscard]] PortDetail& out() { return network_.detail_of(out_); }
  [[nodiscard]] EgressPort& port() { return network_.port_of(out_); }
  [[nodiscard]] std::uint32_t queued(std::uint8_t slot) { return network_.queue_of(out_, slot).bytes; }
  [[nodiscard]] const ClassTable& classes() const { return network_.classes; }
  [[nodiscard]] const SharedBuffer& buffer() const { return switch_.buffer(); }
  [[nodiscard]] std::uint64_t alive() const { return worker_.headers.in_use(); }  // packets in the switch or on a link

 private:
  Scenario scenario_;
  Network network_;
  Worker& worker_;
  Switch& switch_;
  std::uint32_t in_ = 0, out_ = 0;
  Time now_{};
};

}  // namespace weft::test
