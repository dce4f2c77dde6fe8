#include "transport/congestion/dcqcn_parameters.hh"

namespace weft::congestion {

namespace {

DcqcnParameters htsim(Rate line) {
  DcqcnParameters p;
  p.additive = line / 20;
  p.hyper = line / 10;
  return p;
}

DcqcnParameters hpcc_default() {
  using namespace literals;
  DcqcnParameters p;
  p.kept = 960;  // g = 1/16
  p.increase_timer = 1500_us;
  p.decrease_interval = 4_us;
  p.byte_counter = 0_B;
  p.additive = 5_Mbps;
  p.hyper = 50_Mbps;
  p.least = 100_Mbps;
  return p;
}

DcqcnParameters hpcc_shipped() {
  using namespace literals;
  DcqcnParameters p;
  p.alpha_timer = 1_us;
  p.increase_timer = 900_us;
  p.decrease_interval = 4_us;
  p.fast_recovery = 1;
  p.additive = 50_Mbps;
  p.hyper = 100_Mbps;
  p.least = 100_Mbps;
  return p;
}

DcqcnParameters mellanox(Rate line) {
  using namespace literals;
  DcqcnParameters p;
  p.kept = 1019;
  p.initial_alpha = alpha_one / 1024 * 1023;
  p.alpha_timer = 1_us;
  p.increase_timer = 300_us;
  p.decrease_interval = 4_us;
  p.byte_counter = Bytes{32767 * 64};
  p.fast_recovery = 1;
  p.additive = 5_Mbps;
  p.hyper = 50_Mbps;
  p.least = 1_Mbps;
  p.first = line * 85 / 100;
  p.keep_target = true;
  return p;
}

}  // namespace

std::optional<DcqcnParameters> dcqcn_parameters(std::string_view set, Rate line) {
  std::optional<DcqcnParameters> p;
  if (set == "paper") p = DcqcnParameters{};
  if (set == "htsim") p = htsim(line);
  if (set == "hpcc-default") p = hpcc_default();
  if (set == "hpcc-shipped") p = hpcc_shipped();
  if (set == "mellanox") p = mellanox(line);
  if (p) p->line = line;
  return p;
}

}  // namespace weft::congestion
