// QueuePairConfig: what both ends of a reliable connection agree on, and each end's own limits.
//
// mtu is the payload of a full packet, 256 to 4096 bytes. timeout = 4.096 us * 2^timeout_exponent, 0 = off. rnr_retry 7 =
// for ever. window = packets in flight at most; 0 = half the PSN space, or 16384 with selective, which keeps half a byte for
// each; both ends must then have the same.
// Source: IBTA 1.4 chapters 9 and 11 (QP attributes). Recovery::selective is a project profile (selective_sender.hh).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "transport/congestion/any_congestion.hh"
#include "transport/roce/psn.hh"

namespace weft::roce {

enum class Recovery : std::uint8_t { go_back_n, selective };

struct QueuePairConfig {
  std::uint32_t own_qp = 0;
  std::uint32_t dest_qp = 0;
  std::uint32_t send_psn = 0;      // first PSN of our requests
  std::uint32_t expected_psn = 0;  // first PSN of the peer's requests
  std::uint32_t mtu = 4096;
  std::uint32_t ack_every = 4;
  std::uint32_t window = 0;
  std::uint32_t send_depth = 16;
  std::uint32_t receive_depth = 16;
  std::uint32_t initiator_depth = 16;      // READs and atomics we have outstanding at most (ORD)
  std::uint32_t responder_resources = 16;  // READs and atomics of the peer that we remember (IRD); 0 refuses them
  std::uint8_t timeout_exponent = 14;
  std::uint8_t retry_count = 7;
  std::uint8_t rnr_retry = 7;
  std::uint8_t rnr_timer_code = 12;  // 0.64 ms
  Recovery recovery = Recovery::go_back_n;
  std::uint32_t reordering = 0;  // selective: packets that may overtake one another without a loss
  Duration cnp_interval{50'000'000};
  Bytes packet_overhead{82};        // bytes on the wire around a payload, for pacing
  Rate line_rate{100'000'000'000};  // at this rate nothing is paced
  congestion::AnyCongestion congestion{};

  [[nodiscard]] std::uint32_t packets_in_flight() const {
    constexpr std::uint32_t selective_default = 16384;
    if (recovery == Recovery::selective && window == 0) return selective_default;
    return window == 0 ? psn_window : std::min(window, psn_window);
  }
};

}  // namespace weft::roce
