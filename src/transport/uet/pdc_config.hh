// PdcConfig: what both ends of a packet delivery context agree on, and each end's own limits.
//
// mtu is the payload of a full packet, 1 to 8192 bytes. psn_range (MP_RANGE) = packets in flight at most, up to 16384, so that
// every PSN offset of a header fits its 16 bits; psn_usual = those of them for which there is room from the start. ack_bytes = payload
// and overhead received without an ACK at most.
// A target without `peer_pdcid` learns its peer and the start PSN from the first packet with SYN; with it, the context stands
// from the start (live: kept by a table; simulator: an end that has received all and only answers duplicates).
// least_rto: a packet without word after it is lost; it doubles with each silent period, 64 times at most, and the context ends
// with one silent period more than retry_count. While nothing is out there, because what is lost waits for the host's port or for
// credit, nobody can be silent: then it ends when there has been no word for as many of the longest periods. What was never sent
// has no clock: where a port goes down before a message's first packet, that waits for the port.
// Credit needs headers that carry it: RUD and ROD. Whether RUDI and UUD are counted by a window is nobody's but the sender's.
// Sources: UE 1.0 PDS (defaults: MP_RANGE 128); timers and counts are implementation-defined there: project profile.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "transport/congestion/nscc_parameters.hh"
#include "transport/congestion/rccc.hh"
#include "transport/congestion/sleek.hh"
#include "transport/multipath/any_path_policy.hh"

namespace weft::uet {

enum class Mode : std::uint8_t { rud, rod, rudi, uud };
enum class Congestion : std::uint8_t { none, nscc, rccc, nscc_rccc };
enum class Recovery : std::uint8_t { rto, sleek };

struct PdcConfig {
  Mode mode = Mode::rud;
  bool initiator = true;
  std::uint16_t pdcid = 1;       // own; 0 is reserved
  std::uint16_t peer_pdcid = 0;  // 0: not known yet
  std::uint32_t start_psn = 0;   // of both directions; a target that waits for SYN need not know it
  std::uint64_t received = 0;    // packets that this end has had already
  std::uint32_t mtu = 4096;
  std::uint32_t psn_range = 128;
  std::uint32_t psn_usual = 128;
  std::uint32_t send_depth = 16;     // messages posted and not yet polled
  std::uint32_t receive_depth = 16;  // receives posted and not yet polled
  std::uint32_t messages = 16;       // messages being received at once, a power of two; 0 takes none
  std::uint32_t read_depth = 16;     // READs of the peer being answered at once
  Bytes ack_bytes{16384};
  Bytes packet_overhead{64};  // counted with each payload by windows, credits and ack_bytes
  Duration least_rto{100'000'000};
  std::uint32_t retry_count = 8;      // silent periods
  std::uint32_t refusal_count = 200;  // NACKs in a row for want of a resource
  bool secure_start = false;          // target: the first SYN is answered by NACK NEW_START_PSN (1-RTT)
  std::uint32_t secure_psn = 0;       // the start PSN it asks for
  Rate line_rate{100'000'000'000};
  Congestion congestion = Congestion::none;
  Recovery recovery = Recovery::rto;
  // Of the laws in use; not owned, they outlive the context.
  const congestion::NsccParameters* nscc = nullptr;
  const congestion::RcccParameters* rccc = nullptr;
  const congestion::SleekParameters* sleek = nullptr;  // needs NSCC
  multipath::PathPolicyKind path_policy = multipath::PathPolicyKind::oblivious;
  multipath::PathPolicyConfig paths{.paths = 1};  // ROD: one of them at a time, another after a timeout

  [[nodiscard]] bool has_window() const { return congestion == Congestion::nscc || congestion == Congestion::nscc_rccc; }
  [[nodiscard]] bool has_credit() const { return congestion == Congestion::rccc || congestion == Congestion::nscc_rccc; }
};

}  // namespace weft::uet
