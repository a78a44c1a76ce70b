// The sets of one Deployment by their part in it, and the stages of a plan. Only for the files of the Deployment's plan.
#pragma once

#include "plan/workload/deployment.h"

namespace canaria::plan::workload {

struct DeploymentView {
  const DeploymentSnapshot& snapshot;
  const DeploymentState& deployment;
  const SetState* new_set = nullptr;   // runs the template of the Deployment
  std::vector<const SetState*> old;    // the others, oldest first
  std::vector<const SetState*> all;    // both

  std::int32_t wanted_pods() const;    // sum of spec.replicas
  std::int32_t available_pods() const;
};

std::optional<std::int64_t> number_annotation(const api::ObjectMeta& object, const char* name);
// The change of a set's size with the annotations that record what it was scaled for; empty when nothing changes.
std::optional<SetWrite> resize(const DeploymentState& deployment, const SetState& set, std::int32_t size);
// How many pods the new set may have now.
std::int32_t new_set_size(const DeploymentView& view, std::int32_t size_now);

// deployment_scaling.cc: each adds at most the writes of one move.
void plan_scaling(const DeploymentView& view, std::vector<SetWrite>& writes);
void plan_rolling_update(const DeploymentView& view, std::vector<SetWrite>& writes);
void plan_recreation(const DeploymentView& view, std::vector<SetWrite>& writes);
// Whether spec.replicas changed since the sets were last scaled.
bool is_scaling_event(const DeploymentView& view);

// deployment_status.cc
DeploymentStatus deployment_status(const DeploymentView& view);
bool is_complete(const DeploymentState& deployment, const DeploymentStatus& status);
std::optional<Time> progress_check(const DeploymentState& deployment, const DeploymentStatus& status, Time now);
json::Value deployment_status_patch(const DeploymentStatus& before, const DeploymentStatus& after);

}  // namespace canaria::plan::workload
