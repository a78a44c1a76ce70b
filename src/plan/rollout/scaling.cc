// Sizes: the stable ReplicaSet, then the new one, then the others; a pass stops after the first that changed, so that each
// move is decided on what the one before it really brought.
#include <algorithm>
#include <fmt/format.h>

#include "plan/rollout/canary_sizes.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

constexpr std::int32_t kDefaultDelaySeconds = 30;

std::optional<Time> scale_down_deadline(const api::ReplicaSet& set) {
  return parse_time(set.metadata.annotation(api::kScaleDownDeadlineAnnotation));
}

bool has_deadline(const api::ReplicaSet& set) { return set.metadata.annotations.contains(api::kScaleDownDeadlineAnnotation); }

// Seconds that the new ReplicaSet is kept after an abort; empty when it follows the computed size instead.
std::optional<Seconds> abort_delay(const View& view) {
  const api::CanaryStrategy& canary = view.canary();
  if (!view.rollout.status.abort || view.rollout.is_fully_promoted() || !view.roles.stable || !canary.trafficRouting)
    return std::nullopt;
  if (canary.abortScaleDownDelaySeconds == 0) return std::nullopt;
  if (canary.dynamicStableScale && !canary.abortScaleDownDelaySeconds) return std::nullopt;
  return Seconds(canary.abortScaleDownDelaySeconds.value_or(kDefaultDelaySeconds));
}

std::string pods(std::int32_t count) { return std::to_string(count) + (count == 1 ? " pod" : " pods"); }

void remove_deadline(const api::ReplicaSet* set, Pass& pass) {
  if (!set || !has_deadline(*set)) return;
  const json::Object annotations{{api::kScaleDownDeadlineAnnotation, nullptr}};
  pass.act(PatchReplicaSet{set->metadata.key(), "", json::Object{{"metadata", json::Object{{"annotations", annotations}}}}},
           "it is the new or the stable version, so nothing takes it away");
}

void add_deadline(const api::ReplicaSet& set, Time deadline, const std::string& why, Pass& pass) {
  const json::Object annotations{{api::kScaleDownDeadlineAnnotation, format_time(deadline)}};
  pass.act(PatchReplicaSet{set.metadata.key(), "", json::Object{{"metadata", json::Object{{"annotations", annotations}}}}}, why);
  pass.wake(whole_seconds(deadline) + Millis(1));
}

Scaled scale_stable(const View& view, Pass& pass) {
  const auto& [new_set, stable, others] = view.roles;
  if (!stable || stable == new_set) return Scaled::kNo;
  const Sizes sizes = next_sizes(view.rollout, view.roles, view.rollout.status.canary.weights);
  return scale(view, *stable, sizes.stable, "the stable version is to have " + pods(sizes.stable), pass);
}

// After an abort the canary is kept for a while, so that a retry or a look at it needs no new pods.
Scaled scale_aborted(const View& view, Seconds delay, Pass& pass) {
  const api::ReplicaSet& set = *view.roles.new_set;
  if (const auto deadline = scale_down_deadline(set)) {
    if (*deadline <= view.now()) return scale(view, set, 0, "its time after the abort is over", pass);
    pass.wake(*deadline + Millis(1));
  } else if (set.replicas() > 0 && view.roles.stable->status.availableReplicas >= view.rollout.replicas()) {
    add_deadline(set, view.now() + delay, fmt::format("aborted: kept for {} s", delay.count()), pass);
  }
  return scale(view, set, set.replicas(), "aborted: keeps its size", pass);
}

Scaled scale_new(const View& view, Pass& pass) {
  if (!view.roles.new_set) return Scaled::kNo;
  if (const auto delay = abort_delay(view)) return scale_aborted(view, *delay, pass);
  const Sizes sizes = next_sizes(view.rollout, view.roles, pass.status.canary.weights);
  return scale(view, *view.roles.new_set, sizes.canary, "the new version is to have " + pods(sizes.canary), pass);
}

// Pods that are not available are worth nothing: they go first.
Scaled drop_broken_pods(const View& view, Pass& pass) {
  Scaled result = Scaled::kNo;
  for (const api::ReplicaSet* set : view.claimed) {
    if (set == view.roles.new_set || set == view.roles.stable || set->replicas() == 0) continue;
    if (set->status.availableReplicas >= set->replicas()) continue;
    if (scale(view, *set, set->status.availableReplicas, "its other pods are not available", pass) == Scaled::kYes)
      result = Scaled::kYes;
  }
  return result;
}

struct DelayLimits {
  Seconds delay;
  std::int32_t revisions;
  std::int32_t waiting = 0;  // how many ReplicaSets are inside their delay so far
};

// The size of a former version inside its scale-down delay: kept until the deadline, then zero.
std::int32_t delayed_size(const View& view, const api::ReplicaSet& set, DelayLimits& limits, Pass& pass) {
  if (!has_deadline(set)) {
    if (limits.delay <= Seconds(0) || limits.waiting >= limits.revisions) return 0;
    ++limits.waiting;
    add_deadline(set, view.now() + limits.delay, fmt::format("kept for {} s", limits.delay.count()), pass);
    return set.replicas();
  }
  const auto deadline = scale_down_deadline(set);
  if (++limits.waiting > limits.revisions || !deadline || *deadline <= view.now()) return 0;
  pass.wake(*deadline + Millis(1));
  return set.replicas();
}

std::int32_t wanted_other_size(const View& view, const api::ReplicaSet& set, std::int32_t budget, DelayLimits& limits,
                               Pass& pass) {
  if (!view.has_traffic_routing()) return std::max(0, set.replicas() - budget);
  if (!view.rollout.is_fully_promoted() && !has_deadline(set)) return 0;  // superseded in the middle of an update
  if (view.canary().dynamicStableScale) return 0;
  return delayed_size(view, set, limits, pass);
}

Scaled scale_others(const View& view, Pass& pass) {
  if (drop_broken_pods(view, pass) == Scaled::kYes) return Scaled::kYes;
  std::int32_t budget = surge_limits(view.rollout).unavailable - view.rollout.replicas();
  for (const api::ReplicaSet* set : view.claimed) budget += set->status.availableReplicas;
  std::vector<const api::ReplicaSet*> newest_first = view.roles.others;
  std::stable_sort(newest_first.begin(), newest_first.end(),
                   [](const auto* a, const auto* b) { return a->revision().value_or(0) > b->revision().value_or(0); });
  DelayLimits limits{Seconds(view.canary().scaleDownDelaySeconds.value_or(kDefaultDelaySeconds)),
                     view.canary().scaleDownDelayRevisionLimit.value_or(INT32_MAX)};
  Scaled result = Scaled::kNo;
  for (const api::ReplicaSet* set : newest_first) {
    if (budget <= 0) break;
    if (set->replicas() == 0 || (view.has_traffic_routing() && is_referenced(view, *set))) continue;
    const std::int32_t size = wanted_other_size(view, *set, budget, limits, pass);
    if (size >= set->replicas()) continue;
    budget -= set->replicas() - size;
    if (scale(view, *set, size, "it belongs to neither the new nor the stable version", pass) == Scaled::kYes)
      result = Scaled::kYes;
  }
  return result;
}

}  // namespace

Scaled scale(const View& view, const api::ReplicaSet& set, std::int32_t size, const std::string& why, Pass& pass) {
  const std::string desired = std::to_string(view.rollout.replicas());
  const bool is_size_right = set.replicas() == size;
  const bool drops_deadline = size == 0 && has_deadline(set) && !abort_delay(view);
  json::Object annotations;
  if (set.metadata.annotation(api::kDesiredReplicasAnnotation) != desired) annotations[api::kDesiredReplicasAnnotation] = desired;
  if (drops_deadline) annotations[api::kScaleDownDeadlineAnnotation] = nullptr;
  if (is_size_right && annotations.empty()) return Scaled::kNo;
  json::Object patch;
  if (!annotations.empty()) patch["metadata"] = json::Object{{"annotations", std::move(annotations)}};
  if (!is_size_right) patch["spec"] = json::Object{{"replicas", size}};
  const std::string planned_on = size < set.replicas() ? set.metadata.resourceVersion : "";
  pass.act(PatchReplicaSet{set.metadata.key(), planned_on, std::move(patch)}, why);
  if (is_size_right) return Scaled::kNo;
  pass.tell(
      api::EventType::kNormal, "ScalingReplicaSet",
      fmt::format("Scaled {} ReplicaSet {} (revision {}) from {} to {}", set.replicas() < size ? "up" : "down", set.metadata.name,
                  &set == view.roles.new_set ? view.current_revision() : set.revision().value_or(0), set.replicas(), size));
  return Scaled::kYes;
}

Scaled plan_sizes(const View& view, Pass& pass) {
  if (!abort_delay(view)) remove_deadline(view.roles.new_set, pass);
  if (view.roles.stable != view.roles.new_set) remove_deadline(view.roles.stable, pass);
  if (scale_stable(view, pass) == Scaled::kYes) return Scaled::kYes;
  const Scaled scaled_new = scale_new(view, pass);
  plan_workload_scale_down(view, WorkloadStage::kScaling, pass);
  if (scaled_new == Scaled::kYes) return Scaled::kYes;
  return scale_others(view, pass);
}

bool is_scaling_event(const View& view) {
  for (const api::ReplicaSet* set : {view.roles.new_set, view.roles.stable}) {
    if (!set || set->replicas() == 0) continue;
    const std::string desired = set->metadata.annotation(api::kDesiredReplicasAnnotation);
    const bool is_number = !desired.empty() && desired.find_first_not_of("0123456789") == std::string::npos;
    if (is_number && desired != std::to_string(view.rollout.replicas())) return true;
  }
  return false;
}

}  // namespace canaria::plan
