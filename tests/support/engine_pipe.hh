// A virtual-time pipe between two engines, with registered memory on both ends: each packet waits for its port, takes its time
// on the wire, and is lost, duplicated, delayed, marked or trimmed from a seed. Bytes travel with the packets, so that what a
// message moved can be compared byte by byte. Used by the transports' tests alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "base/check.hh"
#include "base/random.hh"
#include "base/wire_clock.hh"
#include "engine/engine.hh"
#include "engine/memory.hh"
#include "transport/congestion/credit_pacer.hh"

namespace weft::test {

class TestMemory final : public Memory {
 public:
  struct Region {
    std::vector<std::uint8_t> bytes;
    std::uint64_t base = 0;
    bool write = true, read = true, atomic = true;
  };
  // Returns the region; its rkey is rkey_of(region).
  BufferId add(std::size_t size, std::uint64_t base) {
    regions.push_back({std::vector<std::uint8_t>(size), base});
    return BufferId{static_cast<std::uint32_t>(regions.size() - 1)};
  }
  static std::uint32_t rkey_of(BufferId region) { return 0x1000 + region.v * 7; }

  std::optional<BufferId> find(std::uint32_t rkey, std::uint64_t address, std::uint64_t length, Access access) noexcept override {
    for (std::uint32_t i = 0; i < regions.size(); ++i) {
      const Region& r = regions[i];
      if (rkey != rkey_of(BufferId{i})) continue;
      const bool granted = access == Access::remote_write ? r.write : access == Access::remote_read ? r.read : r.atomic;
      if (!granted || address < r.base || length > r.bytes.size() || address - r.base > r.bytes.size() - length) return std::nullopt;
      return BufferId{i};
    }
    return std::nullopt;
  }
  std::uint64_t fetch_add(BufferId region, std::uint64_t address, std::uint64_t add) noexcept override {
    const std::uint64_t old = load(region, address);
    store(region, address, old + add);
    return old;
  }
  std::uint64_t compare_swap(BufferId region, std::uint64_t address, std::uint64_t compare, std::uint64_t swap) noexcept override {
    const std::uint64_t old = load(region, address);
    if (old == compare) store(region, address, swap);
    return old;
  }
  std::uint8_t* at(BufferId region, std::uint64_t address, std::size_t length) {
    Region& r = regions.at(region.v);
    CHECK(address >= r.base && address - r.base + length <= r.bytes.size(), "address", address, "length", length);
    return r.bytes.data() + (address - r.base);
  }
  std::uint64_t load(BufferId region, std::uint64_t address) {
    std::uint64_t value = 0;
    std::memcpy(&value, at(region, address, 8), 8);
    return value;
  }
  void store(BufferId region, std::uint64_t address, std::uint64_t value) { std::memcpy(at(region, address, 8), &value, 8); }

  std::vector<Region> regions;
};

struct PipeConfig {
  Rate rate{100'000'000'000};
  Duration delay{1'000'000};
  Bytes overhead{82};  // around a payload on the wire
  Bytes least{84};
  // For each direction, a to b and b to a: chances in 2^-32.
  std::array<std::uint64_t, 2> loss{};
  std::array<std::uint64_t, 2> duplicate{};
  std::array<std::uint64_t, 2> late{};  // delayed by up to `lateness`, behind later packets
  std::array<std::uint64_t, 2> mark{};  // CE
  std::array<std::uint64_t, 2> trim{};  // data with a payload loses it
  Duration lateness{};
  bool bytes = true;
  std::uint64_t seed = 1;
};

constexpr std::uint64_t chance(double p) { return static_cast<std::uint64_t>(p * 4294967296.0); }

// The pacer of one end's receiver credit, for engines that have any.
class CreditDriver {
 public:
  explicit CreditDriver(Rate line) : pacer_(line) { pacer_.reserve(1); }
  template <class E>
  void ask(const E& engine) {
    if constexpr (requires { engine.credit_wish(); }) pacer_.want(0, engine.credit_wish());
  }
  template <class E>
  void serve(E& engine, Time now) {
    if constexpr (requires { engine.credit_wish(); }) {
      while (pacer_.advance(now)) {
        pacer_.granted(now, engine.grant(now));
        ask(engine);
      }
    }
  }
  [[nodiscard]] Time next() const { return pacer_.next_deadline(); }

 private:
  congestion::CreditPacer pacer_;
};

template <class E>
class EnginePipe {
 public:
  using Packet = typename E::Segment;
  struct Host {
    TestMemory memory;
    std::optional<E> engine;
    std::optional<CreditDriver> credit;
    WireClock clock;
    Time port_free{};
    Random random;
    std::uint64_t sent = 0, lost = 0, trimmed = 0;
  };

  template <class Config>
  EnginePipe(const PipeConfig& config, const Config& a, const Config& b) : config_(config) {
    hosts[0].engine.emplace(a, hosts[0].memory);
    hosts[1].engine.emplace(b, hosts[1].memory);
    for (std::uint64_t i = 0; i < 2; ++i) {
      hosts[i].clock = WireClock{config.rate};
      hosts[i].credit.emplace(config.rate);
      hosts[i].random = Random{random_key(config.seed, RandomRoom::test, i)};
    }
  }
  E& a() { return *hosts[0].engine; }
  E& b() { return *hosts[1].engine; }
  PipeConfig& config() { return config_; }

  // Until `done` or `limit`, or until nothing is left to do; false unless `done`.
  bool run(Time limit, const std::function<bool()>& done) {
    while (!done()) {
      serve();
      const Time next = next_event();
      if (next > limit || next >= Time::never()) return false;
      now = std::max(now, next);
      deliver();
      for (Host& h : hosts) {
        if (h.engine->next_deadline() <= now) h.engine->advance(now);
        h.credit->serve(*h.engine, now);
      }
    }
    return true;
  }

  // What a packet is subject to beyond the seed: returns true to lose it.
  std::function<bool(std::size_t from, const Packet&)> drop;

  std::array<Host, 2> hosts;
  Time now{};

 private:
  struct Flight {
    Time arrival{};
    std::uint64_t order = 0;
    std::size_t to = 0;
    Packet packet;
    std::vector<std::uint8_t> bytes;
    bool operator>(const Flight& other) const { return std::pair(arrival, order) > std::pair(other.arrival, other.order); }
  };

  static bool ready(const Host& h, Time t) {
    unsigned lanes = 0;
    for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
      if (h.engine->ready(t, lane)) lanes |= 1U << static_cast<unsigned>(lane);
    }
    CHECK(outlook_of(*h.engine, t).ready == lanes, "lanes", lanes);  // the same question, asked at once
    return lanes != 0;
  }

  void serve() {
    for (std::size_t i = 0; i < 2; ++i) {
      Host& h = hosts[i];
      while (h.port_free <= now && ready(h, now)) {
        for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
          if (!h.engine->ready(now, lane)) continue;
          std::array<Packet, 1> out;
          const std::size_t n = h.engine->transmit(now, lane, out);
          CHECK(n == 1, "ready() promised a segment in lane", static_cast<int>(lane));
          send(i, out[0]);
          break;
        }
      }
    }
  }

  void send(std::size_t from, Packet packet) {
    Host& h = hosts[from];
    const Bytes size{std::max(config_.least.v, packet.payload.length + config_.overhead.v)};
    h.port_free = std::max(h.port_free, now) + h.clock.next(size);
    ++h.sent;
    const bool lost = h.random.chance(config_.loss[from]) || (drop && drop(from, packet));
    if (packet.ecn_capable && h.random.chance(config_.mark[from])) packet.ecn_ce = true;
    if (lost) {
      ++h.lost;
      return;
    }
    const bool trimmable = config_.trim[from] != 0 && packet.payload.length > 0;
    launch(from, packet, trimmable && h.random.chance(config_.trim[from]));
    if (h.random.chance(config_.duplicate[from])) launch(from, packet, false);
  }

  void launch(std::size_t from, const Packet& packet, bool trim) {
    Host& h = hosts[from];
    Flight f;
    f.arrival = h.port_free + config_.delay;
    if (h.random.chance(config_.late[from]))
      f.arrival = f.arrival + Duration{static_cast<std::int64_t>(h.random.below(static_cast<std::uint64_t>(config_.lateness.v) + 1))};
    f.order = ++launched_;
    f.to = 1 - from;
    f.packet = packet;
    if (trim) {
      ++h.trimmed;
      f.packet.trim = h.random.below(4) == 0 ? Trim::trimmed_last_hop : Trim::trimmed;
      f.packet.payload = {};
    } else if (config_.bytes && packet.payload.length > 0) {
      const std::uint8_t* bytes = h.memory.at(packet.payload.region, packet.payload.address, packet.payload.length);
      f.bytes.assign(bytes, bytes + packet.payload.length);
    }
    flights_.push(std::move(f));
  }

  void deliver() {
    while (!flights_.empty() && flights_.top().arrival <= now) {
      Flight f = flights_.top();
      flights_.pop();
      Host& h = hosts[f.to];
      f.packet.placement = {0xdead, BufferId{77}, true};
      h.engine->receive(now, std::span<Packet>{&f.packet, 1});
      h.credit->ask(*h.engine);
      if (!f.packet.placement.keep || f.bytes.empty()) continue;
      std::memcpy(h.memory.at(f.packet.placement.region, f.packet.placement.address, f.bytes.size()), f.bytes.data(), f.bytes.size());
    }
  }

  Time next_event() const {
    Time next = flights_.empty() ? Time::never() : flights_.top().arrival;
    for (const Host& h : hosts) {
      next = std::min({next, h.engine->next_deadline(), std::max(now, h.credit->next())});
      if (h.port_free > now && ready(h, now)) next = std::min(next, h.port_free);
    }
    return next;
  }

  PipeConfig config_;
  std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flights_;
  std::uint64_t launched_ = 0;
};

}  // namespace weft::test
