#include "transport/congestion/rccc.hh"

#include "base/check.hh"

namespace weft::congestion {

RcccParameters make_rccc_parameters(const RcccSettings& s) {
  CHECK(s.line.v > 0 && s.base_rtt.v > 0, "line", s.line.v, "base_rtt", s.base_rtt.v);
  CHECK(s.payload.v > 0 && s.packet >= s.payload && s.packet.v <= 65'536, "payload", s.payload.v, "packet", s.packet.v);
  const auto bdp = static_cast<std::int64_t>(static_cast<__int128>(s.line.v) * s.base_rtt.v / (8 * static_cast<__int128>(ps_per_second)));
  RcccParameters p{};
  p.packet = s.packet;
  p.most = std::clamp(Bytes{bdp * 3 / 2}, s.packet, most_credit);
  p.quantum = credit_bytes(std::max<std::int64_t>(1, credit_units_rounded_down(s.payload * 4)));
  p.spare = s.spare_credit ? credit_bytes(credit_units_rounded_down(p.most)) : Bytes{};
  return p;
}

}  // namespace weft::congestion
