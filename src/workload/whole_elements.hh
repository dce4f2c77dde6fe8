// Sizes of traces are any numbers of bytes; collectives need whole elements (collective/request.hh). So they are rounded up.
#pragma once

#include "collective/request.hh"

namespace weft {

[[nodiscard]] inline Bytes whole_elements(Bytes bytes) {
  const Bytes element = collective::Request{}.element;
  return element * ((bytes.v + element.v - 1) / element.v);
}

}  // namespace weft
