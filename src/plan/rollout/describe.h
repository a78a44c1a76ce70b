// Actions in words. The one place that names them: for logs, errors and transcripts.
#pragma once

#include <string>

#include "plan/rollout/plan.h"

namespace canaria::plan {

// What an effect does, in a few words: "scale ReplicaSet web-6c7d to 3".
std::string summary(const Effect& effect);

// One line with everything an action changes, as transcripts show it. A status patch is named by its reason, because the patch
// repeats whole condition lists.
std::string describe(const Action& action);

}  // namespace canaria::plan
