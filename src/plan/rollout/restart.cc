// spec.restartAt: pods older than that instant are evicted through the eviction API, so that disruption budgets count, as many
// at a time as availability allows: stable first, then the new ReplicaSet, then older ones.
#include <algorithm>
#include <fmt/format.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

bool is_due(const View& view) {
  const auto& wish = view.rollout.spec.restartAt;
  return wish && wish != view.rollout.status.restartedAt && *wish < view.now();
}

// 0 for stable, 1 for new, 2 for the others.
int turn(const View& view, const api::Pod& pod) {
  const api::OwnerReference* owner = pod.metadata.controller();
  if (view.roles.stable && owner->uid == view.roles.stable->metadata.uid) return 0;
  return view.roles.new_set && owner->uid == view.roles.new_set->metadata.uid ? 1 : 2;
}

std::vector<const api::Pod*> owned_pods(const View& view) {
  std::vector<const api::Pod*> pods;
  for (const api::Pod& pod : *view.snapshot.pods) {
    const api::OwnerReference* owner = pod.metadata.controller();
    const auto is_owner = [&](const api::ReplicaSet* set) { return owner && set->metadata.uid == owner->uid; };
    if (std::any_of(view.claimed.begin(), view.claimed.end(), is_owner)) pods.push_back(&pod);
  }
  std::stable_sort(pods.begin(), pods.end(), [&](const auto* a, const auto* b) { return turn(view, *a) < turn(view, *b); });
  return pods;
}

}  // namespace

bool plan_restart(const View& view, Pass& pass) {
  const auto& wish = view.rollout.spec.restartAt;
  if (wish && *wish >= view.now() && wish != view.rollout.status.restartedAt) pass.wake(*wish + Millis(1));
  if (!is_due(view)) return false;
  if (!view.snapshot.pods) {
    pass.needs_pods = true;
    return false;
  }
  std::int32_t desired = 0;
  for (const api::ReplicaSet* set : view.claimed) desired += set->replicas();
  desired = std::max(desired, view.rollout.replicas());
  const std::int32_t concurrent = std::max(1, surge_limits(view.rollout).unavailable);
  std::int32_t available = 0;
  const auto pods = owned_pods(view);
  for (const api::Pod* pod : pods) available += pod->is_ready() && !pod->metadata.deletionTimestamp;
  std::int32_t allowed = available - (desired - concurrent);
  int outstanding = 0;
  int evicted = 0;
  for (const api::Pod* pod : pods) {
    if (!pod->metadata.creationTimestamp || *pod->metadata.creationTimestamp >= *wish) continue;
    ++outstanding;
    if (allowed <= 0 || pod->metadata.deletionTimestamp) continue;
    pass.act(EvictPod{pod->metadata.key()}, "created before restartAt " + format_time(*wish));
    ++evicted;
    --allowed;
  }
  if (outstanding == 0) pass.status.restartedAt = wish;
  else pass.wake(view.now() + Seconds(30));
  return evicted > 0;
}

}  // namespace canaria::plan
