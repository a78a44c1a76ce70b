// The end of every pass: pauses, abort, conditions, phase and duration follow from what was decided before.
#include <algorithm>
#include <fmt/format.h>

#include "plan/rollout/conditions.h"
#include "plan/rollout/duration.h"
#include "plan/rollout/phase.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

bool contains(const std::vector<std::string>& reasons, const std::string& reason) {
  return std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
}

void update_pauses(const View& view, Pass& pass) {
  const api::RolloutStatus& stored = view.rollout.status;
  const PauseChanges& changes = pass.pauses;
  api::RolloutStatus& status = pass.status;
  status.abort = changes.is_aborted(stored);
  status.abortedAt = status.abort ? stored.abortedAt : std::nullopt;
  if (status.abort && !status.abortedAt) status.abortedAt = whole_seconds(view.now());
  status.pauseConditions.clear();
  status.controllerPause = false;
  if (status.abort || changes.clear_all) return;
  bool is_added = false;
  for (const api::PauseCondition& pause : stored.pauseConditions)
    if (!contains(changes.removed, pause.reason)) status.pauseConditions.push_back(pause);
  for (const std::string& reason : changes.added) {
    const auto& now = status.pauseConditions;
    if (std::any_of(now.begin(), now.end(), [&](const auto& pause) { return pause.reason == reason; })) continue;
    status.pauseConditions.push_back({reason, whole_seconds(view.now())});
    is_added = true;
  }
  if (!status.pauseConditions.empty()) status.controllerPause = is_added || stored.controllerPause;
}

// progressDeadlineAbort: the update is taken back when its deadline is over.
void abort_after_deadline(const View& view, Pass& pass) {
  if (!view.rollout.spec.progressDeadlineAbort || pass.pauses.is_aborted(view.rollout.status) || pass.pauses.clear_all) return;
  if (pass.status.stableRS == pass.status.currentPodHash || is_deadline_exempt(view)) return;
  if (!is_timed_out(view, view.rollout.status.conditions)) return;
  const std::string message = fmt::format("ReplicaSet \"{}\" has timed out progressing.",
                                          view.roles.new_set ? view.roles.new_set->metadata.name : view.rollout.metadata.name);
  pass.pauses.abort = true;
  pass.pauses.abort_message = message;
  if (pass.status.currentStepIndex) pass.status.currentStepIndex = 0;
  pass.tell_later(api::EventType::kWarning, "RolloutAborted", message);
}

void tell_pauses(const View& view, Pass& pass) {
  const bool was_paused = !view.rollout.status.pauseConditions.empty();
  const bool is_paused = !pass.status.pauseConditions.empty();
  if (is_paused && !was_paused)
    pass.tell_later(api::EventType::kNormal, "RolloutPaused",
                    fmt::format("Rollout is paused ({})", pass.status.pauseConditions.front().reason));
  if (!is_paused && was_paused && !pass.status.abort)
    pass.tell_later(api::EventType::kNormal, "RolloutResumed", "Rollout is resumed");
}

}  // namespace

void finish_status(const View& view, Pass& pass) {
  pass.status.observedGeneration = std::to_string(view.rollout.metadata.generation);
  pass.status.workloadObservedGeneration =
      view.snapshot.workload ? std::to_string(view.snapshot.workload->generation) : std::string();
  abort_after_deadline(view, pass);
  update_pauses(view, pass);
  update_conditions(view, pass);
  api::Rollout after = view.rollout;
  after.status = pass.status;
  update_pause_conditions(after, view.now(), after.status);
  pass.status.conditions = after.status.conditions;
  const Phase phase = compute_phase(after);
  pass.status.phase = phase.phase;
  pass.status.message = phase.message;
  update_duration(view, pass);
  tell_pauses(view, pass);
  if (const auto deadline = progress_deadline(view, pass.status)) pass.wake(*deadline);
}

}  // namespace canaria::plan
