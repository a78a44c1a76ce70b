// From the spec of a container to what is started: its environment looked up, $(VAR) expanded, its limits in numbers.
//
// The texts of failures are the kubelet's: they go into the pod's status, where people and scripts know them.
#pragma once

#include "plan/pod/pod_plan.h"
#include "plan/pod/pod_view.h"

namespace canaria::plan {

// Fails with what the status shows as the message of CreateContainerConfigError.
Result<ContainerLaunch> container_launch(const PodSnapshot& snapshot, const api::Container& container, std::int32_t attempt);

}  // namespace canaria::plan
