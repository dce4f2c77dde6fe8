// Small scenarios with bit errors and link layers drawn from a seed, over those of RoCE and of Ultra Ethernet in turn.
#pragma once

#include <algorithm>

#include "support/random_uet_scenario.hh"

namespace weft::test {

inline void random_llr(Random& random, Scenario& s) {
  LlrParameters& llr = s.fabric.llr;
  llr.enabled = random.below(4) != 0;
  llr.replay_count = static_cast<std::uint32_t>(random.below(4));
  llr.init_action = static_cast<LlrFrameAction>(random.below(3));
  llr.flush_action = static_cast<LlrFrameAction>(random.below(3));
  llr.re_init_on_flush = llr.flush_action != LlrFrameAction::best_effort || random.below(2) == 0;
  llr.spacing = {pick(random, {400, 2'048, 17'296})};
  if (random.below(3) == 0) llr.outstanding_bytes = Bytes{pick(random, {20'000, 40'000})};
  if (random.below(4) == 0) llr.outstanding_frames = static_cast<std::uint32_t>(draw(random, 2, 12));
}

inline void random_cbfc(Random& random, Scenario& s) {
  if (random.below(3) == 0) return;
  s.fabric.lossless = Lossless::cbfc;
  s.fabric.pfc = {};
  s.fabric.uet.trimming = false;
  s.fabric.queue.reset();
  if (s.fabric.transport == "uet" && s.fabric.uet.delivery == Delivery::rud) s.fabric.recovery = Recovery::rto;
  s.fabric.buffer = {2'000'000'000};
  CbfcParameters& cbfc = s.fabric.cbfc;
  if (random.below(2) == 0) cbfc.credits = Bytes{pick(random, {9'000, 40'000, 200'000})};
  cbfc.credit_size = {pick(random, {64, 128, 512})};
  cbfc.spacing = {pick(random, {800, 6'400})};
  cbfc.most_spacing = {pick(random, {16'384, 262'144})};
  cbfc.update_timer = {pick(random, {5'000'000, 30'000'000})};
}

inline Scenario random_layered_scenario(std::uint64_t seed) {
  Scenario s = seed % 2 == 0 ? random_scenario(seed) : random_uet_scenario(seed);
  Random random(random_key(seed, RandomRoom::test, 5));
  constexpr double rates[] = {0, 1e-8, 1e-6, 2e-5};
  s.fabric.ber = rates[random.below(4)];
  random_llr(random, s);
  random_cbfc(random, s);
  if (random.below(2) == 0) {
    LinkCondition c;
    c.link = random.below(2) == 0 ? "*" : "*>host1";
    c.llr = random.below(2) == 0;
    if (random.below(2) == 0) c.ber = rates[random.below(4)];
    s.links.push_back(c);
  }
  // Where much is damaged a run lasts long, and what is left is more of the same.
  s.duration = Time{std::min<std::int64_t>(s.duration.value_or(Time::never()).ps, draw(random, 20'000'000, 200'000'000))};
  return s;
}

}  // namespace weft::test
