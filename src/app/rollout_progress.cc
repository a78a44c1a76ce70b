#include "app/rollout_progress.h"

#include <fmt/format.h>

#include "api/rollouts/rollout.h"

namespace canaria::app {

std::string progress_line(const json::Value& object) {
  const api::Rollout rollout = api::parse_rollout(object);
  const api::RolloutStatus& status = rollout.status;
  std::string line = fmt::format("rollout {}: {}", rollout.metadata.key().text(), status.phase.empty() ? "new" : status.phase);
  if (!status.message.empty()) line += fmt::format(" ({})", status.message);
  if (const auto steps = rollout.step_count(); steps > 0 && status.currentStepIndex && !rollout.is_fully_promoted())
    line += fmt::format(", {} of {} steps done", *status.currentStepIndex, steps);
  if (const auto& weights = status.canary.weights; weights && weights->canary.weight.value_or(0) > 0)
    line += fmt::format(", {} % of the traffic to the new version", *weights->canary.weight * 100 / rollout.max_weight());
  return line;
}

void RolloutProgress::put(const json::Value& object) {
  const std::string key(json::text_at(object, "metadata.uid"));
  const std::string line = progress_line(object);
  if (std::exchange(last_[key], line) != line) print_(line);
}

void RolloutProgress::drop(const json::Value& object) {
  last_.erase(std::string(json::text_at(object, "metadata.uid")));
  print_("rollout " + api::parse_rollout(object).metadata.key().text() + ": deleted");
}

}  // namespace canaria::app
