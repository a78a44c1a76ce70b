// The Experiment: short-lived ReplicaSets side by side, with analysis.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kExperimentTable = R"(
Experiment {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: ExperimentSpec required always
  status: ExperimentStatus always
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
  name: string required always
  replicas: int32?
  minReadySeconds: int32
  selector: LabelSelector required
  template: PodTemplateSpec required always
  service: TemplateService
}
ExperimentAnalysis {
  name: string required always
  templateName: string required always
  clusterScope: bool
  args: [Argument] atomic
  requiredForCompletion: bool
}
ExperimentStatus {
  phase: string
  message: string
  availableAt: time?
  templateStatuses: [ExperimentTemplateStatus] atomic
  analysisRuns: [ExperimentAnalysisRunStatus] atomic
  conditions: [RolloutCondition] atomic
}
ExperimentTemplateStatus {
  name: string required always
  replicas: int32 always
  updatedReplicas: int32 always
  readyReplicas: int32 always
  availableReplicas: int32 always
  collisionCount: int32?
  status: string
  message: string
  lastTransitionTime: time?
  serviceName: string
  podTemplateHash: string
}
ExperimentAnalysisRunStatus {
  name: string required always
  analysisRun: string always
  phase: string always
  message: string
}
)";

}  // namespace canaria::api::schema
