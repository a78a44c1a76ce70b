#include "plan/rollout/conditions.h"

#include <algorithm>
#include <fmt/format.h>

namespace canaria::plan {
namespace {

constexpr const char* kTrue = "True";
constexpr const char* kFalse = "False";
constexpr const char* kUnknown = "Unknown";

bool is_paused(const api::Rollout& rollout, const api::RolloutStatus& status) {
  return !status.pauseConditions.empty() || rollout.spec.paused;
}

std::string subject(const View& view) {
  if (view.roles.new_set) return fmt::format("ReplicaSet \"{}\"", view.roles.new_set->metadata.name);
  return fmt::format("Rollout \"{}\"", view.rollout.metadata.name);
}

// Whether this pass brought the Rollout further.
bool is_progress(const api::RolloutStatus& before, const api::RolloutStatus& after) {
  return before.updatedReplicas != after.updatedReplicas ||
         after.replicas - after.updatedReplicas < before.replicas - before.updatedReplicas ||
         after.readyReplicas > before.readyReplicas || after.availableReplicas > before.availableReplicas ||
         before.stableRS != after.stableRS ||
         (before.currentStepIndex && after.currentStepIndex && before.currentStepIndex != after.currentStepIndex) ||
         before.currentStepHash != after.currentStepHash;
}

std::int64_t available_pods(const View& view) {
  std::int64_t sum = 0;
  for (const api::ReplicaSet* set : view.claimed) sum += set->status.availableReplicas;
  return sum;
}

void update_healthy(const View& view, Pass& pass, bool is_healthy) {
  auto& conditions = pass.status.conditions;
  if (is_healthy) set_condition(conditions, view.now(), {"Healthy", kTrue, {}, {}, "RolloutHealthy", "Rollout is healthy"});
  else if (find_condition(conditions, "Healthy"))
    set_condition(conditions, view.now(), {"Healthy", kFalse, {}, {}, "RolloutHealthy", "Rollout is not healthy"});
}

void update_progressing_after_abort(const View& view, Pass& pass) {
  const api::Condition* stored = find_condition(pass.status.conditions, "Progressing");
  if (stored && stored->reason == "RolloutAborted") return;
  std::string message = fmt::format("Rollout aborted update to revision {}", view.current_revision());
  if (!pass.pauses.abort_message.empty()) message += ": " + pass.pauses.abort_message;
  set_condition(pass.status.conditions, view.now(), {"Progressing", kFalse, {}, {}, "RolloutAborted", message});
  pass.tell_later(api::EventType::kWarning, "RolloutAborted", message);
}

void update_progressing(const View& view, Pass& pass, bool was_healthy) {
  const api::RolloutStatus& before = view.rollout.status;
  auto& conditions = pass.status.conditions;
  if (pass.status.abort) return update_progressing_after_abort(view, pass);
  if (is_complete(view, pass.status)) {
    set_condition(conditions, view.now(),
                  {"Progressing", kTrue, {}, {}, "NewReplicaSetAvailable", subject(view) + " has successfully progressed."});
    return;
  }
  const api::Condition* healthy = find_condition(conditions, "Healthy");
  const bool just_unhealthy = was_healthy && healthy && healthy->status == kFalse;
  if (is_progress(before, pass.status) || just_unhealthy) {
    const bool is_promoted = pass.status.stableRS == pass.status.currentPodHash;
    if (just_unhealthy && is_promoted)
      set_condition(conditions, view.now(),
                    {"Progressing", kTrue, {}, {}, "ReplicaSetNotAvailable", "Rollout does not have minimum availability"},
                    Refresh::kAlways);
    else
      set_condition(conditions, view.now(),
                    {"Progressing", kTrue, {}, {}, "ReplicaSetUpdated", subject(view) + " is progressing."}, Refresh::kAlways);
    return;
  }
  if (is_timed_out(view, conditions) && !is_deadline_exempt(view))
    set_condition(conditions, view.now(),
                  {"Progressing", kFalse, {}, {}, "ProgressDeadlineExceeded", subject(view) + " has timed out progressing."});
}

void update_available(const View& view, Pass& pass) {
  const bool is_available = available_pods(view) >= view.rollout.replicas();
  set_condition(pass.status.conditions, view.now(),
                {"Available",
                 is_available ? kTrue : kFalse,
                 {},
                 {},
                 "AvailableReason",
                 is_available ? "Rollout has minimum availability" : "Rollout does not have minimum availability"});
}

const api::ReplicaSetCondition* replica_failure(const api::ReplicaSet* set) {
  if (!set) return nullptr;
  for (const api::ReplicaSetCondition& condition : set->status.conditions)
    if (condition.type == "ReplicaFailure") return &condition;
  return nullptr;
}

void update_replica_failure(const View& view, Pass& pass) {
  const api::ReplicaSetCondition* failure = replica_failure(view.roles.new_set);
  for (const api::ReplicaSet* set : view.claimed)
    if (!failure) failure = replica_failure(set);
  if (!failure) return remove_condition(pass.status.conditions, "ReplicaFailure");
  const api::Condition* stored = find_condition(pass.status.conditions, "ReplicaFailure");
  if (stored && stored->status == failure->status && stored->reason == failure->reason) return;
  remove_condition(pass.status.conditions, "ReplicaFailure");
  pass.status.conditions.push_back({"ReplicaFailure", failure->status, failure->lastTransitionTime, failure->lastTransitionTime,
                                    failure->reason, failure->message});
}

void update_completed(const View& view, Pass& pass) {
  const bool is_completed = !pass.status.stableRS.empty() && pass.status.stableRS == pass.status.currentPodHash;
  const api::Condition* stored = find_condition(pass.status.conditions, "Completed");
  const bool turned_false = !is_completed && (!stored || stored->status != kFalse);
  set_condition(pass.status.conditions, view.now(),
                {"Completed", is_completed ? kTrue : kFalse, {}, {}, "RolloutCompleted", "RolloutCompleted"});
  if (turned_false)
    pass.tell_later(
        api::EventType::kNormal, "RolloutNotCompleted",
        fmt::format("Rollout not completed, started update to revision {} ({})", view.current_revision(), view.current_hash()));
}

}  // namespace

const api::Condition* find_condition(const std::vector<api::Condition>& conditions, std::string_view type) {
  const auto found = std::find_if(conditions.begin(), conditions.end(), [&](const auto& c) { return c.type == type; });
  return found == conditions.end() ? nullptr : &*found;
}

void remove_condition(std::vector<api::Condition>& conditions, std::string_view type) {
  std::erase_if(conditions, [&](const api::Condition& condition) { return condition.type == type; });
}

void set_condition(std::vector<api::Condition>& conditions, Time now, api::Condition condition, Refresh refresh) {
  const api::Condition* stored = find_condition(conditions, condition.type);
  if (stored && stored->status == condition.status && stored->reason == condition.reason && refresh == Refresh::kIfChanged)
    return;
  condition.lastUpdateTime = whole_seconds(now);
  condition.lastTransitionTime =
      stored && stored->status == condition.status ? stored->lastTransitionTime : std::optional<Time>(whole_seconds(now));
  remove_condition(conditions, condition.type);
  conditions.push_back(std::move(condition));
}

void update_pause_conditions(const api::Rollout& rollout, Time now, api::RolloutStatus& status) {
  const api::Condition* progressing = find_condition(status.conditions, "Progressing");
  const std::string reason = progressing ? progressing->reason : "";
  const bool is_completed = !status.stableRS.empty() && status.stableRS == status.currentPodHash;
  const bool paused = is_paused(rollout, status);
  const bool aborted_before = reason == "RolloutAborted";
  if (aborted_before && !status.abort)
    set_condition(status.conditions, now, {"Progressing", kUnknown, {}, {}, "RolloutRetry", "Retrying Rollout after abort"});
  if (aborted_before) return;
  if (paused && reason != "RolloutPaused" && !is_completed)
    set_condition(status.conditions, now, {"Progressing", kUnknown, {}, {}, "RolloutPaused", "Rollout is paused"});
  if (!paused && reason == "RolloutPaused" && !is_completed)
    set_condition(status.conditions, now, {"Progressing", kUnknown, {}, {}, "RolloutResumed", "Rollout is resumed"});
  const api::Condition* stored = find_condition(status.conditions, "Paused");
  if (paused != (stored && stored->status == kTrue))
    set_condition(status.conditions, now, {"Paused", paused ? kTrue : kFalse, {}, {}, "RolloutPaused", "Rollout is paused"});
}

bool is_complete(const View& view, const api::RolloutStatus& status) {
  const std::int32_t wanted = view.rollout.replicas();
  if (status.updatedReplicas != wanted || status.availableReplicas != wanted) return false;
  const bool steps_done = !status.currentStepIndex || *status.currentStepIndex >= view.rollout.step_count();
  return steps_done && status.stableRS == status.currentPodHash && status.replicas == wanted;
}

bool is_timed_out(const View& view, const std::vector<api::Condition>& conditions) {
  const api::Condition* progressing = find_condition(conditions, "Progressing");
  if (!progressing || progressing->reason == "RolloutAborted" || progressing->reason == "RolloutPaused") return false;
  if (progressing->reason == "ProgressDeadlineExceeded") return true;
  if (!progressing->lastUpdateTime) return false;
  return *progressing->lastUpdateTime + Seconds(view.rollout.spec.progressDeadlineSeconds.value_or(600)) < view.now();
}

bool is_deadline_exempt(const View& view) {
  if (const api::CanaryStep* step = view.rollout.current_step())
    if (step->pause || !step->experiment.is_null() || !step->analysis.is_null()) return true;
  const api::Condition* paused = view.rollout.condition("Paused");
  if (paused && paused->status == kTrue) return true;
  for (const api::ReplicaSet* set : view.roles.others)
    if (set->replicas() > 0 && set->metadata.annotations.contains(api::kScaleDownDeadlineAnnotation)) return true;
  return false;
}

std::optional<Time> progress_deadline(const View& view, const api::RolloutStatus& status) {
  const api::Condition* progressing = find_condition(status.conditions, "Progressing");
  if (!progressing || !progressing->lastUpdateTime || status.abort || is_paused(view.rollout, status)) return std::nullopt;
  if (is_complete(view, status) || is_deadline_exempt(view)) return std::nullopt;
  if (is_timed_out(view, status.conditions) || progressing->reason == "RolloutPaused") return std::nullopt;
  return *progressing->lastUpdateTime + Seconds(view.rollout.spec.progressDeadlineSeconds.value_or(600)) + Seconds(1);
}

void update_conditions(const View& view, Pass& pass) {
  const api::Condition* healthy = find_condition(pass.status.conditions, "Healthy");
  const bool was_healthy = healthy && healthy->status == kTrue;
  const bool is_healthy = !is_paused(view.rollout, pass.status) && is_complete(view, pass.status);
  update_healthy(view, pass, is_healthy);
  update_progressing(view, pass, was_healthy);
  update_available(view, pass);
  update_replica_failure(view, pass);
  update_completed(view, pass);
}

}  // namespace canaria::plan
