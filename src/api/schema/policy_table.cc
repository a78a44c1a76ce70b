// PodDisruptionBudget and Eviction of policy/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPolicyTable = R"(
PodDisruptionBudget {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: PodDisruptionBudgetSpec "How many pods may be missing."
  status: PodDisruptionBudgetStatus "How many pods may be disrupted now."
}
PodDisruptionBudgetSpec "How many pods may be missing: one of minAvailable and maxUnavailable." {
  maxUnavailable: int-or-string "Pods that may be missing, a number or a percentage."
  minAvailable: int-or-string "Pods that must stay, a number or a percentage."
  selector: LabelSelector "Selects the pods."
  unhealthyPodEvictionPolicy: string "When running pods that are not ready may be evicted: IfHealthyBudget or AlwaysAllow."
}
PodDisruptionBudgetStatus "How many pods may be disrupted now." {
  conditions: [Condition] keys(type) "DisruptionAllowed."
  currentHealthy: int32 "Pods that are ready."
  desiredHealthy: int32 "Pods that must be ready."
  disruptedPods: {time} "Pods whose eviction was allowed and that are still there, with the time."
  disruptionsAllowed: int32 "Pods that may be evicted now."
  expectedPods: int32 "Pods that are counted."
  observedGeneration: int64 "Generation of the spec that this status is about."
}
Eviction {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  deleteOptions: DeleteOptions "How the pod is deleted."
}
DeleteOptions "How an object is deleted." {
  apiVersion: string "Version of these options."
  kind: string "Always DeleteOptions."
  dryRun: [string] atomic "All: everything is checked and nothing is deleted."
  gracePeriodSeconds: int64 "Seconds the object gets to end; its own number when unset, 0 is at once."
  ignoreStoreReadErrorWithClusterBreakingPotential: bool "True deletes an object that cannot be read any more, without finalizers."
  orphanDependents: bool "Former form of propagationPolicy; not together with it."
  preconditions: DeletePreconditions "What must hold, or nothing is deleted."
  propagationPolicy: string "What becomes of the objects it owns: Orphan, Background or Foreground."
}
DeletePreconditions "What must hold before a delete." {
  resourceVersion: string "Version the object must have."
  uid: string "Identity the object must have."
}
)";

}  // namespace canaria::api::schema
