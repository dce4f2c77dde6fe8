// Driver: runs an engine in real time over a UDP port: the live counterpart of the simulator's hosts. The engine is the very
// same object; the driver owns the clock, the wire and the bytes.
//
// One turn: receive() takes a batch, hands each packet to the engine and copies what it accepts; the user looks at
// completions; transmit() fires timers, then lets the engine fill the port, lane by lane. Packets are handed over one by one
// and copied at once, so that an atomic or a READ sees every WRITE before it. wait() sleeps until the port can do something,
// the engine's next deadline, another descriptor's news, or `longest`.
// So whatever the user does between receive() and transmit() is done before the acknowledgement leaves.
// Nothing is allocated. Source: project design (engine contract).
#pragma once

#include <poll.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <span>

#include "engine/engine.hh"
#include "live/clock.hh"
#include "live/drop_counters.hh"
#include "live/registered_memory.hh"
#include "live/udp_port.hh"

namespace weft::live {

template <class C, class E>
concept DatagramCodec = requires(const C c, const Datagram& datagram, typename E::Segment& segment, wire::ByteView& payload,
                                 wire::ByteRoom room, DropCounters& drops) {
  { c.decode(datagram, segment, payload, drops) }
  noexcept->std::same_as<Verdict>;
  { c.encode(segment, payload, room) }
  noexcept->std::same_as<std::size_t>;
  { c.traffic_class(segment) }
  noexcept->std::same_as<std::uint8_t>;
  { c.peer() }
  noexcept->std::same_as<const SocketAddress&>;
};

template <Engine E, DatagramCodec<E> C>
class Driver {
 public:
  static constexpr std::size_t most_others = 2;

  Driver(E& engine, const C& codec, RegisteredMemory& memory, UdpPort& port, const Clock& clock, DropCounters& drops)
      : engine_(&engine), codec_(&codec), memory_(&memory), port_(&port), clock_(&clock), drops_(&drops) {}

  // How many datagrams were there.
  std::size_t receive() noexcept {
    const std::span<const Datagram> arrived = port_->receive();
    if (arrived.empty()) return 0;
    const Time now = clock_->now();
    for (const Datagram& datagram : arrived) {
      typename E::Segment segment;
      wire::ByteView payload;
      if (codec_->decode(datagram, segment, payload, *drops_) != Verdict::accepted) continue;
      ++accepted_;
      engine_->receive(now, std::span(&segment, 1));
      if (segment.placement.keep) memory_->place(segment.placement, payload);
    }
    return arrived.size();
  }

  // How many packets the engine gave.
  std::size_t transmit() noexcept {
    const Time now = clock_->now();
    engine_->advance(now);
    if (port_->waiting_to_send() && !port_->flush()) return 0;
    std::size_t count = 0;
    for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) count += fill(now, lane);
    port_->flush();
    return count;
  }

  // others: descriptors whose readability also ends the wait.
  void wait(std::span<const int> others, Duration longest) noexcept {
    std::array<pollfd, 1 + most_others> polled{};
    polled[0] = {port_->descriptor(), static_cast<short>(port_->waiting_to_send() ? POLLIN | POLLOUT : POLLIN), 0};
    const std::size_t extra = std::min(others.size(), most_others);
    for (std::size_t i = 0; i < extra; ++i) polled[1 + i] = {others[i], POLLIN, 0};
    const std::int64_t ns = std::clamp<std::int64_t>(until_deadline().v, 0, longest.v) / 1000;
    const timespec patience{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
    ::ppoll(polled.data(), static_cast<nfds_t>(1 + extra), &patience, nullptr);
  }

  // Datagrams that passed every check and were handed to the engine.
  [[nodiscard]] std::uint64_t accepted() const noexcept { return accepted_; }

 private:
  static constexpr std::size_t piece = 16;

  std::size_t fill(Time now, Lane lane) noexcept {
    std::size_t count = 0;
    std::array<typename E::Segment, piece> out;
    while (port_->room()) {
      const std::size_t asked = std::min(piece, port_->room_left());
      const std::size_t given = engine_->transmit(now, lane, std::span(out).first(asked));
      for (std::size_t i = 0; i < given; ++i) send(out[i]);
      count += given;
      if (given < asked) break;
    }
    return count;
  }

  void send(const typename E::Segment& segment) noexcept {
    const std::size_t size = codec_->encode(segment, memory_->view(segment.payload), port_->slot());
    CHECK(size != 0, "payload", segment.payload.length);
    port_->commit(size, codec_->peer(), codec_->traffic_class(segment));
  }

  // Rounded up to the clock's nanoseconds, lest the wait end just before the deadline.
  [[nodiscard]] Duration until_deadline() const noexcept {
    if (!port_->waiting_to_send()) {
      const Time now = clock_->now();
      for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
        if (engine_->ready(now, lane)) return Duration{};
      }
    }
    return engine_->next_deadline() - clock_->now() + Duration{999};
  }

  E* engine_;
  const C* codec_;
  RegisteredMemory* memory_;
  UdpPort* port_;
  const Clock* clock_;
  DropCounters* drops_;
  std::uint64_t accepted_ = 0;
};

}  // namespace weft::live
