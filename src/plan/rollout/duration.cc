#include "plan/rollout/duration.h"

#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

// Waiting for a person: paused by hand, a pause step without duration, or an inconclusive result.
bool is_waiting_for_person(const View& view, const api::RolloutStatus& status) {
  if (view.rollout.spec.paused) return true;
  for (const api::PauseCondition& pause : status.pauseConditions) {
    if (pause.reason == "InconclusiveAnalysisRun" || pause.reason == "InconclusiveExperiment") return true;
    const std::int32_t index = status.currentStepIndex.value_or(0);
    if (pause.reason != "CanaryPauseStep" || index >= view.rollout.step_count()) continue;
    const auto& step = view.canary().steps[static_cast<std::size_t>(index)];
    if (step.pause && !step.pause->duration) return true;
  }
  return false;
}

void update_manual_pause(const View& view, const api::RolloutStatus& status, api::DurationStatus& duration) {
  if (is_waiting_for_person(view, status)) {
    if (!duration.manualPauseStartedAt) duration.manualPauseStartedAt = whole_seconds(view.now());
  } else if (duration.manualPauseStartedAt) {
    duration.totalManualPauseDurationSeconds +=
        std::chrono::duration_cast<Seconds>(view.now() - *duration.manualPauseStartedAt).count();
    duration.manualPauseStartedAt.reset();
  }
}

void finish(const View& view, std::string how, api::DurationStatus& duration, Pass& pass) {
  duration.manualPauseStartedAt.reset();
  duration.finishedAt = whole_seconds(view.now());
  duration.completionStatus = how;
  const auto started = duration.rolloutStartedAt.value_or(whole_seconds(view.now()));
  pass.finished.push_back({std::move(how), std::chrono::duration_cast<Seconds>(*duration.finishedAt - started),
                           Seconds(duration.totalManualPauseDurationSeconds)});
}

bool is_promoted_and_available(const View& view, const api::RolloutStatus& status) {
  const std::int32_t available = view.roles.new_set ? view.roles.new_set->status.availableReplicas : 0;
  return !status.stableRS.empty() && status.stableRS == status.currentPodHash && available >= view.rollout.replicas();
}

// A change in the middle of an attempt: going back keeps the record and names it so, going on starts a new one.
void note_change(const View& view, Pass& pass) {
  auto& duration = pass.status.duration;
  if (!duration || duration->finishedAt || view.rollout.status.currentPodHash.empty()) return;
  if (view.rollout.status.currentPodHash == pass.status.currentPodHash) return;
  const auto& [new_set, stable, others] = view.roles;
  const bool goes_back =
      new_set && stable && (new_set == stable || new_set->metadata.creationTimestamp < stable->metadata.creationTimestamp);
  if (goes_back) {
    duration->completionStatus = is_fast_rollback(view) ? "FastRolledBack" : "RolledBack";
    return;
  }
  pass.finished.push_back({"Superseded",
                           std::chrono::duration_cast<Seconds>(view.now() - duration->rolloutStartedAt.value_or(view.now())),
                           Seconds(duration->totalManualPauseDurationSeconds)});
  duration = api::DurationStatus{.rolloutStartedAt = whole_seconds(view.now())};
}

}  // namespace

void update_duration(const View& view, Pass& pass) {
  const api::RolloutStatus& before = view.rollout.status;
  api::RolloutStatus& status = pass.status;
  note_change(view, pass);
  const bool is_promoted = is_promoted_and_available(view, status);
  const bool is_changed = before.currentPodHash != status.currentPodHash;
  const bool is_retry = before.abortedAt.has_value() && !status.abort && !is_promoted;
  const bool is_finished = !status.duration || status.duration->finishedAt.has_value();
  if (is_finished && !status.abort && !is_promoted && (is_changed || is_retry || !status.duration))
    status.duration = api::DurationStatus{.rolloutStartedAt = whole_seconds(view.now())};
  if (!status.duration || status.duration->finishedAt) return;
  update_manual_pause(view, status, *status.duration);
  if (status.abort) return finish(view, "Aborted", *status.duration, pass);
  if (!is_promoted) return;
  const std::string how = status.duration->completionStatus;
  finish(view, how.empty() ? (before.promoteFull ? "FastPromoted" : "Promoted") : how, *status.duration, pass);
}

}  // namespace canaria::plan
