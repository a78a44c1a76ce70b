// The Rollout: its spec without the strategies.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kRolloutTable = R"(
Rollout {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: RolloutSpec required always "Which pods run, and how a new version replaces the old one."
  status: RolloutStatus always "How far the update is."
}
RolloutSpec {
  replicas: int32? "Number of desired pods; 1 when unset."
  analysis: AnalysisRunStrategy "How many finished AnalysisRuns and Experiments are kept."
  selector: LabelSelector immutable "Selects the pods of this Rollout. It cannot be changed."
  template: PodTemplateSpec always "The pods to run. Leave it out with workloadRef."
  workloadRef: ObjectRef "Take the pod template from this Deployment, ReplicaSet or PodTemplate."
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  strategy: RolloutStrategy always "How a new version replaces the old one: exactly one of blueGreen and canary."
  revisionHistoryLimit: int32? "Number of old ReplicaSets to keep; 10 when unset."
  paused: bool "Pauses the update until it is set to false."
  progressDeadlineSeconds: int32? "Seconds without progress after which the update counts as failed; 600 when unset."
  progressDeadlineAbort: bool "Aborts the update when progressDeadlineSeconds is exceeded."
  restartAt: time? "Pods created before this instant are replaced once it has passed."
  rollbackWindow: RollbackWindow "Going back to one of the last versions skips steps and analysis."
}
AnalysisRunStrategy {
  successfulRunHistoryLimit: int32? "How many successful ones are kept; 5 when unset."
  unsuccessfulRunHistoryLimit: int32? "How many others are kept; 5 when unset."
}
ObjectRef {
  apiVersion: string "apiVersion of the workload."
  kind: string "Kind of the workload."
  name: string "Name of the workload."
  scaleDown: string "When a Deployment loses its pods: never, onsuccess or progressively; never when unset."
}
RollbackWindow {
  revisions: int32 "How many versions back still count."
}
RolloutStrategy {
  blueGreen: BlueGreenStrategy "Runs the new version beside the old one, then switches at once."
  canary: CanaryStrategy "Replaces the old version gradually, by steps."
}
# Labels and annotations put on pods, AnalysisRuns or Experiments.
PodTemplateMetadata {
  labels: {string} "The labels."
  annotations: {string} "The annotations."
}
)";

}  // namespace canaria::api::schema
