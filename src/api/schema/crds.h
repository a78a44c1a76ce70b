// The five CustomResourceDefinitions, made from the field tables. deploy/crds holds them as files; a test keeps both equal.
#pragma once

#include <string>
#include <vector>

#include "json/value.h"

namespace canaria::api {

// apiextensions.k8s.io/v1 objects in the order Rollout, AnalysisTemplate, ClusterAnalysisTemplate, AnalysisRun, Experiment.
std::vector<json::Value> custom_resource_definitions();

}  // namespace canaria::api
