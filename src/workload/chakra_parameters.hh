// What a scenario says of Chakra execution traces (kind chakra) beside their place.
#pragma once

namespace weft {

struct ChakraParameters {
  bool replicate = false;             // the one trace there is stands for every rank
  bool control_dependencies = false;  // followed, too
  double operations_per_second = 0;   // of compute nodes that have operations and no duration; 0: not said
};

}  // namespace weft
