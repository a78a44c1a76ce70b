// AnalysisTemplate, ClusterAnalysisTemplate and AnalysisRun: metrics, arguments and results.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kAnalysisTable = R"(
AnalysisTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisTemplateSpec required always
}
ClusterAnalysisTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisTemplateSpec required always
}
AnalysisTemplateSpec {
  metrics: [Metric] atomic "What to measure."
  args: [Argument] atomic "Arguments the metrics may use, with optional defaults."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  templates: [AnalysisTemplateRef] atomic "Templates that are part of this one."
}
Argument {
  name: string required always
  value: string?
  valueFrom: ArgumentValueFrom
}
ArgumentValueFrom {
  secretKeyRef: ArgumentSecretKeyRef
  fieldRef: FieldRef
}
ArgumentSecretKeyRef {
  name: string required always
  key: string required always
}
Metric {
  name: string required always
  interval: string
  initialDelay: string
  count: int-or-string?
  successCondition: string
  failureCondition: string
  failureLimit: int-or-string?
  inconclusiveLimit: int-or-string?
  consecutiveErrorLimit: int-or-string?
  consecutiveSuccessLimit: int-or-string?
  provider: MetricProvider required always
}
AnalysisRun {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisRunSpec required always
  status: AnalysisRunStatus always
}
AnalysisRunSpec {
  metrics: [Metric] required always atomic "What to measure."
  args: [Argument] atomic "Arguments the metrics use."
  terminate: bool "Stops the run."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  ttlStrategy: TtlStrategy "When the finished run is deleted."
}
TtlStrategy {
  secondsAfterCompletion: int32?
  secondsAfterFailure: int32?
  secondsAfterSuccess: int32?
}
AnalysisRunStatus {
  phase: string always
  message: string
  metricResults: [MetricResult] atomic
  startedAt: time?
  runSummary: RunSummary always
  dryRunSummary: RunSummary
  completedAt: time?
}
MetricResult {
  name: string required always
  phase: string required always
  measurements: [Measurement] atomic
  message: string
  count: int32
  successful: int32
  failed: int32
  inconclusive: int32
  error: int32
  consecutiveError: int32
  dryRun: bool
  metadata: {string}
  consecutiveSuccess: int32
}
Measurement {
  phase: string required always
  message: string
  startedAt: time?
  finishedAt: time?
  value: string
  metadata: {string}
  resumeAt: time?
}
RunSummary {
  count: int32
  successful: int32
  failed: int32
  inconclusive: int32
  error: int32
}
)";

}  // namespace canaria::api::schema
