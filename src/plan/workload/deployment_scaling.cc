// How large the ReplicaSets of a Deployment are to be: in a rolling update within maxSurge and maxUnavailable, in proportion
// when the Deployment itself changes its size.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "plan/workload/deployment_view.h"

namespace canaria::plan::workload {
namespace {

std::vector<const SetState*> active(const std::vector<const SetState*>& sets) {
  std::vector<const SetState*> result;
  for (const SetState* set : sets)
    if (set->replicas > 0) result.push_back(set);
  return result;
}

void add(const DeploymentState& deployment, const SetState& set, std::int32_t size, std::vector<SetWrite>& writes) {
  if (auto write = resize(deployment, set, size)) writes.push_back(*std::move(write));
}

bool is_saturated(const DeploymentView& view) {
  const SetState* set = view.new_set;
  return set && set->replicas == view.deployment.replicas && set->status.availableReplicas == view.deployment.replicas &&
         number_annotation(set->metadata, kDesiredReplicas) == view.deployment.replicas;
}

// What a set gains or loses when it keeps its share. Example: 5 of at most 13 pods, 33 allowed now: 5 * 33 / 13 - 5 = 8.
std::int32_t share(const DeploymentState& deployment, const SetState& set, std::int32_t to_add, std::int32_t added) {
  if (set.replicas == 0 || to_add == 0 || to_add == added) return 0;
  std::int32_t fraction = -set.replicas;
  if (deployment.replicas != 0) {
    const auto annotated = number_annotation(set.metadata, kMaxReplicas).value_or(deployment.status.replicas);
    const double before = annotated > 0 ? static_cast<double>(annotated) : 1;
    fraction = static_cast<std::int32_t>(std::lround(set.replicas * static_cast<double>(deployment.most_pods()) / before)) -
               set.replicas;
  }
  const std::int32_t allowed = to_add - added;
  return to_add > 0 ? std::min(fraction, allowed) : std::max(fraction, allowed);
}

void scale_in_proportion(const DeploymentView& view, std::vector<SetWrite>& writes) {
  const DeploymentState& deployment = view.deployment;
  std::vector<const SetState*> sets = active(view.all);
  std::int32_t total = 0;
  for (const SetState* set : sets) total += set->replicas;
  const std::int32_t allowed = deployment.replicas > 0 ? deployment.most_pods() : 0;
  const std::int32_t to_add = allowed - total;
  std::stable_sort(sets.begin(), sets.end(), [&](const SetState* a, const SetState* b) {
    if (a->replicas != b->replicas) return a->replicas > b->replicas;
    return to_add > 0 ? a->metadata.creationTimestamp > b->metadata.creationTimestamp
                      : a->metadata.creationTimestamp < b->metadata.creationTimestamp;
  });
  std::vector<std::int32_t> sizes;
  std::int32_t added = 0;
  for (const SetState* set : sets) {
    const std::int32_t part = share(deployment, *set, to_add, added);
    added += part;
    sizes.push_back(set->replicas + part);
  }
  // What rounding left over goes to the largest.
  if (!sizes.empty()) sizes[0] = std::max(0, sizes[0] + to_add - added);
  for (std::size_t i = 0; i < sets.size(); ++i) add(deployment, *sets[i], sizes[i], writes);
}

// Old pods that do not serve are given up first: that costs no availability.
std::vector<std::int32_t> without_unhealthy(const DeploymentView& view, std::int32_t most) {
  std::vector<std::int32_t> sizes;
  std::int32_t removed = 0;
  for (const SetState* set : view.old) {
    const std::int32_t unhealthy = std::max(0, set->replicas - set->status.availableReplicas);
    const std::int32_t part = std::min(most - removed, unhealthy);
    removed += part;
    sizes.push_back(set->replicas - part);
  }
  return sizes;
}

void shrink_old_sets(const DeploymentView& view, std::vector<SetWrite>& writes) {
  const DeploymentState& deployment = view.deployment;
  if (active(view.old).empty() || !view.new_set) return;
  const std::int32_t fewest = deployment.fewest_available();
  const std::int32_t new_unavailable = view.new_set->replicas - view.new_set->status.availableReplicas;
  const std::int32_t most = view.wanted_pods() - fewest - new_unavailable;
  if (most <= 0) return;
  std::vector<std::int32_t> sizes = without_unhealthy(view, most);
  std::int32_t spare = std::max(0, view.available_pods() - fewest);
  std::int32_t budget = most;
  for (std::size_t i = 0; i < sizes.size(); ++i) budget -= view.old[i]->replicas - sizes[i];
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const std::int32_t part = std::min({sizes[i], spare, budget});
    sizes[i] -= part;
    spare -= part;
    budget -= part;
    if (sizes[i] != view.old[i]->replicas) add(deployment, *view.old[i], sizes[i], writes);
  }
}

}  // namespace

std::optional<std::int64_t> number_annotation(const api::ObjectMeta& object, const char* name) {
  const std::string text = object.annotation(name);
  std::int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<SetWrite> resize(const DeploymentState& deployment, const SetState& set, std::int32_t size) {
  const bool is_noted = number_annotation(set.metadata, kDesiredReplicas) == deployment.replicas &&
                        number_annotation(set.metadata, kMaxReplicas) == deployment.most_pods();
  if (set.replicas == size && is_noted) return std::nullopt;
  SetWrite write;
  write.name = set.metadata.name;
  const json::Object annotations{{kDesiredReplicas, std::to_string(deployment.replicas)},
                                 {kMaxReplicas, std::to_string(deployment.most_pods())}};
  const json::Object metadata{
      {"uid", set.metadata.uid}, {"resourceVersion", set.metadata.resourceVersion}, {"annotations", annotations}};
  write.body = json::Object{{"metadata", metadata}, {"spec", {{"replicas", size}}}};
  if (set.replicas != size)
    write.event_message = fmt::format("Scaled {} replica set {} from {} to {}", size > set.replicas ? "up" : "down",
                                      set.metadata.name, set.replicas, size);
  return write;
}

std::int32_t new_set_size(const DeploymentView& view, std::int32_t size_now) {
  const DeploymentState& deployment = view.deployment;
  if (deployment.recreates || size_now >= deployment.replicas) return deployment.replicas;
  const std::int32_t room = std::max(0, deployment.most_pods() - view.wanted_pods());
  return std::min(deployment.replicas, size_now + room);
}

bool is_scaling_event(const DeploymentView& view) {
  for (const SetState* set : active(view.all)) {
    const auto desired = number_annotation(set->metadata, kDesiredReplicas);
    if (desired && *desired != view.deployment.replicas) return true;
  }
  return false;
}

void plan_scaling(const DeploymentView& view, std::vector<SetWrite>& writes) {
  const std::vector<const SetState*> sets = active(view.all);
  if (sets.size() <= 1) {
    const SetState* only = !sets.empty() ? sets[0] : view.new_set ? view.new_set : view.old.empty() ? nullptr : view.old.back();
    if (only) add(view.deployment, *only, view.deployment.replicas, writes);
    return;
  }
  if (is_saturated(view)) {
    for (const SetState* set : active(view.old)) add(view.deployment, *set, 0, writes);
    return;
  }
  if (!view.deployment.recreates) scale_in_proportion(view, writes);
}

void plan_rolling_update(const DeploymentView& view, std::vector<SetWrite>& writes) {
  if (!view.new_set) return;
  if (view.new_set->replicas != view.deployment.replicas) {
    const std::int32_t size = new_set_size(view, view.new_set->replicas);
    if (size != view.new_set->replicas) add(view.deployment, *view.new_set, size, writes);
  }
  if (writes.empty()) shrink_old_sets(view, writes);
}

void plan_recreation(const DeploymentView& view, std::vector<SetWrite>& writes) {
  for (const SetState* set : active(view.old)) add(view.deployment, *set, 0, writes);
  if (!writes.empty() || !view.new_set) return;
  if (view.new_set->replicas != view.deployment.replicas) add(view.deployment, *view.new_set, view.deployment.replicas, writes);
}

}  // namespace canaria::plan::workload
