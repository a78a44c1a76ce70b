// The conditions of a running pod, each from the facts, with the transition time kept while its status stays.
#pragma once

#include <vector>

#include "plan/pod/pod_view.h"

namespace canaria::plan {

// In the kubelet's order. Conditions of others (readiness gates) are kept as they are.
std::vector<api::RunningPodCondition> pod_conditions(const PodView& view, const std::string& phase);

}  // namespace canaria::plan
