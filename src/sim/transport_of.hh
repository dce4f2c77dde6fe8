// TransportOf<T>: the protocol's file T as a SimTransport: a pool of its engines for each thread, and hosts that use them.
//
// T gives: Engine, Header, Completion, success, status_text(), per_packet_paths, receiver_credit, lines; config(), make(), make_spare(),
// begin(), wire_bytes(), data_packets(), add_counters(); prepare(), largest_timeout(), full_packet(), answer_packet(), sizes(),
// description(), source_port(), build_frame(), check_frame().
#pragma once

#include "sim/host.hh"
#include "sim/sim_transport.hh"

namespace weft {

template <class T>
class TransportOf final : public SimTransport {
 public:
  template <class... Args>
  explicit TransportOf(unsigned threads, Args&&... args) : transport_(std::forward<Args>(args)...) {
    for (unsigned t = 0; t < threads; ++t) threads_.push_back(std::make_unique<OfThread>());
  }

  MadeHost make_host(const HostParameters& parameters, FlowTable& table, TriggerTable& triggers, TaskRunner& tasks,
                     std::uint16_t thread) override {
    auto host = std::make_unique<Host<T>>(parameters, transport_, table, triggers, tasks);
    host->set_pool(threads_[thread]->pool);
    HostNode* view = host.get();
    return {std::move(host), view};
  }
  void expect(std::uint16_t thread, std::size_t initiators, std::size_t targets) override {
    threads_[thread]->initiators = initiators;
    threads_[thread]->targets = targets;
  }
  // As many spares as any window has opened, but no more than flows are left to need one.
  void before_window(std::uint16_t thread) override {
    OfThread& own = *threads_[thread];
    if (own.pool.live() > own.before) own.most = std::max(own.most, own.pool.live() - own.before);
    own.before = own.pool.live();
    const std::size_t initiators = own.initiators - std::min(own.initiators, own.pool.initiators_opened());
    const std::size_t targets = own.targets - std::min(own.targets, own.pool.targets_opened());
    own.pool.prepare(std::min(own.most, initiators + targets), [&] { return transport_.make_spare(initiators > 0); });
  }
  void prepare(const std::vector<FlowSpec>& flows, const std::string& file, const NetworkFigures& network) override {
    transport_.prepare(flows, file, network);
  }
  [[nodiscard]] Duration largest_timeout() const override { return transport_.largest_timeout(); }
  [[nodiscard]] Bytes full_packet() const override { return transport_.full_packet(); }
  [[nodiscard]] Bytes answer_packet() const override { return transport_.answer_packet(); }
  [[nodiscard]] MessageSizes sizes(const FlowSpec& flow) const override { return transport_.sizes(flow); }
  [[nodiscard]] std::string description() const override { return transport_.description(); }
  [[nodiscard]] std::uint16_t source_port(const Record& record, std::uint32_t end) const override {
    return transport_.source_port(record, end);
  }
  [[nodiscard]] std::size_t build_frame(const HeaderSlot& header, const FrameSurroundings& around,
                                        std::span<std::byte> room) const override {
    return transport_.build_frame(header_of(header), around, room);
  }
  void check_frame(const HeaderSlot& header, const FrameSurroundings& around, std::span<const std::byte> bytes) const override {
    transport_.check_frame(header_of(header), around, bytes);
  }

 private:
  struct alignas(64) OfThread {
    EnginePool<typename T::Engine> pool;
    std::size_t most = 16, before = 0;        // engines that any window so far has opened at most; live before it
    std::size_t initiators = 0, targets = 0;  // of all flows
  };
  static typename T::Header header_of(const HeaderSlot& slot) {
    typename T::Header header;
    std::memcpy(static_cast<void*>(&header), &slot, sizeof header);
    return header;
  }

  T transport_;
  std::vector<std::unique_ptr<OfThread>> threads_;
};

}  // namespace weft
