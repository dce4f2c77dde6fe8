// The 64 bits of congestion state in ACK_CC (ack_cc_state), for a window and for a credit law. 8 bytes.
//
//   NSCC, congestion type 0:
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------------------------------+-+-------------+---------------+
//   |         service time          |R| window pend |   received    |
//   +-------------------------------+-+-------------+---------------+
//   |    received bytes (cont.)     |      out-of-order count       |
//   +-------------------------------+-------------------------------+
//
//   credit, congestion type 1:
//   +-----------------------------------------------+---------------+
//   |                    credit                     |   reserved    |
//   +-------------------------------+---------------+---------------+
//   |           reserved            |      out-of-order count       |
//   +-------------------------------+-------------------------------+
//   R restore the window.
//
// Units: service time in 128 ns; window pend in 1/128 of the window (7 bits); received bytes in 256 bytes, rounded up, modulo
// 2^24 units; credit in the law's credit units, modulo 2^24; the out-of-order count in packets.
// Source: UE 1.0, 3.6.9, as public dissectors lay it out; the units of the first three as public notes on the text give them.
// The type code of credit is 1 in every source.
#pragma once

#include <cstdint>

#include "base/check.hh"

namespace weft::wire {

inline constexpr std::uint8_t uet_congestion_window = 0, uet_congestion_credit = 1;

struct NsccState {
  std::uint16_t service_time = 0;
  bool restore_window = false;
  std::uint8_t window_pend = 0;      // 7 bits
  std::uint32_t received_units = 0;  // 24 bits
  std::uint16_t out_of_order = 0;
  friend bool operator==(const NsccState&, const NsccState&) = default;

  [[nodiscard]] constexpr std::uint64_t pack() const {
    CHECK(window_pend < 128 && received_units <= 0xffffff, "window_pend", int{window_pend}, "received_units", received_units);
    return std::uint64_t{service_time} << 48 | std::uint64_t{restore_window} << 47 | std::uint64_t{window_pend} << 40 |
           std::uint64_t{received_units} << 16 | out_of_order;
  }
  static constexpr NsccState unpack(std::uint64_t state) {
    NsccState s;
    s.service_time = static_cast<std::uint16_t>(state >> 48);
    s.restore_window = (state >> 47 & 1) != 0;
    s.window_pend = static_cast<std::uint8_t>(state >> 40 & 0x7f);
    s.received_units = static_cast<std::uint32_t>(state >> 16 & 0xffffff);
    s.out_of_order = static_cast<std::uint16_t>(state);
    return s;
  }
};

struct CreditState {
  std::uint32_t credit = 0;  // 24 bits
  std::uint16_t out_of_order = 0;
  friend bool operator==(const CreditState&, const CreditState&) = default;

  [[nodiscard]] constexpr std::uint64_t pack() const {
    CHECK(credit <= 0xffffff, "credit", credit);
    return std::uint64_t{credit} << 40 | out_of_order;
  }
  static constexpr CreditState unpack(std::uint64_t state) {
    return {static_cast<std::uint32_t>(state >> 40), static_cast<std::uint16_t>(state)};
  }
};

}  // namespace weft::wire
