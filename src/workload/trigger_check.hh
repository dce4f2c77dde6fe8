// Which flows ever start. A trigger that never fires, or a multishot trigger that leaves flows waiting, is refused before the
// run, since the run could never end.
//
// Rule: let every flow that starts also finish and activate its triggers, until nothing new starts; what then still waits
// never starts. The order of activations does not matter for that: a trigger's count only grows.
// Errors: InputError naming the trigger, with file:line, and why: nobody activates it, too few activations, or a circle.
#pragma once

#include "workload/draft.hh"

namespace weft {

void check_triggers(const Draft& draft);

}  // namespace weft
