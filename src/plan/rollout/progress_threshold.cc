// When a step's pods are "there": all of them by default, or as many as replicaProgressThreshold asks for.

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {

bool meets_threshold(const api::Rollout& rollout, const api::ReplicaSet* set, std::int32_t want) {
  const auto available = available_pods(set);
  const auto* canary = rollout.canary();
  // A threshold of 0 would pass without a single pod; like a negative one it counts as unset. Argo Rollouts lets it pass.
  if (!canary || !canary->replicaProgressThreshold || canary->replicaProgressThreshold->value <= 0)
    return wanted_pods(set) == want && available == want;
  const auto& threshold = *canary->replicaProgressThreshold;
  // A threshold above the step's own target could never be met: both kinds are capped at the target.
  if (threshold.type == "Percent") return available * 100 >= std::int64_t{std::min(threshold.value, 100)} * want;
  return available >= std::min(threshold.value, want);
}

bool at_desired_counts(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights) {
  // 1. - 2. The new ReplicaSet.
  const Sizes target = next_sizes(rollout, roles, weights);
  if (!meets_threshold(rollout, roles.new_set, target.canary)) return false;
  // 3. The stable one, unless it is only about to follow its traffic. Its pods need not be available.
  if (!is_stable_dynamic(rollout)) {
    const auto* stable = roles.stable;
    if (!stable || stable->replicas() != target.stable || stable->status.replicas != target.stable) return false;
  }
  // 4. Without a router any other pod takes traffic and spoils the weight.
  if (is_routed(rollout)) return true;
  return std::none_of(roles.others.begin(), roles.others.end(),
                      [](const api::ReplicaSet* set) { return set->status.availableReplicas > 0; });
}

}  // namespace canaria::plan
