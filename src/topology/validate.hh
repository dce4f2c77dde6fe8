// validate(): what every network must satisfy before it is simulated, whoever built it.
//
// Rules: hosts first and only they have tier 0; names unique and not empty; links join two different existing nodes (several
// between the same two are parallel links); rates between 1 kb/s and 100 Tb/s; delays above 0 and up to 10 s; no negative
// latency; at most 65,535 ports a node; every host can reach every other through switches alone. The last rule is left out
// for rails that nothing joins (spec.apart), which is by design: there require_route() speaks up for the flows that need more.
// Errors: InputError naming the nodes.
#pragma once

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

// `from` says where the network was described.
void validate(const TopologySpec& spec, const TopologyParameters& from);
// The same but for the last rule: servers (servers.hh) leave it as it was.
void validate_parts(const TopologySpec& spec, const TopologyParameters& from);

}  // namespace weft
