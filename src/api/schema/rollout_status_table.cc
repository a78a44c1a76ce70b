// The status of a Rollout.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kRolloutStatusTable = R"(
RolloutStatus {
  abort: bool
  pauseConditions: [PauseCondition] atomic
  controllerPause: bool
  abortedAt: time?
  currentPodHash: string
  currentStepHash: string
  replicas: int32
  updatedReplicas: int32
  readyReplicas: int32
  availableReplicas: int32
  currentStepIndex: int32?
  collisionCount: int32?
  observedGeneration: string
  conditions: [RolloutCondition] atomic
  canary: CanaryStatus always
  blueGreen: BlueGreenStatus always
  HPAReplicas: int32
  selector: string
  stableRS: string
  restartedAt: time?
  promoteFull: bool
  phase: string
  message: string
  workloadObservedGeneration: string
  alb: AlbStatus
  albs: [AlbStatus] atomic
  duration: RolloutDuration
}
PauseCondition {
  reason: string required always
  startTime: time required always
}
RolloutCondition {
  type: string required always
  status: string required always
  lastUpdateTime: time required always
  lastTransitionTime: time required always
  reason: string required always
  message: string required always
}
CanaryStatus {
  currentStepAnalysisRunStatus: RolloutAnalysisRunStatus
  currentBackgroundAnalysisRunStatus: RolloutAnalysisRunStatus
  currentExperiment: string
  weights: TrafficWeights
  stablePingPong: string
  stepPluginStatuses: [StepPluginStatus] atomic
}
BlueGreenStatus {
  previewSelector: string
  activeSelector: string
  scaleUpPreviewCheckPoint: bool
  prePromotionAnalysisRunStatus: RolloutAnalysisRunStatus
  postPromotionAnalysisRunStatus: RolloutAnalysisRunStatus
}
RolloutAnalysisRunStatus {
  name: string required always
  status: string required always
  message: string
}
TrafficWeights {
  canary: WeightDestination required always
  stable: WeightDestination required always
  additional: [WeightDestination] atomic
  verified: bool?
}
WeightDestination {
  weight: int32 required always
  serviceName: string
  podTemplateHash: string
}
StepPluginStatus {
  index: int32 required always
  name: string required always
  message: string
  phase: string
  startedAt: time?
  updatedAt: time?
  finishedAt: time?
  operation: string required always
  backoff: string
  executions: int32
  disabled: bool
  status: any-object
}
AlbStatus {
  loadBalancer: AwsResourceRef always
  canaryTargetGroup: AwsResourceRef always
  stableTargetGroup: AwsResourceRef always
  ingress: string
}
AwsResourceRef {
  name: string required always
  arn: string required always
  fullName: string always
}
RolloutDuration {
  rolloutStartedAt: time?
  manualPauseStartedAt: time?
  totalManualPauseDurationSeconds: int64
  finishedAt: time?
  completionStatus: string
}
)";

}  // namespace canaria::api::schema
