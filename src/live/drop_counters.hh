// Why datagrams that reached the port never reached an engine. Each reason has a name and a number.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "wire/roce_packet.hh"

namespace weft::live {

// The reasons of wire::RoceRefusal, and those that only a driver knows.
enum class Verdict : std::uint8_t { accepted, malformed, pkey, unknown_qp, wrong_peer };

struct DropCounters {
  static constexpr std::size_t refusals = static_cast<std::size_t>(wire::RoceRefusal::icrc) + 1;

  std::array<std::uint64_t, refusals> malformed{};  // by wire::RoceRefusal
  std::uint64_t pkey = 0;                           // another partition
  std::uint64_t unknown_qp = 0;                     // no such queue pair here (any more)
  std::uint64_t wrong_peer = 0;                     // our queue pair, but not from its peer's address

  [[nodiscard]] std::uint64_t of(wire::RoceRefusal refusal) const { return malformed[static_cast<std::size_t>(refusal)]; }
  [[nodiscard]] std::uint64_t total() const {
    std::uint64_t sum = pkey + unknown_qp + wrong_peer;
    for (const std::uint64_t n : malformed) sum += n;
    return sum;
  }
  // use(name, count)
  template <class Use>
  void for_each(Use use) const {
    for (std::size_t i = 1; i < refusals; ++i) use(wire::name_of(static_cast<wire::RoceRefusal>(i)), malformed[i]);
    use(std::string_view("pkey"), pkey);
    use(std::string_view("unknown_qp"), unknown_qp);
    use(std::string_view("wrong_peer"), wrong_peer);
  }
};

}  // namespace weft::live
