// Traffic while it moves between versions whose pods come and go with it (dynamicStableScale): no side may get more than the
// pods it has can serve. Without dynamicStableScale stable is whole and traffic moves at once.
//
// Example: 10 pods, weights 10, 30, 60, aborted at 60/40. Stable grows to 7, then 30 % stay on the canary; it grows to 9,
// then 10 %; to 10, then none.

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {
namespace {

// The share of the traffic that `available` pods can take.
std::int64_t servable_weight(const api::Rollout& rollout, std::int64_t available) {
  return std::int64_t{rollout.max_weight()} * available / rollout.replicas();
}

}  // namespace

std::int32_t aborted_canary_weight(const api::Rollout& rollout, const Roles& roles) {
  if (!rollout.canary() || !roles.new_set || !roles.stable) return 0;
  const auto missing = rollout.replicas() - available_pods(roles.stable);
  // With an explicit delay the canary keeps its pods anyway, so only what stable lacks holds traffic back.
  const bool canary_stays = rollout.canary()->abortScaleDownDelaySeconds.has_value();
  const auto hold = canary_stays ? missing : std::max(missing, available_pods(roles.new_set));
  const auto& steps = rollout.canary()->steps;
  for (auto index = steps.size(); index-- > 0;) {
    if (!steps[index].setWeight) continue;
    const auto pods = pods_for_weight(rollout, *steps[index].setWeight);
    // A weight that the canary is already too small for would have to inflate it again.
    if (pods < hold && pods <= wanted_pods(roles.new_set)) return *steps[index].setWeight;
  }
  return 0;
}

std::int32_t return_traffic_weight(const api::Rollout& rollout, const Roles& roles) {
  if (!is_stable_dynamic(rollout) || !roles.new_set || !roles.stable || rollout.replicas() <= 0) return 0;
  const std::int64_t want = rollout.status.abort ? aborted_canary_weight(rollout, roles) : step_weight(rollout);
  const std::int64_t most = rollout.max_weight();
  const auto servable = servable_weight(rollout, available_pods(roles.stable));
  const auto expect = std::max<std::int64_t>(0, most - servable);
  // 1. Nothing is set yet: whatever stable cannot take.
  const auto& weights = rollout.status.canary.weights;
  if (!weights) return as_count(std::max(expect, want));
  const std::int64_t now = weights->canary.weight.value_or(0);
  // 2. On the last stretch the weight follows stable's pods one by one.
  if (want == 0) return as_count(std::min(expect, now));
  // 3. Stable is still growing.
  if (servable < most - want) return as_count(now);
  // 4. Never up again.
  return as_count(std::min(want, now));
}

std::int32_t promotion_traffic_weight(const api::Rollout& rollout, const Roles& roles) {
  const auto most = rollout.max_weight();
  if (!is_stable_dynamic(rollout)) {
    const auto& weights = rollout.status.canary.weights;
    return weights ? weights->canary.weight.value_or(0) : 0;
  }
  if (rollout.replicas() <= 0) return most;
  return as_count(std::min<std::int64_t>(most, servable_weight(rollout, available_pods(roles.new_set))));
}

}  // namespace canaria::plan
