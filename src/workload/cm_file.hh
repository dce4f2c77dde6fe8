// The `.cm` traffic matrices of the htsim simulators (ultraethernet/uet-htsim, sim/datacenter/connection_matrices).
//
// Text: `Nodes N`, `Connections C`, optional `Triggers T`; then C lines
//   SRC->DST [id I] start US | trigger X  size BYTES [send_done_trigger Y] [recv_done_trigger Y] [prio P]
// and T lines `trigger id K oneshot|multishot|barrier [count N]`, in any order. `#` begins a comment line. Ids are arbitrary,
// each at most once; a flow without an id is known by its position. prio is read and not used: classes are the fabric's.
// Units: start in microseconds, decimals allowed (project profile: htsim's own writer prints microseconds, its reader takes
// picoseconds; all published matrices start at 0, where both agree).
// Errors: InputError with file:line for everything that is missing, unknown, repeated, out of range or miscounted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "workload/flow.hh"

namespace weft {

struct CmFile {
  std::uint32_t nodes = 0;
  int nodes_line = 0;
  Traffic traffic;  // flow and trigger ids are positions, labels are the file's ids
  std::vector<int> flow_lines, trigger_lines;
};

// `name` is the file's, for messages.
[[nodiscard]] CmFile parse_cm(std::string_view text, const std::string& name);

}  // namespace weft
