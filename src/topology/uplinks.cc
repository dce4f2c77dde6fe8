#include "topology/uplinks.hh"

#include <algorithm>
#include <cmath>

#include "topology/bounds.hh"

namespace weft {

std::uint32_t uplinks_for(const TopologyParameters& parameters, std::uint64_t down_links, Rate down_rate, Rate up_rate,
                          std::uint64_t divided_among) {
  const double ratio = parameters.oversubscription;
  if (!(ratio >= 0.01 && ratio <= 10'000)) {
    topology_error(parameters, "`oversubscription` must lie between 0.01 and 10000", "4 means 4:1, capacity below to capacity above");
  }
  if (down_rate < least_rate || up_rate < least_rate) topology_error(parameters, "a link's rate is missing or below 1 kb/s");
  const auto millionths = static_cast<unsigned __int128>(std::llround(ratio * 1'000'000));
  const unsigned __int128 below = static_cast<unsigned __int128>(down_links) * static_cast<std::uint64_t>(down_rate.v) * 1'000'000U;
  const unsigned __int128 above = millionths * static_cast<std::uint64_t>(up_rate.v) * divided_among;
  unsigned __int128 needed = below / above;
  if ((below % above) * 100'000U > above) ++needed;
  return static_cast<std::uint32_t>(std::clamp<unsigned __int128>(needed, 1, 1U << 24));
}

}  // namespace weft
