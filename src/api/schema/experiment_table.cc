// The Experiment: short-lived ReplicaSets side by side, with analysis.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kExperimentTable = R"(
Experiment {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: ExperimentSpec required always "Which pods run, for how long, and what is measured."
  status: ExperimentStatus always "How far the experiment is."
}
ExperimentSpec {
  templates: [ExperimentTemplate] required always atomic "The ReplicaSets to run."
  duration: string "How long they run once all are available; without it until the required analyses end."
  progressDeadlineSeconds: int32? "Seconds a template may take to become available; 600 when unset."
  terminate: bool "Stops the experiment."
  analyses: [ExperimentAnalysis] atomic "AnalysisRuns to start once all templates are available."
  scaleDownDelaySeconds: int32? "Seconds before the pods are removed at the end; 30 when unset."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  analysisRunMetadata: PodTemplateMetadata "Labels and annotations of the AnalysisRuns."
}
ExperimentTemplate {
  name: string required always "Name of the template; unique in the experiment."
  replicas: int32? "Number of pods; 1 when unset."
  minReadySeconds: int32 "Seconds a pod must be ready before it counts as available."
  selector: LabelSelector required "Selects the pods of the ReplicaSet."
  template: PodTemplateSpec required always "The pods to run."
  service: TemplateService "Makes a Service for the pods."
}
ExperimentAnalysis {
  name: string required always "Name of the analysis; unique in the experiment."
  templateName: string required always "Name of the AnalysisTemplate."
  clusterScope: bool "True takes a ClusterAnalysisTemplate."
  args: [Argument] atomic "Arguments for the template."
  requiredForCompletion: bool "True lets the experiment go on until this analysis has ended."
}
ExperimentStatus {
  phase: string "Pending, Running, Successful, Failed, Error or Inconclusive."
  message: string "Why it is so."
  availableAt: time? "When all templates had become available; duration counts from here."
  templateStatuses: [ExperimentTemplateStatus] atomic "The ReplicaSet of each template."
  analysisRuns: [ExperimentAnalysisRunStatus] atomic "The AnalysisRun of each analysis."
  conditions: [RolloutCondition] atomic "InvalidExperimentSpec, Progressing and others."
}
ExperimentTemplateStatus {
  name: string required always "Name of the template."
  replicas: int32 always "Pods that exist."
  updatedReplicas: int32 always "Pods of the template."
  readyReplicas: int32 always "Pods that are ready."
  availableReplicas: int32 always "Pods that have been ready for minReadySeconds."
  collisionCount: int32? "How often the name of the ReplicaSet was taken."
  status: string "Progressing, Running, Successful, Failed or Error."
  message: string "Why it is so."
  lastTransitionTime: time? "When the status changed last."
  serviceName: string "Name of the Service made for the pods."
  podTemplateHash: string "Hash of the template; a label of the pods."
}
ExperimentAnalysisRunStatus {
  name: string required always "Name of the analysis."
  analysisRun: string always "Name of the AnalysisRun."
  phase: string always "Phase of the AnalysisRun."
  message: string "Message of the AnalysisRun."
}
)";

}  // namespace canaria::api::schema
