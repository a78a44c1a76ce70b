// The status of a Rollout.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kRolloutStatusTable = R"(
RolloutStatus {
  abort: bool "True takes everything back to the stable version."
  pauseConditions: [PauseCondition] atomic "Why and since when it is paused."
  controllerPause: bool "Whether the controller has paused it."
  abortedAt: time? "When it was aborted."
  currentPodHash: string "Hash of the current pod template."
  currentStepHash: string "Hash of the steps; they start over when it changes."
  replicas: int32 "Pods that exist."
  updatedReplicas: int32 "Pods of the current template."
  readyReplicas: int32 "Pods that are ready."
  availableReplicas: int32 "Pods that have been ready for minReadySeconds."
  currentStepIndex: int32? "Position of the current step, from 0; the number of steps when all are done."
  collisionCount: int32? "How often the name of a new ReplicaSet was taken."
  observedGeneration: string "Generation of the spec that this status is about."
  conditions: [RolloutCondition] atomic "Available, Progressing, Paused, Healthy, Completed and others."
  canary: CanaryStatus always "More about a canary update."
  blueGreen: BlueGreenStatus always "More about a blue-green update."
  HPAReplicas: int32 "Pods that an autoscaler counts."
  selector: string "Selects the pods that an autoscaler counts."
  stableRS: string "Hash of the stable version."
  restartedAt: time? "The restartAt that was last carried out."
  promoteFull: bool "True skips the remaining steps, pauses and analyses."
  phase: string "Healthy, Progressing, Paused or Degraded."
  message: string "Why it is so."
  workloadObservedGeneration: string "Generation of the workloadRef that this status is about."
  alb: AlbStatus "Names of the load balancer of Amazon, when there is one."
  albs: [AlbStatus] atomic "Names of the load balancers of Amazon, when there are several."
  duration: RolloutDuration "How long the update takes."
}
PauseCondition {
  reason: string required always "Why it is so, in one word."
  startTime: time required always "Since when."
}
RolloutCondition {
  type: string required always "What it is about."
  status: string required always "True, False or Unknown."
  lastUpdateTime: time required always "When anything of it was written last."
  lastTransitionTime: time required always "When the status changed last."
  reason: string required always "Why it is so, in one word."
  message: string required always "Why it is so, for people."
}
CanaryStatus {
  currentStepAnalysisRunStatus: RolloutAnalysisRunStatus "The AnalysisRun of the current step."
  currentBackgroundAnalysisRunStatus: RolloutAnalysisRunStatus "The AnalysisRun in the background."
  currentExperiment: string "Name of the Experiment of the current step."
  weights: TrafficWeights "Shares of the traffic."
  stablePingPong: string "Which Service has the stable version: ping or pong."
  stepPluginStatuses: [StepPluginStatus] atomic "What plugins of the steps have to say."
}
BlueGreenStatus {
  previewSelector: string "Hash of the version behind the preview Service."
  activeSelector: string "Hash of the version behind the active Service."
  scaleUpPreviewCheckPoint: bool "Whether the new version may have all its pods."
  prePromotionAnalysisRunStatus: RolloutAnalysisRunStatus "The AnalysisRun before the switch."
  postPromotionAnalysisRunStatus: RolloutAnalysisRunStatus "The AnalysisRun after the switch."
}
RolloutAnalysisRunStatus {
  name: string required always "Name of the AnalysisRun."
  status: string required always "Phase of the AnalysisRun."
  message: string "Message of the AnalysisRun."
}
TrafficWeights {
  canary: WeightDestination required always "Share of the new version."
  stable: WeightDestination required always "Share of the stable version."
  additional: [WeightDestination] atomic "Shares of versions in an experiment."
  verified: bool? "Whether the router was seen to have these weights; unset when it cannot be asked."
}
WeightDestination {
  weight: int32 required always "Share of the traffic, of maxTrafficWeight."
  serviceName: string "The Service that gets it."
  podTemplateHash: string "Hash of the version that gets it."
}
StepPluginStatus {
  index: int32 required always "Position of the step, from 0."
  name: string required always "Name of the plugin."
  message: string "What it has to say."
  phase: string "Running, Successful, Failed or Error."
  startedAt: time? "When it was called first."
  updatedAt: time? "When it was called last."
  finishedAt: time? "When it was done."
  operation: string required always "Run, Terminate or Abort."
  backoff: string "Time until it is called again."
  executions: int32 "How often it was called."
  disabled: bool "Whether the plugin was switched off."
  status: any-object "What the plugin remembers."
}
AlbStatus {
  loadBalancer: AwsResourceRef always "The load balancer."
  canaryTargetGroup: AwsResourceRef always "The target group of the new version."
  stableTargetGroup: AwsResourceRef always "The target group of the stable version."
  ingress: string "The Ingress they belong to."
}
AwsResourceRef {
  name: string required always "Name of the resource."
  arn: string required always "Its name at Amazon."
  fullName: string always "Its name in metrics."
}
RolloutDuration {
  rolloutStartedAt: time? "When the update began."
  manualPauseStartedAt: time? "Since when it waits for a person."
  totalManualPauseDurationSeconds: int64 "Seconds it has waited for persons."
  finishedAt: time? "When the update ended."
  completionStatus: string "How the update ended."
}
)";

}  // namespace canaria::api::schema
