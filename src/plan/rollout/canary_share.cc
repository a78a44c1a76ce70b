// What the canary is sized by: the weight of the steps, an explicit setCanaryScale, or, on the way back to stable, what the
// pods on hand allow.

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/canary_terms.h"

namespace canaria::plan {
namespace {

// Rule 2: the nearest setCanaryScale at or before the current step; empty when it or its absence leaves the matter to the
// weight.
std::optional<CanaryShare> explicit_share(const api::Rollout& rollout) {
  if (!is_routed(rollout) || rollout.status.abort || !rollout.current_step()) return std::nullopt;
  const auto& steps = rollout.canary()->steps;
  for (auto index = static_cast<std::size_t>(rollout.step_index()) + 1; index-- > 0;) {
    const auto& scale = steps[index].setCanaryScale;
    if (!scale) continue;
    if (scale->matchTrafficWeight) return std::nullopt;
    if (scale->replicas) return CanaryShare{.weight = 0, .count = std::max(0, *scale->replicas)};
    if (scale->weight) return CanaryShare{.weight = *scale->weight, .count = std::nullopt};
    return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::int32_t step_weight(const api::Rollout& rollout) {
  if (!rollout.current_step()) return rollout.max_weight();
  const auto& steps = rollout.canary()->steps;
  for (auto index = static_cast<std::size_t>(rollout.step_index()) + 1; index-- > 0;)
    if (steps[index].setWeight) return *steps[index].setWeight;
  return 0;
}

CanaryShare canary_share(const api::Rollout& rollout, const Roles& roles) {
  if (is_heading_for_full(rollout)) return {.weight = rollout.max_weight(), .count = std::nullopt};
  if (const auto share = explicit_share(rollout)) return *share;
  if (!rollout.status.abort) return {.weight = step_weight(rollout), .count = std::nullopt};
  if (is_stable_dynamic(rollout)) return {.weight = aborted_canary_weight(rollout, roles), .count = std::nullopt};
  return {};
}

}  // namespace canaria::plan
