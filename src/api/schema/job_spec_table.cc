// The batch/v1 Job that a job metric starts.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kJobTable = R"(
JobSpec "How many pods of a Job run, and when it has succeeded or failed." {
  parallelism: int32? "The most pods that run at once; 1 when unset."
  completions: int32? "Pods that must succeed; without it the success of one ends the Job."
  activeDeadlineSeconds: int64? "Seconds the Job may be active before it fails and its pods are stopped; no limit when unset."
  podFailurePolicy: PodFailurePolicy "What failures of pods mean, by exit code and condition; needs restartPolicy Never."
  successPolicy: SuccessPolicy "When the Job has succeeded before all indexes have; needs completionMode Indexed."
  backoffLimit: int32? "Failures before the Job has failed; 6 when unset."
  backoffLimitPerIndex: int32? "Failures of one index before that index has failed; needs completionMode Indexed."
  maxFailedIndexes: int32? "Failed indexes before the Job has failed; needs backoffLimitPerIndex."
  selector: LabelSelector "Selects the pods; set by the server unless manualSelector is true."
  manualSelector: bool? "True uses the given selector and labels instead of made ones."
  template: PodTemplateSpec required always "The pods to run; restartPolicy must be Never or OnFailure."
  ttlSecondsAfterFinished: int32? "Seconds after which the finished Job is deleted; never when unset."
  completionMode: string? "NonIndexed, or Indexed to give each pod a number from 0; NonIndexed when unset."
  suspend: bool? "True stops the pods and starts no more until it is false."
  podReplacementPolicy: string? "When a pod is replaced: TerminatingOrFailed, or Failed to wait until it has ended."
  managedBy: string? "The controller that runs the Job; the built-in one when unset."
}
PodFailurePolicy "Rules about failed pods; the first that matches decides." {
  rules: [PodFailurePolicyRule] required always atomic "The rules, in order; at most 20."
}
PodFailurePolicyRule "What a kind of failure means: exactly one of onExitCodes and onPodConditions." {
  action: string required always "FailJob, FailIndex, Ignore (does not count for backoffLimit) or Count."
  onExitCodes: PodFailurePolicyOnExitCodesRequirement "Exit codes that match."
  onPodConditions: [PodFailurePolicyOnPodConditionsPattern] atomic "Conditions of the pod that match, one of them."
}
PodFailurePolicyOnExitCodesRequirement "Exit codes of a container." {
  containerName: string? "The container; every container when unset."
  operator: string required always "In or NotIn."
  values: [int32] required always set "Exit codes, in ascending order; without 0 for In."
}
PodFailurePolicyOnPodConditionsPattern "A condition of a pod." {
  type: string required always "Type of the condition."
  status: string required always "Its status; True when unset."
}
SuccessPolicy "When an indexed Job has succeeded early." {
  rules: [SuccessPolicyRule] required always atomic "The rules; one that holds is enough."
}
SuccessPolicyRule "Indexes that must succeed." {
  succeededIndexes: string? "Indexes that count, like 0,2-4; all when unset."
  succeededCount: int32? "How many of them must succeed; all when unset."
}
)";

}  // namespace canaria::api::schema
