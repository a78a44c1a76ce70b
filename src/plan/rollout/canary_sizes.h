// Replica arithmetic of the canary strategy: how many pods the new and the stable ReplicaSet should have next. Pure
// functions of the Rollout (with its stored status) and the ReplicaSets; the rules are numbered as in the comments of the .cc.
#pragma once

#include <cstdint>
#include <optional>

#include "api/rollouts/rollout.h"
#include "plan/rollout/roles.h"

namespace canaria::plan {

struct SurgeLimits {
  std::int32_t surge = 0;        // pods allowed above spec.replicas
  std::int32_t unavailable = 0;  // pods allowed to be missing
  bool operator==(const SurgeLimits&) const = default;
};
// Default for both is 25 %; surge rounds up, unavailable down; both zero makes unavailable 1; unavailable is capped at replicas.
SurgeLimits surge_limits(std::int32_t replicas, const std::optional<api::IntOrString>& max_surge,
                         const std::optional<api::IntOrString>& max_unavailable);
// The same with the limits of the Rollout's canary strategy.
SurgeLimits surge_limits(const api::Rollout& rollout);

// The split of `replicas` pods that comes closest to `weight` percent (without a traffic router).
Sizes weighted_split(std::int32_t replicas, std::int32_t weight, std::int32_t surge);

// What the canary is sized by: a weight, or an explicit count from setCanaryScale.
struct CanaryShare {
  std::int32_t weight = 0;
  std::optional<std::int32_t> count;
};
CanaryShare canary_share(const api::Rollout& rollout, const Roles& roles);

// The nearest setWeight at or before the current step; max_weight() past the end or without steps; 0 if none.
std::int32_t step_weight(const api::Rollout& rollout);

// Without a router: the next sizes within surge and availability limits, one move at a time.
Sizes next_basic_sizes(const api::Rollout& rollout, const Roles& roles);

// With trafficRouting: sizes by weight; `weights` are those known to be set (stored or computed in this pass).
Sizes routed_sizes(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights);

// next_basic_sizes or routed_sizes, whichever applies.
Sizes next_sizes(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights);

// The canary traffic weight while moving back to stable (abort, or rollback with dynamicStableScale).
std::int32_t return_traffic_weight(const api::Rollout& rollout, const Roles& roles);

// The canary traffic weight while promoteFull moves everything over: with dynamicStableScale what the new pods can take, at
// most max_weight(); otherwise the stored weight, which stays until the promotion is done.
std::int32_t promotion_traffic_weight(const api::Rollout& rollout, const Roles& roles);

// Whether `set` has reached `want` pods according to replicaProgressThreshold. A null set counts as 0/0.
bool meets_threshold(const api::Rollout& rollout, const api::ReplicaSet* set, std::int32_t want);

// Whether the current step's sizes are reached, so that it may complete.
bool at_desired_counts(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights);

}  // namespace canaria::plan
