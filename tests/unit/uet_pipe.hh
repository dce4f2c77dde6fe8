// The pipe of support/engine_pipe.hh between two packet delivery contexts, and configurations that fit together.
#pragma once

#include <utility>

#include "support/engine_pipe.hh"
#include "transport/uet/pdc.hh"

namespace weft::uet::test {

using weft::test::chance;
using weft::test::PipeConfig;
using weft::test::TestMemory;
using Pipe = weft::test::EnginePipe<Pdc>;

// The laws' parameters of a pipe; they outlive its engines.
struct Laws {
  congestion::NsccParameters nscc;
  congestion::RcccParameters rccc;
  congestion::SleekParameters sleek;

  explicit Laws(Duration base_rtt, std::uint32_t mtu = 4096, bool trimming = true, bool credit = false) {
    const Bytes payload{mtu}, packet{std::int64_t{mtu} + 64};
    nscc = congestion::make_nscc_parameters({.line = Rate{100'000'000'000},
                                             .base_rtt = base_rtt,
                                             .packet = packet,
                                             .payload = payload,
                                             .trimming = trimming,
                                             .receiver_credit = credit});
    rccc = congestion::make_rccc_parameters({.line = Rate{100'000'000'000}, .base_rtt = base_rtt, .packet = packet, .payload = payload});
    sleek.payload = payload;
    sleek.target = nscc.target;
  }
  void use(PdcConfig& config) const {
    config.nscc = &nscc;
    config.rccc = &rccc;
    config.sleek = &sleek;
  }
};

// Two configurations of one context: the first is the initiator.
struct Ends {
  PdcConfig a, b;
};
inline Ends connect(PdcConfig common, std::uint32_t start_psn = 0) {
  common.start_psn = start_psn;
  Ends ends{common, common};
  ends.a.initiator = true;
  ends.a.pdcid = 0x11;
  ends.b.initiator = false;
  ends.b.pdcid = 0x22;
  return ends;
}

// An engine that is handed packets one by one, and what it answers.
struct Bench {
  explicit Bench(const PdcConfig& config) : pdc(config, memory) {}

  UetSegment receive(UetSegment segment, Time now = Time{}) {
    pdc.receive(now, {&segment, 1});
    return segment;
  }
  // Everything that this lane has to say now.
  std::vector<UetSegment> take(Lane lane, Time now = Time{}) {
    std::vector<UetSegment> all(256);
    all.resize(pdc.transmit(now, lane, all));
    return all;
  }

  TestMemory memory;
  Pdc pdc;
};

}  // namespace weft::uet::test
