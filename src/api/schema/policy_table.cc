// PodDisruptionBudget and Eviction of policy/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPolicyTable = R"(
PodDisruptionBudget {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: PodDisruptionBudgetSpec
  status: PodDisruptionBudgetStatus
}
PodDisruptionBudgetSpec {
  maxUnavailable: int-or-string "Pods that may be missing, a number or a percentage."
  minAvailable: int-or-string "Pods that must stay, a number or a percentage."
  selector: LabelSelector "Selects the pods."
  unhealthyPodEvictionPolicy: string
}
PodDisruptionBudgetStatus {
  conditions: [Condition] keys(type)
  currentHealthy: int32
  desiredHealthy: int32
  disruptedPods: {time}
  disruptionsAllowed: int32
  expectedPods: int32
  observedGeneration: int64
}
Eviction {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  deleteOptions: DeleteOptions
}
DeleteOptions {
  apiVersion: string
  kind: string
  dryRun: [string] atomic
  gracePeriodSeconds: int64
  ignoreStoreReadErrorWithClusterBreakingPotential: bool
  orphanDependents: bool
  preconditions: DeletePreconditions
  propagationPolicy: string
}
DeletePreconditions {
  resourceVersion: string
  uid: string
}
)";

}  // namespace canaria::api::schema
