// The schema of each kind by its name: where parsed field tables are found.
#pragma once

#include <string_view>

#include "json/schema.h"

namespace canaria::api {

// The schema of a kind ("Rollout", "AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun", "Experiment") or of a type
// inside one ("PodTemplateSpec", "CanarySteps", "JobSpec" ...). Parsed once, on first use. REQUIRES that the type exists.
const json::Schema& schema_of(std::string_view type);

}  // namespace canaria::api
