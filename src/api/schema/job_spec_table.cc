// The batch/v1 Job that a job metric starts.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kJobTable = R"(
JobSpec {
  parallelism: int32?
  completions: int32?
  activeDeadlineSeconds: int64?
  podFailurePolicy: PodFailurePolicy
  successPolicy: SuccessPolicy
  backoffLimit: int32?
  backoffLimitPerIndex: int32?
  maxFailedIndexes: int32?
  selector: LabelSelector
  manualSelector: bool?
  template: PodTemplateSpec required always
  ttlSecondsAfterFinished: int32?
  completionMode: string?
  suspend: bool?
  podReplacementPolicy: string?
  managedBy: string?
}
PodFailurePolicy {
  rules: [PodFailurePolicyRule] required always atomic
}
PodFailurePolicyRule {
  action: string required always
  onExitCodes: PodFailurePolicyOnExitCodesRequirement
  onPodConditions: [PodFailurePolicyOnPodConditionsPattern] atomic
}
PodFailurePolicyOnExitCodesRequirement {
  containerName: string?
  operator: string required always
  values: [int32] required always set
}
PodFailurePolicyOnPodConditionsPattern {
  type: string required always
  status: string required always
}
SuccessPolicy {
  rules: [SuccessPolicyRule] required always atomic
}
SuccessPolicyRule {
  succeededIndexes: string?
  succeededCount: int32?
}
)";

}  // namespace canaria::api::schema
