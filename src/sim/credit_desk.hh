// CreditDesk: the credit pacers of one host's ports (transport/congestion/credit_pacer.hh) and which engine stands where. Hosts
// whose transport knows no receiver credit have a NoCreditDesk, which costs nothing.
//
// A number stands for an engine while it lives; numbers are used again, the last one returned first, so they depend on this
// host's own history alone. Bound: as many numbers as engines are alive at once at this host.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "transport/congestion/credit_pacer.hh"

namespace weft {

struct NoCreditDesk {};

class CreditDesk {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  void add_port(Rate line) { ports_.push_back({congestion::CreditPacer(line), Time::never()}); }
  [[nodiscard]] std::size_t ports() const { return ports_.size(); }

  // A number for the engine of `end` (in FlowTable).
  std::uint32_t enter(std::uint32_t end) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(ends_.size()));
      ends_.push_back(0);
      free_.reserve(ends_.capacity());
      for (Port& port : ports_) port.pacer.reserve(static_cast<std::uint32_t>(ends_.capacity()));
    }
    const std::uint32_t number = free_.back();
    free_.pop_back();
    ends_[number] = end;
    return number;
  }
  void leave(std::uint32_t number) {
    for (Port& port : ports_) port.pacer.forget(number);
    free_.push_back(number);
  }
  void want(std::size_t port, std::uint32_t number, congestion::CreditWish wish) { ports_[port].pacer.want(number, wish); }
  void granted(std::size_t port, Time now, Bytes credit) { ports_[port].pacer.granted(now, credit); }
  // The end whose turn it is at that port.
  [[nodiscard]] std::optional<std::uint32_t> next(std::size_t port, Time now) {
    const auto number = ports_[port].pacer.advance(now);
    return number ? std::optional(ends_[*number]) : std::nullopt;
  }

  // When to wake the port, if no earlier wake-up stands: the caller then arms an event for it.
  [[nodiscard]] std::optional<Time> to_arm(std::size_t port, Time now) {
    const Time due = std::max(now, ports_[port].pacer.next_deadline());
    if (due >= ports_[port].armed) return std::nullopt;
    ports_[port].armed = due;
    return due;
  }
  // False for an event that an earlier one has overtaken.
  [[nodiscard]] bool wakes(std::size_t port, Time now) {
    if (ports_[port].armed != now) return false;
    ports_[port].armed = Time::never();
    return true;
  }

 private:
  struct Port {
    congestion::CreditPacer pacer;
    Time armed = Time::never();
  };
  std::vector<Port> ports_;
  std::vector<std::uint32_t> ends_;  // by number
  std::vector<std::uint32_t> free_;
};

}  // namespace weft
