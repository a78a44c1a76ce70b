// The canary steps. The order of these fields decides status.currentStepHash: it must match the reference byte by byte.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kStepTable = R"(
# Only to hash the list as a whole.
CanarySteps {
  steps: [CanaryStep]
}
CanaryStep {
  setWeight: int32? "Share of the new version in percent, 0 to 100 (to maxTrafficWeight)."
  pause: RolloutPause "Waits, for a time or for a person."
  experiment: ExperimentStep "Runs an Experiment and waits for its end."
  analysis: RolloutAnalysis "Runs an AnalysisRun and waits for its end."
  setCanaryScale: SetCanaryScale "Sets the number of pods of the new version apart from its share of the traffic."
  setHeaderRoute: SetHeaderRoute "Leads requests with certain headers to the new version."
  setMirrorRoute: SetMirrorRoute "Sends copies of requests to the new version."
  plugin: PluginStep "Calls a plugin."
}
RolloutPause {
  duration: int-or-string? "Seconds, or a time like 10m; until somebody promotes when unset."
}
SetCanaryScale {
  weight: int32? "Share of spec.replicas in percent."
  replicas: int32? "Number of pods."
  matchTrafficWeight: bool "True goes back to as many pods as the share of the traffic needs."
}
SetHeaderRoute {
  name: string "Name of a route in trafficRouting.managedRoutes."
  match: [HeaderRoutingMatch] atomic "Headers, all of them; without any the route is removed."
}
HeaderRoutingMatch {
  headerName: string required always "Name of the header."
  headerValue: StringMatch? required always "What its value must be."
}
SetMirrorRoute {
  name: string required always "Name of a route in trafficRouting.managedRoutes."
  match: [RouteMatch] atomic "Requests that are copied, one of these; without any the route is removed."
  percentage: int32? "Share of these requests in percent; all when unset."
}
RouteMatch {
  method: StringMatch "What the HTTP method must be."
  path: StringMatch "What the path must be."
  headers: {StringMatch} "What headers must be."
}
StringMatch {
  exact: string "The whole text."
  prefix: string "How the text starts."
  regex: string "A regular expression for the whole text."
}
PluginStep {
  name: string required always "Name of the plugin."
  config: any-object "Settings of the plugin."
}
ExperimentStep {
  templates: [ExperimentStepTemplate] required always atomic "The versions to run."
  duration: string "How long they run once all are available, like 10m; without it until the required analyses end."
  analyses: [ExperimentStepAnalysis] atomic "AnalysisRuns to start once all are available."
  dryRun: [DryRun] atomic "Metrics whose result is recorded but does not count."
  analysisRunMetadata: PodTemplateMetadata always "Labels and annotations of the AnalysisRuns."
  scaleDownDelaySeconds: int32? "Seconds before the pods are removed at the end; 30 when unset."
}
ExperimentStepTemplate {
  name: string required always "Name of the template; unique in the step."
  specRef: string required always "Which version: stable or canary."
  replicas: int32? "Number of pods; 1 when unset."
  metadata: PodTemplateMetadata always "Labels and annotations on top of those of the version."
  selector: LabelSelector "Selects the pods; that of the Rollout when unset."
  weight: int32? "Share of the traffic in percent."
  service: TemplateService "Makes a Service for the pods."
}
TemplateService {
  name: string "Name of the Service; that of the ReplicaSet when unset."
}
ExperimentStepAnalysis {
  name: string required always "Name of the analysis; unique in the step."
  templateName: string required always "Name of the AnalysisTemplate."
  clusterScope: bool "True takes a ClusterAnalysisTemplate."
  args: [RolloutAnalysisArgument] atomic "Arguments for the template."
  requiredForCompletion: bool "True lets the experiment go on until this analysis has ended."
}
)";

}  // namespace canaria::api::schema
