// What the status says after a pass: counters, step, promotion. Every field is set anew in each pass; only what is named in
// fresh_status survives by itself.
#include <algorithm>
#include <fmt/format.h>

#include "lang/selector.h"
#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/conditions.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

void count_pods(const View& view, api::RolloutStatus& status) {
  status.replicas = status.readyReplicas = status.availableReplicas = 0;
  for (const api::ReplicaSet* set : view.claimed) {
    status.replicas += set->status.replicas;
    status.readyReplicas += set->status.readyReplicas;
    status.availableReplicas += set->status.availableReplicas;
  }
  status.updatedReplicas = view.roles.new_set ? view.roles.new_set->status.replicas : 0;
  status.HPAReplicas = status.replicas;
}

api::RolloutStatus fresh_status(const View& view) {
  const api::RolloutStatus& stored = view.rollout.status;
  api::RolloutStatus status;
  status.restartedAt = stored.restartedAt;
  status.alb = stored.alb;
  status.albs = stored.albs;
  status.duration = stored.duration;
  status.collisionCount = stored.collisionCount;
  status.conditions = stored.conditions;
  status.promoteFull = stored.promoteFull;
  status.stableRS = stored.stableRS;
  status.canary.stablePingPong = stored.canary.stablePingPong;
  status.canary.stepPluginStatuses = stored.canary.stepPluginStatuses;
  status.abort = stored.abort;
  status.abortedAt = stored.abortedAt;
  status.pauseConditions = stored.pauseConditions;
  status.controllerPause = stored.controllerPause;
  status.observedGeneration = stored.observedGeneration;
  status.phase = stored.phase;
  status.message = stored.message;
  count_pods(view, status);
  status.currentPodHash = view.current_hash();
  status.currentStepHash = view.rollout.step_hash;
  if (view.rollout.spec.selector) status.selector = lang::selector_text(*view.rollout.spec.selector);
  return status;
}

// What a pass already decided on its own status before the status stage (restartedAt, conditions, weights) is taken over.
void begin_status(const View& view, Pass& pass) {
  api::RolloutStatus status = fresh_status(view);
  status.restartedAt = pass.status.restartedAt;
  status.conditions = pass.status.conditions;
  status.canary.weights = pass.status.canary.weights;
  remove_condition(status.conditions, "InvalidSpec");
  pass.status = std::move(status);
}

std::optional<std::int32_t> last_index(const View& view) {
  if (view.rollout.step_count() == 0) return std::nullopt;
  return view.rollout.step_count();
}

std::string promotion_reason(const View& view, const Pass& pass) {
  const api::RolloutStatus& stored = view.rollout.status;
  if (stored.stableRS.empty() || !view.roles.stable) return "Initial deploy";
  if (pass.pauses.is_aborted(stored)) return "";
  const std::int32_t available = view.roles.new_set ? view.roles.new_set->status.availableReplicas : 0;
  const bool has_threshold = view.canary().replicaProgressThreshold && view.canary().replicaProgressThreshold->value > 0;
  const bool is_enough = available >= view.rollout.replicas() ||
                         (has_threshold && meets_threshold(view.rollout, view.roles.new_set, view.rollout.replicas()));
  if (!is_enough) return "";
  if (stored.promoteFull) return "Full promotion requested";
  if (is_fast_rollback(view)) return is_within_rollback_window(view) ? "Rollback within window" : "Fast rollback";
  const std::int32_t steps = view.rollout.step_count();
  // The index as this pass knows it: a rollback within the window has just skipped to the end.
  const std::int32_t index = pass.status.currentStepIndex.value_or(0);
  if (steps == 0 || index >= steps) return fmt::format("Completed all {} canary steps", steps);
  return "";
}

void promote(const View& view, const std::string& why, Pass& pass) {
  pass.pauses.clear_all = true;
  pass.pauses.unabort = true;
  pass.status.promoteFull = false;
  pass.status.currentStepIndex = last_index(view);
  const api::RolloutStatus& stored = view.rollout.status;
  if (stored.stableRS != pass.status.currentPodHash) {
    if (view.canary().pingPong) pass.status.canary.stablePingPong = stored.canary.stablePingPong == "ping" ? "pong" : "ping";
    if (pass.status.duration && pass.status.duration->completionStatus.empty())
      pass.status.duration->completionStatus = stored.promoteFull ? "FastPromoted" : "Promoted";
    pass.status.stableRS = pass.status.currentPodHash;
    pass.tell_later(
        api::EventType::kNormal, "RolloutCompleted",
        fmt::format("Rollout completed update to revision {} ({}): {}", view.current_revision(), pass.status.stableRS, why));
  }
  plan_workload_scale_down(view, WorkloadStage::kPromotion, pass);
}

bool is_step_complete(const View& view, const Pass& pass) {
  const api::CanaryStep* step = view.rollout.current_step();
  if (!step || view.rollout.spec.paused) return false;
  if (step->pause) return is_pause_complete(view);
  if (step->setCanaryScale || step->setWeight) return at_desired_counts(view.rollout, view.roles, pass.status.canary.weights);
  return false;
}

void complete_step(const View& view, const api::CanaryStep& step, std::int32_t index, Pass& pass) {
  pass.status.currentStepIndex = index + 1;
  pass.pauses.removed.push_back("CanaryPauseStep");
  pass.tell_later(api::EventType::kNormal, "RolloutStepCompleted",
                  fmt::format("Rollout step {}/{} completed ({})", index + 1, view.rollout.step_count(), step_text(step)));
}

}  // namespace

std::string step_text(const api::CanaryStep& step) {
  if (step.setWeight) return fmt::format("setWeight: {}", *step.setWeight);
  if (step.pause) {
    if (!step.pause->duration) return "pause";
    const auto* seconds = std::get_if<std::int32_t>(&step.pause->duration->value);
    return "pause: " + (seconds ? std::to_string(*seconds) : std::get<std::string>(step.pause->duration->value));
  }
  if (!step.experiment.is_null()) return "experiment";
  if (!step.analysis.is_null()) return "analysis";
  if (step.setCanaryScale) {
    if (step.setCanaryScale->weight) return fmt::format("setCanaryScale{{weight: {}}}", *step.setCanaryScale->weight);
    if (step.setCanaryScale->matchTrafficWeight) return "setCanaryScale{matchTrafficWeight: true}";
    if (step.setCanaryScale->replicas) return fmt::format("setCanaryScale{{replicas: {}}}", *step.setCanaryScale->replicas);
  }
  if (!step.plugin.is_null()) return fmt::format("plugin: {}", json::text_at(step.plugin, "name"));
  if (!step.setHeaderRoute.is_null()) return fmt::format("setHeaderRoute: {}", json::text_at(step.setHeaderRoute, "name"));
  if (!step.setMirrorRoute.is_null()) return fmt::format("setMirrorRoute: {}", json::text_at(step.setMirrorRoute, "name"));
  return "invalid";
}

bool is_template_changed(const View& view) {
  return !view.rollout.status.currentPodHash.empty() && view.rollout.status.currentPodHash != view.current_hash();
}

bool are_steps_changed(const View& view) { return view.rollout.status.currentStepHash != view.rollout.step_hash; }

void start_over(const View& view, Pass& pass) {
  begin_status(view, pass);
  pass.pauses.clear_all = true;
  pass.pauses.unabort = true;
  pass.status.restartedAt = view.rollout.spec.restartAt;
  pass.status.promoteFull = false;
  pass.status.canary.stepPluginStatuses = nullptr;
  const std::int32_t steps = view.rollout.step_count();
  if (steps == 0) return;
  pass.status.currentStepIndex = 0;
  const std::string& stable = view.rollout.status.stableRS;
  if (!stable.empty() && view.current_hash() == stable) {
    pass.status.currentStepIndex = steps;
    pass.tell_later(api::EventType::kNormal, "SkipSteps", "Rollback to stable ReplicaSets");
  } else if (is_within_rollback_window(view) && view.roles.new_set->replicas() > 0) {
    pass.status.currentStepIndex = steps;
    pass.tell_later(api::EventType::kNormal, "SkipSteps", "Rollback to active ReplicaSets within RollbackWindow");
  }
}

void decide_canary_status(const View& view, Pass& pass) {
  begin_status(view, pass);
  const api::RolloutStatus& stored = view.rollout.status;
  const std::int32_t steps = view.rollout.step_count();
  if (steps > 0) pass.status.currentStepIndex = std::clamp(view.rollout.step_index(), 0, steps);
  if (stored.abort && view.rollout.is_fully_promoted()) pass.pauses.unabort = true;
  if (stored.promoteFull || is_within_rollback_window(view)) {
    pass.pauses.clear_all = true;
    pass.pauses.unabort = true;
    pass.status.currentStepIndex = last_index(view);
  }
  if (const std::string why = promotion_reason(view, pass); !why.empty()) return promote(view, why, pass);
  if (pass.pauses.is_aborted(stored)) {
    if (steps > 0) pass.status.currentStepIndex = view.rollout.is_fully_promoted() ? steps : 0;
    return;
  }
  if (is_step_complete(view, pass)) complete_step(view, *view.rollout.current_step(), view.rollout.step_index(), pass);
}

void decide_scaling_status(const View& view, Pass& pass) {
  std::int32_t available = 0;
  std::int32_t replicas = 0;
  for (const api::ReplicaSet* set : view.claimed) {
    available += set->status.availableReplicas;
    replicas += set->status.replicas;
  }
  pass.status.availableReplicas = available;
  pass.status.HPAReplicas = replicas;
}

}  // namespace canaria::plan
