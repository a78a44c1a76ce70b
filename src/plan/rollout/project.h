// What the world looks like once a pass has been applied, as far as the pass itself decides it: the snapshot that the API server
// would hand back. Lets plan() fold passes that only change the status, and lets tests, previews and simulations run a
// release on paper.
#pragma once

#include "plan/rollout/plan.h"

namespace canaria::plan {

// Applies one action to the snapshot; events leave it as it is.
void project(const Action& action, Snapshot& world);

// `changes` merged into `patch`, key by key; a null stays a null, because it means "remove".
void combine_patches(json::Value& patch, const json::Value& changes);

}  // namespace canaria::plan
