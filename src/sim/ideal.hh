// Ideal completion time: how long a flow takes on an idle network, to the sender's last acknowledgement.
//
// Packets of one size through store-and-forward links finish at link i, counted from the flow's start, at
//   F_i(n) = sum_{j<=i} (s_j + d_j) + (n-1) * max_{j<=i} s_j
// with s the time on the wire and d the delay (with the receiver's latency); the last packet, shorter, then follows by
// F_i(last) = max(F_i(n), F_{i-1}(last)) + s'_i. The answer is one ACK back. A READ adds its request.
// Source: the pipeline formula of store and forward; project design section 6 (slowdown).
#pragma once

#include "sim/network.hh"

namespace weft {

[[nodiscard]] Duration ideal_completion(const Network& network, const FlowSpec& flow);
// Links on the flow's path, for data.
[[nodiscard]] std::uint64_t path_links(const Network& network, const FlowSpec& flow);

}  // namespace weft
