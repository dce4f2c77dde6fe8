// Drives one queue pair by a string of bytes: posts, arbitrary segments (their PSNs mostly near what the engine expects), time
// that moves on, transmissions, polls. Whatever comes, the engine must not crash, and these hold:
//  - bytes are placed only inside memory that was granted or posted
//  - ready() tells the truth about transmit(); what is sent lies inside what was posted
//  - packets in flight stay within the window; after advance(now) no timer is due
//  - work completes in the order of posting, each piece once, and all of it by the time a failed connection is renewed
// Used by the fuzzer and, with random bytes, by a property test.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/check.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::fuzz {

class ByteSource {
 public:
  explicit ByteSource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) return 0;
    const std::uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  std::uint32_t word() {
    return static_cast<std::uint32_t>(byte() | byte() << 8 | byte() << 16) | static_cast<std::uint32_t>(byte()) << 24;
  }

 private:
  std::span<const std::uint8_t> bytes_;
};

class GrantedMemory final : public Memory {
 public:
  static constexpr std::uint64_t base = 0x1000, size = 1 << 16;
  static constexpr std::uint32_t rkey = 7;
  std::optional<BufferId> find(std::uint32_t key, std::uint64_t address, std::uint64_t length, Access) noexcept override {
    if (key != rkey || address < base || length > size || address - base > size - length) return std::nullopt;
    return BufferId{1};
  }
  std::uint64_t fetch_add(BufferId, std::uint64_t address, std::uint64_t add) noexcept override { return check(address), value_ += add; }
  std::uint64_t compare_swap(BufferId, std::uint64_t address, std::uint64_t, std::uint64_t swap) noexcept override {
    return check(address), value_ = swap;
  }

 private:
  static void check(std::uint64_t address) {
    CHECK(address >= base && address + 8 <= base + size && address % 8 == 0, "atomic at", address);
  }
  std::uint64_t value_ = 0;
};

class EngineDriver {
 public:
  explicit EngineDriver(ByteSource in) : in_(in), config_(configure()), qp_(config_, memory_) {}

  void run() {
    while (!in_.empty()) step();
  }

 private:
  using Segment = roce::QueuePair::Segment;
  static constexpr std::uint32_t own = 5, peer = 6;
  static constexpr std::uint64_t posted_base = 0x100'0000, posted_size = 1 << 20;

  roce::QueuePairConfig configure() {
    const std::uint8_t choice = in_.byte();
    roce::QueuePairConfig c;
    c.own_qp = own;
    c.dest_qp = peer;
    c.mtu = 256U << (choice % 5);
    c.recovery = (choice & 0x80) != 0 ? roce::Recovery::selective : roce::Recovery::go_back_n;
    c.window = (choice & 0x40) != 0 ? 5 : 0;
    c.ack_every = 1 + (choice >> 4) % 4;
    c.send_psn = 0xfffff0;
    c.expected_psn = 0xfffff8;
    c.timeout_exponent = 4;
    c.responder_resources = c.initiator_depth = choice % 4;
    c.send_depth = 4;
    c.receive_depth = 3;
    if ((choice & 0x20) != 0) c.congestion = *congestion::make_congestion("dcqcn", "", c.line_rate);
    return c;
  }

  void step() {
    const std::uint8_t what = in_.byte();
    if (qp_.failed() && what < 0x20) return renew();
    if (what < 0x30) return post(what);
    if (what < 0xb0) return receive();
    if (what < 0xc8) return pass_time();
    if (what < 0xf0) return transmit(static_cast<Lane>(what % 3));
    poll();
  }

  void renew() {
    poll();
    CHECK(completed_ == next_id_, "completed", completed_, "posted", next_id_);
    qp_.reset(config_);
    next_id_ = completed_ = 0;
  }

  void post(std::uint8_t what) {
    roce::WorkRequest r;
    r.length = Bytes{in_.word() % (64 * 1024)};
    r.region = BufferId{2};
    r.address = posted_base;
    r.remote_address = GrantedMemory::base;
    r.rkey = GrantedMemory::rkey;
    r.id = next_id_;
    const roce::AtomicRequest a{next_id_, GrantedMemory::base, GrantedMemory::rkey, 1, 2};
    bool taken = false;
    switch (what % 8) {
      case 0: taken = qp_.post_write(r); break;
      case 1: taken = qp_.post_write_immediate(r); break;
      case 2: taken = qp_.post_read(r); break;
      case 3: taken = qp_.post_send(r); break;
      case 4: taken = qp_.post_send_immediate(r); break;
      case 5: taken = qp_.post_compare_swap(a); break;
      case 6: taken = qp_.post_fetch_add(a); break;
      default: static_cast<void>(qp_.post_receive({0, r.length, BufferId{2}, posted_base}));
    }
    if (taken) ++next_id_;
  }

  void receive() {
    constexpr std::array<std::uint8_t, 26> opcodes{0,  1,  2,  3,  4,  5,  6,  7,  8,    9,    10, 11, 12,
                                                   13, 14, 15, 16, 17, 18, 19, 20, 0x1d, 0x81, 17, 17, 0x1d};
    Segment s;
    const std::uint8_t choice = in_.byte();
    const std::uint8_t detail = in_.byte();
    s.header.opcode = static_cast<wire::RoceOpcode>(detail < 250 ? opcodes[choice % opcodes.size()] : choice);
    s.header.dest_qp = detail == 255 ? 1 : own;
    const std::uint32_t reference = (detail & 1) != 0 ? qp_.expected_psn() : qp_.oldest_unacknowledged_psn();
    s.header.psn = (detail & 6) == 6 ? in_.word() & roce::psn_mask
                                     : (reference + static_cast<std::uint32_t>(static_cast<std::int8_t>(in_.byte()) / 16)) & roce::psn_mask;
    s.header.ack_request = (choice & 0x80) != 0;
    s.header.solicited = (detail & 8) != 0;
    const std::uint8_t syndrome = in_.byte();
    s.header.syndrome = syndrome < 200 ? roce::syndrome_acknowledge : static_cast<std::uint8_t>(syndrome << 1);
    s.header.rkey = (detail & 16) != 0 ? GrantedMemory::rkey : in_.byte();
    s.header.dma_length = (detail & 32) != 0 ? in_.word() : in_.word() % (32 * 1024);
    s.header.address = GrantedMemory::base + 8U * in_.byte();
    s.header.immediate = (s.header.psn + in_.byte()) & roce::psn_mask;
    s.header.swap_add = in_.word();
    s.payload.length = (detail & 64) != 0 ? config_.mtu : in_.word() % 5000;
    if (s.header.opcode == wire::RoceOpcode::write_only && (detail & 32) == 0) s.header.dma_length = s.payload.length;
    s.ecn_ce = (detail & 128) != 0;
    s.placement = {0xbad, BufferId{99}, true};
    qp_.receive(now_, std::span{&s, 1});
    check_placement(s);
  }

  void check_placement(const Segment& s) const {
    if (!s.placement.keep) return;
    const bool granted = s.placement.region == BufferId{1};
    const std::uint64_t base = granted ? GrantedMemory::base : posted_base;
    const std::uint64_t size = granted ? GrantedMemory::size : posted_size;
    CHECK(granted || s.placement.region == BufferId{2}, "region", s.placement.region.v);
    CHECK(s.placement.address >= base && s.placement.address + s.payload.length <= base + size, "placed at", s.placement.address, "length",
          s.payload.length);
  }

  void pass_time() {
    now_ = now_ + Duration{static_cast<std::int64_t>(in_.word() % 200'000'000)};
    qp_.advance(now_);
    CHECK(qp_.next_deadline() > now_, "a deadline is left at", qp_.next_deadline().ps, "now", now_.ps);
  }

  void transmit(Lane lane) {
    std::array<Segment, 3> out;
    const bool ready = qp_.ready(now_, lane);
    const std::size_t n = qp_.transmit(now_, lane, out);
    CHECK(ready == (n > 0), "ready", ready, "sent", n);
    for (std::size_t i = 0; i < n; ++i) {
      const Payload& p = out[i].payload;
      CHECK(out[i].header.dest_qp == peer && out[i].header.psn <= roce::psn_mask, "psn", out[i].header.psn);
      CHECK(p.length <= config_.mtu, "length", p.length);
      if (p.length == 0) continue;
      const bool granted = p.region == BufferId{1};
      const std::uint64_t base = granted ? GrantedMemory::base : posted_base;
      CHECK(p.address >= base && p.address + p.length <= base + (granted ? GrantedMemory::size : posted_size), "sent from", p.address);
    }
    CHECK(config_.window == 0 || qp_.packets_in_flight() <= config_.window || reads_may_exceed(), "in flight", qp_.packets_in_flight());
  }

  // A READ is one packet on its way out, but claims the PSNs of all its responses.
  [[nodiscard]] bool reads_may_exceed() const { return config_.initiator_depth > 0; }

  void poll() {
    roce::Completion c;
    while (qp_.poll(c)) {
      if (c.is_receive) continue;
      CHECK(c.id == completed_ && c.id < next_id_, "completion", c.id, "expected", completed_);
      ++completed_;
    }
  }

  ByteSource in_;
  GrantedMemory memory_;
  roce::QueuePairConfig config_;
  roce::QueuePair qp_;
  Time now_{1'000'000};
  std::uint64_t next_id_ = 0;
  std::uint64_t completed_ = 0;
};

}  // namespace weft::fuzz
