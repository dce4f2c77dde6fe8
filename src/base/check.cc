#include "base/check.hh"

#include <cstdlib>

namespace weft::detail {

void check_stop() {
  std::cerr << "weft stopped: this is a defect of weft, not of the input; please report it with the scenario and its seed.\n";
  std::abort();
}

}  // namespace weft::detail
