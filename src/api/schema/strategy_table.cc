// The two strategies of a Rollout and the analysis block they share.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kStrategyTable = R"(
BlueGreenStrategy {
  activeService: string required always "The Service that gets the live version."
  previewService: string "The Service that gets the new version before it is promoted."
  previewReplicaCount: int32? "Pods of the new version before it is promoted."
  autoPromotionEnabled: bool? "False waits for a person before the active Service is switched; true when unset."
  autoPromotionSeconds: int32 "Seconds to wait before the new version is promoted."
  maxUnavailable: int-or-string? "Pods that may be unavailable during a restart; 25% when unset."
  scaleDownDelaySeconds: int32? "Seconds before the previous version is scaled down; 30 when unset."
  scaleDownDelayRevisionLimit: int32? "How many old versions may wait to be scaled down."
  abortScaleDownDelaySeconds: int32? "Seconds before an aborted version is scaled down; 0 is never, 30 when unset."
  prePromotionAnalysis: RolloutAnalysis "Must succeed before the active Service is switched."
  postPromotionAnalysis: RolloutAnalysis "Must succeed before the new version counts as stable."
  antiAffinity: AntiAffinity "Keeps pods of the old and new version apart."
  previewMetadata: PodTemplateMetadata "Labels and annotations of pods while they are the preview."
  activeMetadata: PodTemplateMetadata "Labels and annotations of pods while they are live."
}
CanaryStrategy {
  canaryService: string "The Service that selects the new version."
  stableService: string "The Service that selects the stable version."
  steps: [CanaryStep] atomic "What to do, in order, from the old version to the new one."
  trafficRouting: TrafficRouting "The routers that split traffic; without it the number of pods does."
  maxUnavailable: int-or-string? "Pods that may be unavailable during an update; 25% when unset."
  maxSurge: int-or-string? "Pods that may exist on top of the desired number; 25% when unset."
  analysis: BackgroundAnalysis "Analysis that runs in the background during the update."
  antiAffinity: AntiAffinity "Keeps pods of the old and new version apart."
  canaryMetadata: PodTemplateMetadata "Labels and annotations of pods while they are the canary."
  stableMetadata: PodTemplateMetadata "Labels and annotations of pods while they are stable."
  scaleDownDelaySeconds: int32? "Seconds before the previous version is scaled down; only with trafficRouting."
  scaleDownDelayRevisionLimit: int32? "How many old versions may wait to be scaled down."
  abortScaleDownDelaySeconds: int32? "Seconds before an aborted version is scaled down; 0 is never, 30 when unset."
  dynamicStableScale: bool "Shrinks the stable version as traffic leaves it; only with trafficRouting."
  pingPong: PingPong "Two Services that take turns as stable and canary Service."
  minPodsPerReplicaSet: int32? "Least number of pods of a version that has any; only with trafficRouting."
  replicaProgressThreshold: ReplicaProgressThreshold "Share of a step's pods that must be available to go on."
}
PingPong {
  pingService: string required always "Name of the first Service."
  pongService: string required always "Name of the second Service."
}
ReplicaProgressThreshold {
  type: string required always "Percentage or Pod."
  value: int32 required always "The share in percent, or the number of pods."
}
AntiAffinity {
  preferredDuringSchedulingIgnoredDuringExecution: PreferredAntiAffinity "Places them apart when there is room."
  requiredDuringSchedulingIgnoredDuringExecution: RequiredAntiAffinity "Never places them together."
}
PreferredAntiAffinity {
  weight: int32 required always "How much it matters among all preferences, 1 to 100."
}
# It has no members: its presence is the setting.
RequiredAntiAffinity {
}
RolloutAnalysis {
  templates: [AnalysisTemplateRef] atomic "The templates the AnalysisRun is made of."
  args: [RolloutAnalysisArgument] atomic "Arguments for the templates."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  analysisRunMetadata: PodTemplateMetadata "Labels and annotations of the AnalysisRun."
}
BackgroundAnalysis {
  templates: [AnalysisTemplateRef] atomic "The templates the AnalysisRun is made of."
  args: [RolloutAnalysisArgument] atomic "Arguments for the templates."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  analysisRunMetadata: PodTemplateMetadata "Labels and annotations of the AnalysisRun."
  startingStep: int32? "Position of the step, from 0, with which it starts; 0 when unset."
}
AnalysisTemplateRef {
  templateName: string always "Name of the template."
  clusterScope: bool "True takes a ClusterAnalysisTemplate."
}
RolloutAnalysisArgument {
  name: string required always "Name of the argument."
  value: string "Its value."
  valueFrom: RolloutArgumentValueFrom "Takes the value from somewhere else; not together with value."
}
RolloutArgumentValueFrom {
  podTemplateHashValue: string? "The hash of a version: Stable or Latest."
  fieldRef: FieldRef "A field of the Rollout."
}
FieldRef {
  fieldPath: string required always "Path of the field, like metadata.labels['region']."
}
DryRun {
  metricName: string required always "Name of the metric, or a regular expression for several."
}
MeasurementRetention {
  metricName: string required always "Name of the metric, or a regular expression for several."
  limit: int32 required always "How many measurements are kept."
}
)";

}  // namespace canaria::api::schema
