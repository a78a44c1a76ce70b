// status.duration: when the current attempt started, how long people kept it waiting, and how it ended.
#pragma once

#include "plan/rollout/pass.h"

namespace canaria::plan {

// Brings pass.status.duration up to date; adds to pass.finished when an attempt ends.
void update_duration(const View& view, Pass& pass);

}  // namespace canaria::plan
