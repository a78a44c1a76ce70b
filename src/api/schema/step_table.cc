// The canary steps. The order of these fields decides status.currentStepHash: it must match the reference byte by byte.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kStepTable = R"(
# Only to hash the list as a whole.
CanarySteps {
  steps: [CanaryStep]
}
CanaryStep {
  setWeight: int32?
  pause: RolloutPause
  experiment: ExperimentStep
  analysis: RolloutAnalysis
  setCanaryScale: SetCanaryScale
  setHeaderRoute: SetHeaderRoute
  setMirrorRoute: SetMirrorRoute
  plugin: PluginStep
}
RolloutPause {
  duration: int-or-string?
}
SetCanaryScale {
  weight: int32?
  replicas: int32?
  matchTrafficWeight: bool
}
SetHeaderRoute {
  name: string
  match: [HeaderRoutingMatch] atomic
}
HeaderRoutingMatch {
  headerName: string required always
  headerValue: StringMatch? required always
}
SetMirrorRoute {
  name: string required always
  match: [RouteMatch] atomic
  percentage: int32?
}
RouteMatch {
  method: StringMatch
  path: StringMatch
  headers: {StringMatch}
}
StringMatch {
  exact: string
  prefix: string
  regex: string
}
PluginStep {
  name: string required always
  config: any-object
}
ExperimentStep {
  templates: [ExperimentStepTemplate] required always atomic
  duration: string
  analyses: [ExperimentStepAnalysis] atomic
  dryRun: [DryRun] atomic
  analysisRunMetadata: PodTemplateMetadata always
  scaleDownDelaySeconds: int32?
}
ExperimentStepTemplate {
  name: string required always
  specRef: string required always
  replicas: int32?
  metadata: PodTemplateMetadata always
  selector: LabelSelector
  weight: int32?
  service: TemplateService
}
TemplateService {
  name: string
}
ExperimentStepAnalysis {
  name: string required always
  templateName: string required always
  clusterScope: bool
  args: [RolloutAnalysisArgument] atomic
  requiredForCompletion: bool
}
)";

}  // namespace canaria::api::schema
