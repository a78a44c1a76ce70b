// Observe: from the caches to the plain values that planning works on. Reads memory only, so it cannot fail; what takes a
// request (live pods) the reconciler adds when a plan asks for it.
#pragma once

#include <optional>

#include "controllers/rollout_caches.h"
#include "plan/rollout/snapshot.h"

namespace canaria::controllers {

// The object behind workloadRef as planning sees it; error is set when there is none that can be used. Empty as long as the
// first list of its kind is still on the way (asking for it starts that watch).
std::optional<plan::Workload> resolve_workload(RolloutCaches& caches, const api::Rollout& rollout);

// Everything about this Rollout. `workload` is what resolve_workload said, or empty without workloadRef.
plan::Snapshot observe(const RolloutCaches& caches, const api::Rollout& rollout, std::optional<plan::Workload> workload, Time now,
                       plan::ControllerOptions options);

// The selector in force: the Rollout's own, else the workload's.
std::optional<api::LabelSelector> selector_in_force(const api::Rollout& rollout, const std::optional<plan::Workload>& workload);

}  // namespace canaria::controllers
