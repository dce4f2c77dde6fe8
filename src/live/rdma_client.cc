#include "live/rdma_client.hh"

#include <algorithm>

#include "base/check.hh"
#include "base/error.hh"
#include "live/route.hh"

namespace weft::live {

namespace {

constexpr Duration longest_wait{100'000'000'000};  // 0.1 s

void require_memory(const RdmaClientOptions& options) {
  if (options.size.v <= registered_limit.v / options.depth) return;
  throw InputError("--size and --depth", "need more than " + std::to_string(registered_limit.v) + " bytes of registered memory",
                   "size times depth is at most 2 GiB");
}

}  // namespace

RdmaClient::RdmaClient(const RdmaClientOptions& options)
    : options_(options), own_(choose_address(options)), port_(own_, options.faults), memory_(unpredictable()) {
  require_memory(options_);
  if (!options_.capture.empty()) port_.capture_into(&capture_.emplace(options_.capture));
  side_ = SideChannel::connect(options_.to, own_, options_.patience);
  buffer_ = memory_.add(options_.size * options_.depth, {});
  offer_ = {.operation = options_.operation,
            .verify = options_.verify,
            .selective = options_.selective,
            .mtu = options_.mtu,
            .depth = options_.depth,
            .ack_every = options_.ack_every,
            .timeout_exponent = options_.timeout_exponent,
            .size = static_cast<std::uint64_t>(options_.size.v),
            .count = options_.count,
            .seed = options_.seed,
            .queue_pair = make_queue_pair_offer(port_, options_.mtu)};
  start(shake_hands());
}

Address RdmaClient::choose_address(const RdmaClientOptions& options) {
  const Route route = find_route(options.to, options.bind);
  require_mtu(route, options.to, options.mtu);
  Address own = route.source;
  // Both ends need port 4791, so on one machine they need two addresses; of 127.0.0.0/8 there are plenty.
  if (!options.bind && own == options.to && own.loopback() && !own.v6) own.octets[3] = own.octets[3] == 2 ? 3 : 2;
  if (own != options.to) return own;
  throw InputError("--to " + options.to.text(), "this end needs an address of its own, for both use port 4791",
                   "--bind another address of this machine");
}

Answer RdmaClient::shake_hands() {
  const std::string server = "server " + options_.to.text();
  std::optional<Message> reply;
  if (side_.send(offer_)) reply = side_.wait(options_.patience);
  if (!reply) throw InputError(server, side_.problem());
  if (const auto* refusal = std::get_if<Refusal>(&*reply)) throw InputError(server, "refused: " + refusal->reason);
  const auto* answer = std::get_if<Answer>(&*reply);
  if (answer == nullptr) throw InputError(server, "side channel: an unexpected message");
  return *answer;
}

void RdmaClient::start(const Answer& answer) {
  answer_ = answer;
  roce::QueuePairConfig config = queue_pair_config(offer_, offer_.queue_pair, answer.queue_pair);
  config.retry_count = options_.retry_count;
  codec_.emplace(own_, options_.to, offer_.queue_pair.qp, options_.classes);
  clock_ = Clock();
  queue_pair_.emplace(config, memory_);
  driver_.emplace(*queue_pair_, *codec_, memory_, port_, clock_, drops_);
}

std::span<std::byte> RdmaClient::slot(std::uint64_t message) {
  const auto size = static_cast<std::size_t>(options_.size.v);
  return memory_.bytes(buffer_).subspan((message % options_.depth) * size, size);
}

bool RdmaClient::post(std::uint64_t message) {
  const std::uint64_t offset = (message % options_.depth) * offer_.size;
  roce::WorkRequest work;
  work.id = message;
  work.length = options_.size;
  work.region = buffer_;
  work.address = memory_.base(buffer_) + offset;
  work.remote_address = answer_.address + offset;
  work.rkey = answer_.rkey;
  work.immediate = static_cast<std::uint32_t>(message);
  if (options_.operation == RdmaOperation::read) return queue_pair_->post_read(work);
  if (options_.verify) fill_pattern(slot(message), options_.seed, message);
  if (options_.operation == RdmaOperation::send) return queue_pair_->post_send(work);
  return options_.verify ? queue_pair_->post_write_immediate(work) : queue_pair_->post_write(work);
}

void RdmaClient::post_more() {
  if (posted_ == 0) first_post_ = last_heard_ = clock_.now();
  while (posted_ < options_.count && posted_ - done_ < options_.depth && !queue_pair_->failed()) {
    CHECK(post(posted_), "message", posted_);
    ++posted_;
  }
}

void RdmaClient::reap() {
  roce::Completion completion;
  while (queue_pair_->poll(completion)) completed(completion);
}

void RdmaClient::completed(const roce::Completion& completion) {
  if (completion.status != roce::Status::success) {
    // What failed comes first; the work behind it is flushed.
    if (report_.error.empty()) report_.error = roce::status_text(completion.status);
    return;
  }
  ++done_;
  last_completion_ = clock_.now();
  report_.bytes += static_cast<std::uint64_t>(completion.bytes.v);
  if (!options_.verify || options_.operation != RdmaOperation::read) return;
  const auto bytes = slot(completion.id);
  if (const auto wrong = find_wrong_byte(bytes, options_.seed, completion.id % options_.depth)) {
    ++report_.wrong_messages;
    if (!report_.wrong) report_.wrong = WrongByte{completion.id, wrong->offset, wrong->expected, wrong->found};
  } else {
    ++report_.verified;
  }
  // The next READ of this slot brings the same bytes: spoil every one of them first.
  for (std::byte& b : bytes) b = ~b;
}

// The transport's own timeout ends the run when the peer has died; with --timeout-exponent 0 it has none.
void RdmaClient::watch(std::size_t arrived) {
  const Time now = clock_.now();
  if (arrived > 0) last_heard_ = now;
  if (interrupted(options_.interrupt)) {
    report_.interrupted = true;
    report_.error = "interrupted";
  }
  if (now - last_heard_ > options_.idle_limit) {
    report_.error = "no packet from the peer for " + std::to_string(options_.idle_limit.v / ps_per_second) + " s";
  }
}

RdmaReport RdmaClient::run() {
  const PortSnapshot before = snapshot(port_);
  while (done_ < options_.count && report_.error.empty()) {
    post_more();
    const std::size_t arrived = driver_->receive();
    reap();
    post_more();
    const std::size_t given = driver_->transmit();
    reap();
    if (arrived == 0 && given == 0 && done_ < options_.count) {
      driver_->wait({}, longest_wait);
      watch(0);
    } else if (arrived > 0) {
      watch(arrived);
    }
  }
  add_port(report_, before, snapshot(port_));
  finish();
  return report_;
}

void RdmaClient::finish() {
  report_.operation = options_.operation;
  report_.own = own_;
  report_.peer = options_.to;
  report_.began = true;
  report_.messages = done_;
  report_.elapsed = done_ == 0 ? Duration{} : last_completion_ - first_post_;
  report_.verify = options_.verify;
  report_.queue_pair = queue_pair_->counters();
  report_.drops = drops_;
  if (report_.error.empty()) {
    std::optional<Message> reply;
    if (side_.send(Done{done_})) reply = side_.wait(options_.patience);
    const Result* const result = reply ? std::get_if<Result>(&*reply) : nullptr;
    if (result == nullptr) {
      report_.error = reply ? "side channel: an unexpected message" : side_.problem();
    } else if (options_.verify && options_.operation != RdmaOperation::read) {
      report_.verified = result->verified;
      report_.wrong_messages = result->wrong_messages;
      if (result->wrong_messages > 0)
        report_.wrong = WrongByte{result->wrong_message, result->wrong_offset, result->expected, result->found};
    }
    if (report_.error.empty() && result->messages != done_) {
      report_.error = "the server saw " + std::to_string(result->messages) + " messages, not " + std::to_string(done_);
    }
  }
  if (capture_) {
    port_.capture_into(nullptr);
    capture_->close();
  }
}

}  // namespace weft::live
