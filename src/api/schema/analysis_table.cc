// AnalysisTemplate, ClusterAnalysisTemplate and AnalysisRun: metrics, arguments and results.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kAnalysisTable = R"(
AnalysisTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisTemplateSpec required always "What is measured, and with which arguments."
}
ClusterAnalysisTemplate {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisTemplateSpec required always "What is measured, and with which arguments."
}
AnalysisTemplateSpec {
  metrics: [Metric] atomic "What to measure."
  args: [Argument] atomic "Arguments the metrics may use, with optional defaults."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  measurementRetention: [MeasurementRetention] atomic "How many measurements of a metric are kept."
  templates: [AnalysisTemplateRef] atomic "Templates that are part of this one."
}
Argument {
  name: string required always "Name of the argument; metrics refer to it as {{args.name}}."
  value: string? "Its value; without it and valueFrom somebody else has to give one."
  valueFrom: ArgumentValueFrom "Takes the value from somewhere else; not together with value."
}
ArgumentValueFrom {
  secretKeyRef: ArgumentSecretKeyRef "A key of a Secret."
  fieldRef: FieldRef "A field of the Rollout."
}
ArgumentSecretKeyRef {
  name: string required always "Name of the Secret."
  key: string required always "Key in the Secret."
}
Metric {
  name: string required always "Name of the metric; unique in the run."
  interval: string "Time between two measurements, like 30s or 5m; without it there is one."
  initialDelay: string "Time before the first measurement; none when unset."
  count: int-or-string? "Number of measurements; with an interval and no count they go on until the run is stopped."
  successCondition: string "Expression over result that makes a measurement successful, like result[0] >= 0.95."
  failureCondition: string "Expression over result that makes a measurement failed."
  failureLimit: int-or-string? "Failed measurements that are put up with; one more fails the metric. 0 when unset, -1 is no limit."
  inconclusiveLimit: int-or-string? "Inconclusive measurements that are put up with; 0 when unset."
  consecutiveErrorLimit: int-or-string? "Errors in a row that are put up with; 4 when unset."
  consecutiveSuccessLimit: int-or-string? "Successful measurements in a row that are enough; not asked for when 0 or unset."
  provider: MetricProvider required always "Where the measurements come from: exactly one."
}
AnalysisRun {
  apiVersion: string
  kind: string
  metadata: ObjectMeta always bare
  spec: AnalysisRunSpec required always "What is measured, and with which arguments."
  status: AnalysisRunStatus always "What was measured, and what came out."
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
  secondsAfterCompletion: int32? "Seconds after the end, whatever came out."
  secondsAfterFailure: int32? "Seconds after a failure or an error; wins over secondsAfterCompletion."
  secondsAfterSuccess: int32? "Seconds after a success; wins over secondsAfterCompletion."
}
AnalysisRunStatus {
  phase: string always "Pending, Running, Successful, Failed, Error or Inconclusive."
  message: string "Why it is so."
  metricResults: [MetricResult] atomic "The measurements of each metric."
  startedAt: time? "When the run started."
  runSummary: RunSummary always "Numbers of metrics by what came out."
  dryRunSummary: RunSummary "The same numbers for metrics that do not count."
  completedAt: time? "When the run ended."
}
MetricResult {
  name: string required always "Name of the metric."
  phase: string required always "Pending, Running, Successful, Failed, Error or Inconclusive."
  measurements: [Measurement] atomic "The last measurements; 10 are kept unless measurementRetention says more."
  message: string "Why it is so."
  count: int32 "Measurements without errors."
  successful: int32 "Successful measurements."
  failed: int32 "Failed measurements."
  inconclusive: int32 "Measurements that were neither successful nor failed."
  error: int32 "Measurements that could not be taken."
  consecutiveError: int32 "Errors in a row up to now."
  dryRun: bool "Whether the result does not count."
  metadata: {string} "Further facts from the provider, such as the query with its arguments."
  consecutiveSuccess: int32 "Successful measurements in a row up to now."
}
Measurement {
  phase: string required always "Running, Successful, Failed, Error or Inconclusive."
  message: string "Why it is so."
  startedAt: time? "When it was started."
  finishedAt: time? "When it was finished."
  value: string "What was measured."
  metadata: {string} "Further facts from the provider."
  resumeAt: time? "When to look again at a measurement that takes long."
}
RunSummary {
  count: int32 "Metrics in all."
  successful: int32 "Successful metrics."
  failed: int32 "Failed metrics."
  inconclusive: int32 "Inconclusive metrics."
  error: int32 "Metrics that could not be measured."
}
)";

}  // namespace canaria::api::schema
