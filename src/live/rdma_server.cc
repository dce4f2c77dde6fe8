#include "live/rdma_server.hh"

#include <poll.h>

#include "base/error.hh"
#include "live/rdma_service.hh"
#include "live/route.hh"

namespace weft::live {

RdmaServer::RdmaServer(const RdmaServerOptions& options) : options_(options), port_(options.bind, options.faults), listener_(options.bind) {
  if (!options_.capture.empty()) port_.capture_into(&capture_.emplace(options_.capture));
}

// Outside of a session no queue pair exists, so that every datagram ends in a counter.
void RdmaServer::drop_strays() {
  constexpr std::uint32_t no_queue_pair = ~std::uint32_t{0};
  const RoceDatagrams nobody(port_.address(), port_.address(), no_queue_pair, options_.classes);
  for (const Datagram& datagram : port_.receive()) {
    RoceDatagrams::Segment segment;
    wire::ByteView payload;
    static_cast<void>(nobody.decode(datagram, segment, payload, drops_));
  }
}

std::optional<SideChannel> RdmaServer::next_client() {
  constexpr int patience_ms = 100;
  while (!interrupted(options_.interrupt)) {
    if (auto client = listener_.accept()) return client;
    std::array<pollfd, 2> polled{{{listener_.descriptor(), POLLIN, 0}, {port_.descriptor(), POLLIN, 0}}};
    ::poll(polled.data(), polled.size(), patience_ms);
    if (polled[1].revents != 0) drop_strays();
  }
  return std::nullopt;
}

std::string RdmaServer::objection(const Offer& offer, const Address& peer) const {
  if (offer.size > static_cast<std::uint64_t>(registered_limit.v) / offer.depth) return "size times depth is above 2 GiB";
  try {
    require_mtu(find_route(peer, port_.address()), peer, offer.mtu);
  } catch (const InputError& error) { return error.where() + ": " + error.what(); }
  return {};
}

std::optional<RdmaReport> RdmaServer::serve_one() {
  auto client = next_client();
  if (!client) return std::nullopt;
  SideChannel side = std::move(*client);
  RdmaReport report;
  report.own = port_.address();
  report.peer = side.peer();
  const auto message = side.wait(options_.patience);
  const Offer* const offer = message ? std::get_if<Offer>(&*message) : nullptr;
  if (offer == nullptr) {
    report.error = message ? "side channel: an unexpected message" : side.problem();
    side.send(Refusal{report.error});
    return report;
  }
  report.error = objection(*offer, side.peer());
  if (!report.error.empty()) {
    side.send(Refusal{report.error});
    return report;
  }
  RdmaService service(options_, port_, listener_, side, *offer, drops_);
  return service.run();
}

void RdmaServer::close_capture() {
  if (!capture_) return;
  port_.capture_into(nullptr);
  capture_->close();
}

}  // namespace weft::live
