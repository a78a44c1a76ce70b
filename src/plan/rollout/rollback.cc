// Going back: to the stable version, or to one that was released recently enough to skip the steps.
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

Time created(const api::ReplicaSet& set) { return set.metadata.creationTimestamp.value_or(Time()); }

// Compat: creation time decides, not the revision number, which a rollback raises.
bool is_rollback(const View& view) {
  const auto& [new_set, stable, others] = view.roles;
  if (!new_set || !stable) return false;
  return new_set->hash() == view.rollout.status.stableRS || created(*new_set) < created(*stable);
}

}  // namespace

bool is_within_rollback_window(const View& view) {
  const auto& [new_set, stable, others] = view.roles;
  const std::int32_t window = view.rollout.spec.rollbackWindow ? view.rollout.spec.rollbackWindow->revisions : 0;
  if (window <= 0 || !new_set || !stable || created(*new_set) >= created(*stable)) return false;
  std::int32_t between = 0;
  for (const api::ReplicaSet* set : view.claimed)
    if (created(*new_set) < created(*set) && created(*set) < created(*stable) &&
        !set->metadata.annotations.contains("experiment.argoproj.io/name"))
      ++between;
  return between < window;
}

bool is_fast_rollback(const View& view) {
  if (!is_rollback(view)) return false;
  return is_within_rollback_window(view) || view.roles.new_set->hash() == view.rollout.status.stableRS;
}

}  // namespace canaria::plan
