// MAC control frames: PAUSE stops a whole link, PFC stops single priorities of it. 64 bytes with the FCS.
//
//   bytes   PAUSE                          PFC
//   0  6    01-80-C2-00-00-01              the same
//   6  6    source address                 the same
//   12 2    0x8808                         the same
//   14 2    opcode 0x0001                  opcode 0x0101
//   16 2    time                           class enable: high byte zero, bit n = priority n
//   18      zeros up to byte 60            time of priority 0, 1, ... 7 (2 each), then zeros from byte 34 up to 60
//   60 4    FCS                            the same
//
// Units: times in quanta of 512 bit times of the link, at most 65535; a time of 0 ends the pause (XON).
// The high byte of the class vector and the padding are ignored when read; a frame for another address is refused.
// Source: IEEE 802.3, annex 31B (PAUSE) and 31D (PFC); IEEE 802.1Q, 36.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "base/units.hh"
#include "wire/cursor.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"

namespace weft::wire {

inline constexpr MacAddress mac_control_address{{0x01, 0x80, 0xc2, 0x00, 0x00, 0x01}};
inline constexpr std::size_t mac_control_frame_size = least_frame_without_fcs + fcs_size;

// From the opcode on.
struct Pause {
  static constexpr std::size_t size = 4;
  static constexpr std::uint16_t opcode = 0x0001;

  std::uint16_t quanta = 0;
  friend bool operator==(const Pause&, const Pause&) = default;

  void encode(Writer& out) const;
  static std::optional<Pause> decode(Reader& in);
};
static_assert(WireHeader<Pause>);

struct Pfc {
  static constexpr std::size_t size = 20;
  static constexpr std::uint16_t opcode = 0x0101;

  std::uint8_t class_enable = 0;  // bit n: quanta[n] has a meaning
  std::array<std::uint16_t, 8> quanta{};
  friend bool operator==(const Pfc&, const Pfc&) = default;

  void encode(Writer& out) const;
  static std::optional<Pfc> decode(Reader& in);
};
static_assert(WireHeader<Pfc>);

using MacControl = std::variant<Pause, Pfc>;

// A whole frame; the number of bytes written (60 or 64), or 0 when `out` is too small.
std::size_t build_mac_control_frame(const MacAddress& source, const MacControl& control, Fcs fcs, ByteRoom out);

enum class MacControlRefusal : std::uint8_t { none, truncated, fcs, not_mac_control, destination, unknown_opcode };
std::string_view name_of(MacControlRefusal refusal);

struct ParsedMacControl {
  MacControlRefusal refusal = MacControlRefusal::none;
  MacAddress source{};
  MacControl control{};
  [[nodiscard]] bool ok() const { return refusal == MacControlRefusal::none; }
};
ParsedMacControl parse_mac_control_frame(ByteView frame, Fcs fcs);

// How long `quanta` last on a link of that rate, rounded down; at most 33 us at 1 Tb/s.
constexpr Duration quanta_time(std::uint16_t quanta, Rate rate) {
  return {static_cast<std::int64_t>(static_cast<__int128>(quanta) * 512 * ps_per_second / rate.v)};
}
// The fewest quanta that last at least `time`; 65535 when none suffice.
constexpr std::uint16_t quanta_for(Duration time, Rate rate) {
  const __int128 quantum_ps = static_cast<__int128>(512) * ps_per_second;
  const __int128 count = (static_cast<__int128>(time.v) * rate.v + quantum_ps - 1) / quantum_ps;
  return static_cast<std::uint16_t>(count < 65535 ? count : 65535);
}

}  // namespace weft::wire
