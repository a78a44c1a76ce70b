// spec.workloadRef.scaleDown: the Deployment that lent its template shrinks as the Rollout takes over its pods.
// Compat: only Deployments, and only while the Rollout is at its first revision.
#include <algorithm>
#include <fmt/format.h>

#include "plan/rollout/stages.h"

namespace canaria::plan {

void plan_workload_scale_down(const View& view, WorkloadStage stage, Pass& pass) {
  const auto& reference = view.rollout.spec.workloadRef;
  if (!reference || reference->kind != "Deployment" || !view.snapshot.workload || !view.roles.new_set) return;
  if (view.roles.new_set->revision().value_or(0) != 1) return;
  const bool is_healthy = view.rollout.status.phase == "Healthy";
  std::optional<std::int32_t> size;
  if (is_healthy &&
      (reference->scaleDown == "progressively" || (reference->scaleDown == "onsuccess" && stage == WorkloadStage::kPromotion)))
    size = 0;
  else if (reference->scaleDown == "progressively" && view.rollout.status.readyReplicas > 0)
    size = std::max(0, view.rollout.replicas() - view.rollout.status.readyReplicas);
  if (!size || view.snapshot.workload->replicas.value_or(1) <= *size) return;
  pass.act(ScaleDeployment{{view.rollout.metadata.namespace_, reference->name}, *size},
           fmt::format("workloadRef.scaleDown is {} and {} pods of the Rollout are ready", reference->scaleDown,
                       view.rollout.status.readyReplicas));
}

}  // namespace canaria::plan
