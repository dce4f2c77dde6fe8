// The defaults of `fabric:` and of what goes with it, by transport and profile. Keys written in a scenario win over them.
//
// roce: those of FabricParameters. uet: NSCC, mixed path choice, no lossless class, trimming to a class of its own, ECN when a
// packet leaves the queue; control packets above data. Sizes that follow from the network (queues, ECN thresholds, the least
// RTO) stay absent and are computed when it is built: see fabric/queue_sizes.hh.
// uec-table: the set-up behind the UEC group's published simulator results (ultraethernet/uet-htsim, its defaults for trimming
// queues): payload 4086 B and 64 B around it, ACKs and trimmed packets of 64 B, no preamble and gap, one control queue above the
// data, no shared-buffer effects, a full queue cuts the newcomer or its own last packet by the toss of a coin, 100 Gb/s links.
#pragma once

#include <string>

#include "scenario/scenario.hh"

namespace weft {

[[nodiscard]] FabricParameters fabric_defaults(const std::string& transport, Profile profile);

// Everything in the scenario whose default the profile sets.
void apply_profile(Scenario& scenario, Profile profile);

// The NICs in which a scheduled fabric of mode e2e schedules, where the scenario has none: each host gets one behind PCIe, whose
// rate is that of 16 lanes of PCIe 5.0, or 1.28 times the fastest host link, as 512 to 400 Gb/s.
void give_nics(Scenario& scenario);

}  // namespace weft
