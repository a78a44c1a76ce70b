// A canary with a traffic router: requests are weighed outside the pods, so the canary only needs enough pods for its share
// and the stable ReplicaSet stays whole, or shrinks with its traffic when dynamicStableScale is on. maxSurge and
// maxUnavailable play no part here.

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {
namespace {

// A set that is used at all has at least minPodsPerReplicaSet pods, but never more than the Rollout for that reason.
std::int64_t at_least(const api::Rollout& rollout, std::int64_t pods) {
  const auto& least = rollout.canary()->minPodsPerReplicaSet;
  if (pods == 0 || !least) return pods;
  return std::max<std::int64_t>(pods, std::min(*least, rollout.replicas()));
}

// The size an aborted canary stays below. Argo Rollouts computes it from the Rollout's size alone, so an autoscaler that
// raises spec.replicas gives new pods to the version that was just rejected.
std::int64_t abort_limit(const api::Rollout& rollout, const Roles& roles, std::int64_t canary) {
  if (!rollout.status.abort || is_heading_for_full(rollout)) return canary;
  const auto size = wanted_pods(roles.new_set);
  // abortScaleDownDelaySeconds: 0 is documented as "leave it running"; Argo Rollouts scales to 0 at once.
  return keeps_canary_on_abort(rollout) ? size : std::min(canary, size);
}

}  // namespace

std::int64_t pods_for_weight(const api::Rollout& rollout, std::int64_t weight) {
  const std::int64_t most = rollout.max_weight();
  if (weight <= 0) return 0;
  if (most <= 0) return rollout.replicas();
  return (weight * rollout.replicas() + most - 1) / most;
}

Sizes routed_sizes(const api::Rollout& rollout, const Roles& roles, const std::optional<api::TrafficWeights>& weights) {
  // 1. The canary by count or by weight. An explicit count is taken as it is.
  const auto share = canary_share(rollout, roles);
  auto canary = share.count ? *share.count : at_least(rollout, pods_for_weight(rollout, share.weight));
  // 2. Usually stable stays whole, so that traffic can go back at any moment.
  if (!is_stable_dynamic(rollout)) return {as_count(abort_limit(rollout, roles, canary)), rollout.replicas()};

  // 3. Neither side gives up pods that still receive traffic.
  auto stable = pods_for_weight(rollout, std::int64_t{rollout.max_weight()} - share.weight);
  if (weights) {
    stable = std::max(stable, pods_for_weight(rollout, weights->stable.weight.value_or(0)));
    if (rollout.status.abort)
      canary = std::max<std::int64_t>(canary, pods_for_weight(rollout, weights->canary.weight.value_or(0)));
  }
  canary = abort_limit(rollout, roles, at_least(rollout, canary));
  return {as_count(canary), as_count(at_least(rollout, stable))};
}

}  // namespace canaria::plan
