// The status of a Deployment: counters, and the conditions Available, Progressing and ReplicaFailure.
#include <algorithm>
#include <fmt/format.h>

#include "json/codec.h"
#include "json/patch.h"
#include "plan/rollout/conditions.h"
#include "plan/workload/deployment_view.h"

namespace canaria::plan::workload {
namespace {

std::string subject(const DeploymentView& view) {
  if (view.new_set) return fmt::format("ReplicaSet \"{}\"", view.new_set->metadata.name);
  return fmt::format("Deployment \"{}\"", view.deployment.metadata.name);
}

void count(const DeploymentView& view, DeploymentStatus& status) {
  for (const SetState* set : view.all) {
    status.replicas += set->status.replicas;
    status.readyReplicas += set->status.readyReplicas;
    status.availableReplicas += set->status.availableReplicas;
  }
  if (view.new_set) status.updatedReplicas = view.new_set->status.replicas;
  status.unavailableReplicas = std::max(0, view.wanted_pods() - status.availableReplicas);
}

void update_available(const DeploymentView& view, DeploymentStatus& status) {
  const bool is_available = status.availableReplicas >= view.deployment.fewest_available();
  api::Condition condition{"Available", is_available ? "True" : "False", {}, {}, "", ""};
  condition.reason = is_available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable";
  condition.message = is_available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.";
  set_condition(status.conditions, view.snapshot.now, condition);
}

bool is_progress(const DeploymentStatus& before, const DeploymentStatus& after) {
  return after.updatedReplicas > before.updatedReplicas ||
         after.replicas - after.updatedReplicas < before.replicas - before.updatedReplicas ||
         after.readyReplicas > before.readyReplicas || after.availableReplicas > before.availableReplicas;
}

bool is_timed_out(const DeploymentState& deployment, const api::Condition& progressing, Time now) {
  if (progressing.reason == "ProgressDeadlineExceeded") return true;
  if (progressing.reason == "NewReplicaSetAvailable" || !progressing.lastUpdateTime) return false;
  return *progressing.lastUpdateTime + *deployment.progress_deadline < now;
}

// A new rollout begins when another set than the one of the noted revision is the new one.
bool is_new_rollout(const DeploymentView& view) {
  return view.new_set &&
         view.new_set->metadata.annotation(kDeploymentRevision) != view.deployment.metadata.annotation(kDeploymentRevision);
}

void set_progressing(const DeploymentView& view, DeploymentStatus& status, const char* value, const char* reason,
                     std::string message, Refresh refresh = Refresh::kIfChanged) {
  set_condition(status.conditions, view.snapshot.now, {"Progressing", value, {}, {}, reason, std::move(message)}, refresh);
}

void note_new_rollout(const DeploymentView& view, DeploymentStatus& status) {
  const bool was_there = !view.new_set->metadata.annotation(kRevisionHistory).empty();
  const std::string& name = view.new_set->metadata.name;
  if (was_there) set_progressing(view, status, "True", "FoundNewReplicaSet", fmt::format("Found new replica set \"{}\"", name));
  else set_progressing(view, status, "True", "NewReplicaSetCreated", fmt::format("Created new replica set \"{}\"", name));
}

void update_progressing(const DeploymentView& view, DeploymentStatus& status) {
  if (!view.deployment.progress_deadline) {
    remove_condition(status.conditions, "Progressing");
    return;
  }
  if (is_new_rollout(view)) note_new_rollout(view, status);
  const api::Condition* now_shown = find_condition(status.conditions, "Progressing");
  const bool is_settled = status.replicas == status.updatedReplicas && now_shown && now_shown->reason == "NewReplicaSetAvailable";
  if (is_settled) return;
  if (is_complete(view.deployment, status))
    return set_progressing(view, status, "True", "NewReplicaSetAvailable", subject(view) + " has successfully progressed.");
  if (is_progress(view.deployment.status, status))
    return set_progressing(view, status, "True", "ReplicaSetUpdated", subject(view) + " is progressing.", Refresh::kAlways);
  if (now_shown && is_timed_out(view.deployment, *now_shown, view.snapshot.now))
    set_progressing(view, status, "False", "ProgressDeadlineExceeded", subject(view) + " has timed out progressing.");
}

// Returns whether the pause decides what Progressing says.
bool update_pause(const DeploymentView& view, DeploymentStatus& status) {
  const api::Condition* now_shown = find_condition(status.conditions, "Progressing");
  if (!view.deployment.progress_deadline) return view.deployment.is_paused;
  if (now_shown && now_shown->reason == "ProgressDeadlineExceeded" && view.deployment.is_paused) return true;
  const bool says_paused = now_shown && now_shown->reason == "DeploymentPaused";
  if (view.deployment.is_paused && !says_paused)
    set_progressing(view, status, "Unknown", "DeploymentPaused", "Deployment is paused");
  if (!view.deployment.is_paused && says_paused)
    set_progressing(view, status, "Unknown", "DeploymentResumed", "Deployment is resumed");
  return view.deployment.is_paused;
}

void update_failure(const DeploymentView& view, DeploymentStatus& status) {
  for (const SetState* set : view.all) {
    const api::ReplicaSetCondition* failure = set->condition("ReplicaFailure");
    if (!failure || failure->status != "True") continue;
    set_condition(status.conditions, view.snapshot.now, {"ReplicaFailure", "True", {}, {}, failure->reason, failure->message});
    return;
  }
  remove_condition(status.conditions, "ReplicaFailure");
}

}  // namespace

DeploymentStatus deployment_status(const DeploymentView& view) {
  DeploymentStatus status;
  status.observedGeneration = view.deployment.metadata.generation;
  status.collisionCount = view.deployment.status.collisionCount;
  status.conditions = view.deployment.status.conditions;
  count(view, status);
  update_available(view, status);
  if (!update_pause(view, status)) update_progressing(view, status);
  update_failure(view, status);
  return status;
}

bool is_complete(const DeploymentState& deployment, const DeploymentStatus& status) {
  return status.updatedReplicas == deployment.replicas && status.replicas == deployment.replicas &&
         status.availableReplicas == deployment.replicas && status.observedGeneration >= deployment.metadata.generation;
}

std::optional<Time> progress_check(const DeploymentState& deployment, const DeploymentStatus& status, Time now) {
  const api::Condition* progressing = find_condition(status.conditions, "Progressing");
  if (!deployment.progress_deadline || deployment.is_paused || !progressing || !progressing->lastUpdateTime) return std::nullopt;
  if (progressing->status != "True" || progressing->reason == "NewReplicaSetAvailable") return std::nullopt;
  // One second more: the deadline must have passed, and times are kept in whole seconds.
  return std::max(now + Seconds(1), *progressing->lastUpdateTime + *deployment.progress_deadline + Seconds(1));
}

json::Value deployment_status_patch(const DeploymentStatus& before, const DeploymentStatus& after) {
  json::Value patch = json::merge_diff(json::encode(before), json::encode(after));
  if (patch.get_object().empty()) return nullptr;
  return json::Object{{"status", std::move(patch)}};
}

}  // namespace canaria::plan::workload
