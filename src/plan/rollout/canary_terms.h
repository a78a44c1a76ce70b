// Questions about a canary Rollout that several replica rules ask, in the words of the rules. All of them look at the spec
// and the stored status only. Private to plan/rollout.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "api/apps/replica_set.h"
#include "api/rollouts/rollout.h"
#include "plan/rollout/roles.h"

namespace canaria::plan {

// Whether spec.strategy.canary.trafficRouting is set, even to an empty object.
inline bool is_routed(const api::Rollout& rollout) { return rollout.canary() && rollout.canary()->trafficRouting; }

// Whether the stable ReplicaSet shrinks as traffic leaves it.
inline bool is_stable_dynamic(const api::Rollout& rollout) { return is_routed(rollout) && rollout.canary()->dynamicStableScale; }

// Whether the update simply goes to full size: promoted by hand, first deploy, or nothing to update.
inline bool is_heading_for_full(const api::Rollout& rollout) {
  return rollout.status.promoteFull || rollout.status.stableRS.empty() || rollout.is_fully_promoted();
}

// Whether an abort of this Rollout leaves the canary running at its size (abortScaleDownDelaySeconds: 0).
inline bool keeps_canary_on_abort(const api::Rollout& rollout) {
  return is_routed(rollout) && rollout.canary()->abortScaleDownDelaySeconds == 0;
}

inline std::int64_t wanted_pods(const api::ReplicaSet* set) { return set ? set->replicas() : 0; }
inline std::int64_t available_pods(const api::ReplicaSet* set) { return set ? set->status.availableReplicas : 0; }

// Products of counts and weights are computed in 64 bits and cut to a count here.
inline std::int32_t as_count(std::int64_t number) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(number, 0, kMost));
}

// The pods that serve `weight` of max_weight() of the traffic, rounded up. Example: 5 % of 10 pods is 1 pod.
std::int64_t pods_for_weight(const api::Rollout& rollout, std::int64_t weight);

// The canary weight that the pods on hand still allow while an abort moves traffic back step by step.
std::int32_t aborted_canary_weight(const api::Rollout& rollout, const Roles& roles);

}  // namespace canaria::plan
