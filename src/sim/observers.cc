#include "sim/observers.hh"

#include "sim/fault_watch.hh"
#include "sim/frame_tap.hh"
#include "sim/order_watch.hh"
#include "sim/tier_loads.hh"
#include "sim/traces.hh"

namespace weft {

// The one tap that ports know: hands on to whoever asked.
class Observers::Hub final : public Tap {
 public:
  Hub(FrameTap* frames, OrderWatch* order, Traces* traces) : frames_(frames), order_(order), traces_(traces) {}
  void started(Worker& worker, std::uint32_t link, const Record& record, Time start) override {
    if (order_ != nullptr && order_->watches(link)) order_->started(worker, link, record);
    if (frames_ != nullptr && frames_->tapped()[link] != 0) frames_->started(worker, link, record, start);
  }
  void ordered_set(Worker& worker, std::uint32_t link, const wire::ControlOrderedSet& set) override {
    if (frames_ != nullptr) frames_->ordered_set(worker, link, set);
  }
  void fault_block(Worker& worker, std::uint32_t link, const Record& notice) override {
    if (frames_ != nullptr) frames_->fault_block(worker, link, notice);
  }
  void depth(Worker&, std::uint32_t link, std::uint64_t bytes, Time now) override { traces_->depth(link, bytes, now); }

 private:
  FrameTap* frames_;   // not owned
  OrderWatch* order_;  // not owned
  Traces* traces_;     // not owned
};

Observers::Observers(Network& network, const RunOptions& options) {
  const TraceParameters& trace = network.scenario.trace;
  if (!network.tasks.empty()) loads_ = std::make_unique<TierLoads>(network);
  if (network.routes.size() > 1) faults_ = std::make_unique<FaultWatch>(network);
  if (!trace.flows.empty() || !trace.ports.empty()) traces_ = std::make_unique<Traces>(network, trace);
  if (!options.pcap.empty() || options.wire_check) frames_ = std::make_unique<FrameTap>(network, options);
  if (options.order_check && network.scenario.fabric.transport == "roce") order_ = std::make_unique<OrderWatch>(network);
  if (!traces_ && !frames_ && !order_) return;
  hub_ = std::make_unique<Hub>(frames_.get(), order_.get(), traces_.get());
  for (HostNode* host : network.hosts) host->watch(hub_.get(), traces_.get());
  for (Switch* s : network.switches) {
    if (s != nullptr) s->set_tap(hub_.get());
  }
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const bool tapped = (frames_ && frames_->tapped()[directed] != 0) || (order_ && order_->watches(directed));
    if (tapped) network.port_of(directed).flags |= EgressPort::tapped;
  }
  for (std::size_t i = 0; traces_ && i < traces_->ports().size(); ++i) network.port_of(traces_->ports()[i]).flags |= EgressPort::traced;
}

Observers::~Observers() = default;

void Observers::look(Time now) {
  if (loads_) loads_->look(now);
  if (faults_) faults_->look(now);
}

void Observers::flush() {
  if (frames_) frames_->flush();
}

void Observers::finish(Results& results) {
  if (loads_) loads_->finish(results, results.simulated_time);
  if (frames_) frames_->finish(results);
  if (order_) results.out_of_order = order_->out_of_order();
  if (traces_) traces_->finish(results);
  if (faults_) faults_->finish(results);
}

}  // namespace weft
