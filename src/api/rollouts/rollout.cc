#include "api/rollouts/rollout.h"

#include <charconv>

#include "api/core/pod_template.h"
#include "api/rollouts/step_hash.h"
#include "json/codec.h"
#include "lang/duration.h"

namespace canaria::api {

std::optional<std::int64_t> pause_seconds(const PauseStep& pause) {
  if (!pause.duration) return std::nullopt;
  if (const auto* number = std::get_if<std::int32_t>(&pause.duration->value)) return *number;
  const std::string& text = std::get<std::string>(pause.duration->value);
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size()) return whole;
  const auto duration = lang::parse_duration(text);
  if (!duration) return -1;
  return std::chrono::duration_cast<Seconds>(*duration).count();
}

const CanaryStep* Rollout::current_step() const {
  const auto index = step_index();
  if (index < 0 || index >= step_count()) return nullptr;
  return &canary()->steps[static_cast<std::size_t>(index)];
}

std::int32_t Rollout::max_weight() const {
  if (!canary() || !canary()->trafficRouting) return 100;
  return canary()->trafficRouting->maxTrafficWeight.value_or(100);
}

const Condition* Rollout::condition(std::string_view type) const {
  for (const Condition& condition : status.conditions)
    if (condition.type == type) return &condition;
  return nullptr;
}

Rollout parse_rollout(const json::Value& object) {
  Rollout rollout;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, rollout.metadata);
  if (const auto* spec = json::find(object, "spec")) json::decode_into(*spec, rollout.spec);
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, rollout.status);
  const auto* pod_template = json::find(object, "spec.template");
  rollout.pod_template = canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  if (pod_template) rollout.template_problem = pod_template_problem(*pod_template);
  if (rollout.canary()) {
    const auto* steps = json::find(object, "spec.strategy.canary.steps");
    rollout.step_hash = step_hash(steps ? *steps : json::Value(nullptr));
  }
  return rollout;
}

json::Value encode_status(const RolloutStatus& status) { return json::encode(status); }
RolloutStatus parse_status(const json::Value& status) { return json::decode<RolloutStatus>(status); }

}  // namespace canaria::api
