// The pause step: it adds its pause condition once, waits for its time or for a person, and then is complete.
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

constexpr const char* kReason = "CanaryPauseStep";

const api::PauseCondition* step_pause(const api::RolloutStatus& status) {
  for (const api::PauseCondition& pause : status.pauseConditions)
    if (pause.reason == kReason) return &pause;
  return nullptr;
}

std::optional<Time> pause_end(const api::PauseStep& pause, const api::PauseCondition& condition) {
  const auto seconds = api::pause_seconds(pause);
  if (!seconds || !condition.startTime) return std::nullopt;
  return *condition.startTime + Seconds(*seconds);
}

}  // namespace

bool plan_pause_step(const View& view, Pass& pass) {
  const api::CanaryStep* step = view.rollout.current_step();
  if (!step || !step->pause || view.rollout.spec.paused || view.rollout.status.promoteFull) return false;
  if (pass.pauses.is_aborted(view.rollout.status) || view.rollout.is_fully_promoted()) return false;
  const api::PauseCondition* condition = step_pause(view.rollout.status);
  if (!condition && !view.rollout.status.controllerPause) pass.pauses.added.push_back(kReason);
  const Time start = whole_seconds(view.now());
  const api::PauseCondition coming{kReason, start};
  // The end counts from the condition's whole second; one millisecond later the step is complete.
  const auto end = pause_end(*step->pause, condition ? *condition : coming);
  if (end && *end + Millis(1) > view.now()) pass.wake(*end + Millis(1));
  return true;
}

bool is_pause_complete(const View& view) {
  const api::CanaryStep* step = view.rollout.current_step();
  const api::RolloutStatus& status = view.rollout.status;
  const api::PauseCondition* condition = step_pause(status);
  // controllerPause without any condition means that a person resumed. Compat fix: another reason (an inconclusive analysis)
  // that still pauses does not pass the step.
  if (!condition) return status.controllerPause && status.pauseConditions.empty();
  const auto end = pause_end(*step->pause, *condition);
  return end && *end < view.now();
}

}  // namespace canaria::plan
