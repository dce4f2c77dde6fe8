#include "live/rdma_service.hh"

#include <array>

#include "base/check.hh"

namespace weft::live {

namespace {

constexpr Duration longest_wait{100'000'000'000};  // 0.1 s
constexpr std::uint32_t turns_between_looks = 64;  // at the side channel, while packets keep coming

Rights rights_for(RdmaOperation operation) {
  return {.remote_write = operation == RdmaOperation::write, .remote_read = operation == RdmaOperation::read, .remote_atomic = false};
}

}  // namespace

RdmaService::RdmaService(const RdmaServerOptions& options, UdpPort& port, SideListener& listener, SideChannel& side, const Offer& offer,
                         DropCounters& drops)
    : options_(&options),
      port_(&port),
      listener_(&listener),
      side_(&side),
      offer_(offer),
      drops_(&drops),
      drops_before_(drops),
      own_queue_pair_(make_queue_pair_offer(port, offer.mtu)),
      memory_(unpredictable()),
      buffer_(memory_.add(Bytes{static_cast<std::int64_t>(offer.size)} * offer.depth, rights_for(offer.operation))),
      codec_(port.address(), side.peer(), own_queue_pair_.qp, options.classes),
      queue_pair_(queue_pair_config(offer, own_queue_pair_, offer.queue_pair), memory_),
      driver_(queue_pair_, codec_, memory_, port, clock_, drops) {
  for (std::uint64_t message = 0; message < offer_.depth; ++message) {
    if (offer_.operation == RdmaOperation::read) {
      fill_pattern(slot(message), offer_.seed, message);
    } else {
      post_receive(message);
    }
  }
}

std::span<std::byte> RdmaService::slot(std::uint64_t message) {
  return memory_.bytes(buffer_).subspan((message % offer_.depth) * offer_.size, offer_.size);
}

// For a WRITE with immediate only the completion matters, not the buffer.
void RdmaService::post_receive(std::uint64_t message) {
  roce::ReceiveRequest receive;
  receive.id = message;
  receive.length = Bytes{static_cast<std::int64_t>(offer_.size)};
  receive.region = buffer_;
  receive.address = memory_.base(buffer_) + (message % offer_.depth) * offer_.size;
  CHECK(queue_pair_.post_receive(receive), "message", message);
}

void RdmaService::reap() {
  roce::Completion completion;
  while (queue_pair_.poll(completion)) completed(completion);
}

void RdmaService::completed(const roce::Completion& completion) {
  if (completion.status != roce::Status::success) {
    if (report_.error.empty()) report_.error = std::string("queue pair: ") + std::string(roce::status_text(completion.status));
    return;
  }
  const std::uint64_t message = received_++;
  if (offer_.verify) {
    const bool right_kind = completion.has_immediate == (offer_.operation == RdmaOperation::write) &&
                            static_cast<std::uint64_t>(completion.bytes.v) == offer_.size &&
                            (!completion.has_immediate || completion.immediate == static_cast<std::uint32_t>(message));
    if (right_kind) {
      compare(message, slot(message));
    } else {
      ++report_.wrong_messages;
      if (!report_.wrong) report_.wrong = WrongByte{.message = message};
    }
  }
  post_receive(message + offer_.depth);
}

void RdmaService::compare(std::uint64_t message, std::span<const std::byte> bytes) {
  const auto wrong = find_wrong_byte(bytes, offer_.seed, message);
  if (!wrong) {
    ++report_.verified;
    return;
  }
  ++report_.wrong_messages;
  if (!report_.wrong) report_.wrong = *wrong;
}

void RdmaService::turn_away() {
  while (auto other = listener_->accept()) other->send(Refusal{"busy with another client"});
}

// False when the session is over.
bool RdmaService::listen_to_client() {
  turn_away();
  const auto message = side_->poll();
  if (!message) {
    if (side_->state() == SideChannel::State::open) return true;
    if (report_.error.empty()) report_.error = side_->problem() + " before it was done";
    return false;
  }
  if (!std::holds_alternative<Done>(*message)) {
    report_.error = "side channel: an unexpected message";
  } else if (!side_->send(result())) {
    report_.error = side_->problem();
  }
  return false;
}

bool RdmaService::watch(std::size_t arrived) {
  const Time now = clock_.now();
  if (arrived > 0) last_heard_ = now;
  report_.interrupted = interrupted(options_->interrupt);
  if (report_.interrupted) {
    report_.error = "interrupted";
  } else if (now - last_heard_ > options_->idle_limit) {
    report_.error = "no packet from the client for " + std::to_string(options_->idle_limit.v / ps_per_second) + " s";
  } else {
    return true;
  }
  return false;
}

std::uint64_t RdmaService::messages() const {
  return offer_.operation == RdmaOperation::read ? queue_pair_.counters().data_received : queue_pair_.delivered_messages();
}

std::uint64_t RdmaService::bytes() const {
  return offer_.operation == RdmaOperation::read ? messages() * offer_.size : queue_pair_.delivered_bytes();
}

Result RdmaService::result() const {
  Result r;
  r.messages = messages();
  r.bytes = bytes();
  r.verified = report_.verified;
  r.wrong_messages = report_.wrong_messages;
  if (report_.wrong) {
    r.wrong_message = report_.wrong->message;
    r.wrong_offset = report_.wrong->offset;
    r.expected = report_.wrong->expected;
    r.found = report_.wrong->found;
  }
  r.packets_dropped = drops_->total() - drops_before_.total();
  r.naks_sent = queue_pair_.counters().naks_sent;
  r.retransmissions = queue_pair_.counters().data_retransmitted;
  return r;
}

RdmaReport RdmaService::run() {
  const PortSnapshot before = snapshot(*port_);
  const Answer answer{memory_.rkey(buffer_), memory_.base(buffer_), own_queue_pair_};
  began_ = last_heard_ = clock_.now();
  bool going_on = side_->send(answer);
  if (!going_on) report_.error = side_->problem();
  std::uint32_t turn = 0;
  // A queue pair that failed goes on telling the client why, until the client leaves.
  while (going_on) {
    const std::size_t arrived = driver_.receive();
    reap();
    const std::size_t given = driver_.transmit();
    const bool quiet = arrived == 0 && given == 0;
    if (quiet) {
      const std::array<int, 2> others{side_->descriptor(), listener_->descriptor()};
      driver_.wait(others, longest_wait);
    }
    if (quiet || ++turn % turns_between_looks == 0) going_on = listen_to_client();
    if (going_on) going_on = watch(arrived);
  }
  report_.operation = offer_.operation;
  report_.own = port_->address();
  report_.peer = side_->peer();
  report_.began = true;
  report_.messages = messages();
  report_.bytes = bytes();
  report_.elapsed = last_heard_ - began_;
  report_.verify = offer_.verify;
  report_.queue_pair = queue_pair_.counters();
  report_.drops = *drops_;
  add_port(report_, before, snapshot(*port_));
  return report_;
}

}  // namespace weft::live
