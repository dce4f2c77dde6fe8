#include "fabric/shared_buffer.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft {

SharedBuffer::SharedBuffer(const BufferParameters& parameters, const std::vector<std::uint32_t>& headroom_limits)
    : alpha_((std::uint64_t{parameters.alpha_num} << alpha_shift) / parameters.alpha_den),
      static_xoff_(parameters.static_xoff),
      hysteresis_(parameters.hysteresis.v),
      ingress_(headroom_limits.size()) {
  std::int64_t headroom = 0;
  for (std::size_t i = 0; i < headroom_limits.size(); ++i) {
    ingress_[i].headroom_limit = headroom_limits[i];
    headroom += headroom_limits[i];
  }
  shared_limit_ = std::max<std::int64_t>(0, parameters.buffer.v - headroom);
}

}  // namespace weft
