#include "plan/workload/deployment.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/patch.h"
#include "plan/rollout/conditions.h"
#include "plan/workload/claim.h"
#include "plan/workload/deployment_view.h"

namespace canaria::plan::workload {
namespace {

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

// ---- the sets

void plan_claims(const DeploymentSnapshot& snapshot, std::vector<const SetState*>& owned, std::vector<SetWrite>& writes) {
  const DeploymentState& deployment = *snapshot.deployment;
  const auto selector = claim_selector(deployment.selector);
  for (const SetState* set : snapshot.sets) {
    SetWrite write;
    write.name = set->metadata.name;
    switch (claim_on(set->metadata, deployment.metadata, selector)) {
      case Claim::kNone: break;
      case Claim::kOwned: owned.push_back(set); break;
      case Claim::kAdopt:
        write.body = adoption_patch(set->metadata, api::resources::deployments(), deployment.metadata);
        writes.push_back(std::move(write));
        break;
      case Claim::kRelease:
        write.body = release_patch(set->metadata, deployment.metadata);
        writes.push_back(std::move(write));
        break;
    }
  }
  std::stable_sort(owned.begin(), owned.end(), [](const SetState* a, const SetState* b) {
    return a->metadata.creationTimestamp < b->metadata.creationTimestamp;
  });
}

DeploymentView view_of(const DeploymentSnapshot& snapshot, const std::vector<const SetState*>& owned) {
  DeploymentView view{snapshot, *snapshot.deployment, nullptr, {}, owned};
  for (const SetState* set : owned) {
    if (!view.new_set && runs_template(*set, view.deployment)) view.new_set = set;
    else view.old.push_back(set);
  }
  return view;
}

std::int64_t highest_old_revision(const DeploymentView& view) {
  std::int64_t highest = 0;
  for (const SetState* set : view.old)
    highest = std::max(highest, number_annotation(set->metadata, kDeploymentRevision).value_or(0));
  return highest;
}

// What a set takes over of the Deployment's annotations ("kubernetes.io/change-cause").
api::StringMap inherited_annotations(const DeploymentState& deployment) {
  api::StringMap annotations = deployment.metadata.annotations;
  for (const char* own :
       {kLastApplied, kDeploymentRevision, kRevisionHistory, kDesiredReplicas, kMaxReplicas, "deprecated.deployment.rollback.to"})
    annotations.erase(own);
  return annotations;
}

SetWrite new_set(const DeploymentView& view) {
  const DeploymentState& deployment = view.deployment;
  const std::string hash = api::pod_template_hash(deployment.pod_template, deployment.status.collisionCount);
  const std::int32_t size = new_set_size(view, 0);
  auto pod_template = json::parse(deployment.pod_template).value_or(json::Value(json::Object()));
  json::Value labelled =
      json::merge_patch(std::move(pod_template), json::Object{{"metadata", {{"labels", {{kTemplateHashLabel, hash}}}}}});
  lang::LabelSelector selector = deployment.selector.value_or(lang::LabelSelector());
  selector.matchLabels[kTemplateHashLabel] = hash;
  api::StringMap annotations = inherited_annotations(deployment);
  annotations[kDeploymentRevision] = std::to_string(highest_old_revision(view) + 1);
  annotations[kDesiredReplicas] = std::to_string(deployment.replicas);
  annotations[kMaxReplicas] = std::to_string(deployment.most_pods());
  json::Array owners;
  owners.push_back(json::encode(controller_reference(api::resources::deployments(), deployment.metadata)));

  SetWrite write;
  write.change = SetChange::kCreate;
  write.name = deployment.metadata.name + "-" + hash;
  json::Object metadata{{"name", write.name}, {"namespace", deployment.metadata.namespace_}};
  if (const auto* labels = json::find(labelled, "metadata.labels")) metadata["labels"] = *labels;
  metadata["annotations"] = json::encode(annotations);
  metadata["ownerReferences"] = std::move(owners);
  json::Object spec{{"replicas", size}};
  if (deployment.min_ready_seconds > 0) spec["minReadySeconds"] = deployment.min_ready_seconds;
  spec["selector"] = json::encode(selector);
  spec["template"] = std::move(labelled);
  write.body = json::Object{{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}, {"metadata", metadata}, {"spec", spec}};
  if (size > 0) write.event_message = fmt::format("Scaled up replica set {} from 0 to {}", write.name, size);
  return write;
}

// Keeps the new set's revision the highest, and what it has in common with the Deployment equal.
void plan_metadata(const DeploymentView& view, std::vector<SetWrite>& writes) {
  const SetState& set = *view.new_set;
  api::StringMap annotations;
  for (const auto& [key, value] : inherited_annotations(view.deployment))
    if (set.metadata.annotation(key) != value || !set.metadata.annotations.contains(key)) annotations[key] = value;
  const std::int64_t revision = highest_old_revision(view) + 1;
  const auto had = number_annotation(set.metadata, kDeploymentRevision);
  if (had.value_or(0) < revision) {
    annotations[kDeploymentRevision] = std::to_string(revision);
    if (had) {
      const std::string history = set.metadata.annotation(kRevisionHistory);
      annotations[kRevisionHistory] = (history.empty() ? "" : history + ",") + std::to_string(*had);
    }
  }
  const bool is_ready_time_equal = set.min_ready_seconds == view.deployment.min_ready_seconds;
  if (annotations.empty() && is_ready_time_equal) return;
  SetWrite write;
  write.name = set.metadata.name;
  json::Object body{{"metadata", {{"uid", set.metadata.uid}, {"annotations", json::encode(annotations)}}}};
  if (!is_ready_time_equal) body["spec"] = json::Object{{"minReadySeconds", view.deployment.min_ready_seconds}};
  write.body = std::move(body);
  writes.push_back(std::move(write));
}

bool old_pods_run(const DeploymentView& view) {
  return std::any_of(view.old.begin(), view.old.end(), [&](const SetState* set) {
    const auto pods = view.snapshot.pods_by_owner.find(set->metadata.uid);
    return pods != view.snapshot.pods_by_owner.end() && pods->second > 0;
  });
}

void plan_cleanup(const DeploymentView& view, std::vector<SetWrite>& writes) {
  std::vector<const SetState*> sets;
  for (const SetState* set : view.old)
    if (!set->metadata.deletionTimestamp) sets.push_back(set);
  const auto limit = static_cast<std::size_t>(std::max(0, view.deployment.history_limit));
  if (sets.size() <= limit) return;
  std::stable_sort(sets.begin(), sets.end(), [](const SetState* a, const SetState* b) {
    return number_annotation(a->metadata, kDeploymentRevision) < number_annotation(b->metadata, kDeploymentRevision);
  });
  sets.resize(sets.size() - limit);
  for (const SetState* set : sets) {
    const bool is_empty = set->replicas == 0 && set->status.replicas == 0;
    if (!is_empty || set->metadata.generation > set->status.observedGeneration) continue;
    SetWrite write;
    write.change = SetChange::kDelete;
    write.name = set->metadata.name;
    writes.push_back(std::move(write));
  }
}

// ---- one move

void plan_move(const DeploymentView& view, std::vector<SetWrite>& writes) {
  const DeploymentState& deployment = view.deployment;
  if (deployment.is_paused || is_scaling_event(view)) {
    if (view.new_set) plan_metadata(view, writes);
    if (writes.empty()) plan_scaling(view, writes);
    return;
  }
  if (view.new_set) plan_metadata(view, writes);
  if (!writes.empty()) return;
  if (deployment.recreates) {
    plan_recreation(view, writes);
    const bool waits = !writes.empty() || old_pods_run(view);
    if (!view.new_set && !waits) writes.push_back(new_set(view));
    // The new set must not grow beside old pods either.
    else if (view.new_set && old_pods_run(view))
      std::erase_if(writes, [&](const SetWrite& write) { return write.name == view.new_set->metadata.name; });
    return;
  }
  if (!view.new_set) writes.push_back(new_set(view));
  else plan_rolling_update(view, writes);
}

json::Value revision_patch(const DeploymentView& view) {
  if (!view.new_set) return nullptr;
  const std::string revision = view.new_set->metadata.annotation(kDeploymentRevision);
  if (revision.empty() || view.deployment.metadata.annotation(kDeploymentRevision) == revision) return nullptr;
  return json::Object{{"metadata", {{"uid", view.deployment.metadata.uid}, {"annotations", {{kDeploymentRevision, revision}}}}}};
}

}  // namespace

std::int32_t DeploymentView::wanted_pods() const {
  std::int32_t sum = 0;
  for (const SetState* set : all) sum += set->replicas;
  return sum;
}

std::int32_t DeploymentView::available_pods() const {
  std::int32_t sum = 0;
  for (const SetState* set : all) sum += set->status.availableReplicas;
  return sum;
}

std::int32_t DeploymentState::surge() const {
  if (recreates) return 0;
  return lang::resolve(max_surge, replicas, lang::Rounding::kUp).value_or(0);
}

// When both come out as nothing, one pod may be missing: otherwise no update could ever move.
std::int32_t DeploymentState::unavailable() const {
  if (recreates) return 0;
  const std::int32_t count = lang::resolve(max_unavailable, replicas, lang::Rounding::kDown).value_or(0);
  return std::min(replicas, count == 0 && surge() == 0 ? 1 : count);
}

DeploymentState parse_deployment_state(const json::Value& object) {
  DeploymentState state;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, state.metadata);
  state.metadata.annotations.erase(kLastApplied);
  state.replicas = static_cast<std::int32_t>(json::int_at(object, "spec.replicas", 1));
  state.min_ready_seconds = static_cast<std::int32_t>(json::int_at(object, "spec.minReadySeconds"));
  state.history_limit = static_cast<std::int32_t>(json::int_at(object, "spec.revisionHistoryLimit", 10));
  const std::int64_t deadline = json::int_at(object, "spec.progressDeadlineSeconds", 600);
  if (deadline != std::numeric_limits<std::int32_t>::max()) state.progress_deadline = Seconds(deadline);
  if (const auto* paused = json::find(object, "spec.paused")) state.is_paused = paused->is_bool() && paused->get_bool();
  state.recreates = json::text_at(object, "spec.strategy.type") == "Recreate";
  state.max_surge.value = std::string("25%");
  state.max_unavailable.value = std::string("25%");
  if (const auto* surge = json::find(object, "spec.strategy.rollingUpdate.maxSurge")) json::decode_into(*surge, state.max_surge);
  if (const auto* unavailable = json::find(object, "spec.strategy.rollingUpdate.maxUnavailable"))
    json::decode_into(*unavailable, state.max_unavailable);
  if (const auto* selector = json::find(object, "spec.selector")) json::decode_into(*selector, state.selector);
  const auto* pod_template = json::find(object, "spec.template");
  state.pod_template = api::canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, state.status);
  return state;
}

bool runs_template(const SetState& set, const DeploymentState& deployment) {
  auto live = json::parse(set.pod_template);
  if (!live) return false;
  const json::Value without =
      json::merge_patch(*std::move(live), json::Object{{"metadata", {{"labels", {{kTemplateHashLabel, json::Value(nullptr)}}}}}});
  return api::same_pod_template(api::canonical_pod_template(without), deployment.pod_template);
}

DeploymentPlan plan_deployment(const DeploymentSnapshot& snapshot) {
  DeploymentPlan plan;
  std::vector<const SetState*> owned;
  plan_claims(snapshot, owned, plan.writes);
  if (!plan.writes.empty()) return plan;
  const DeploymentView view = view_of(snapshot, owned);
  const bool is_going = view.deployment.metadata.deletionTimestamp.has_value();
  if (!is_going) plan_move(view, plan.writes);
  if (!plan.writes.empty()) return plan;
  const DeploymentStatus status = deployment_status(view);
  if (!is_going && is_complete(view.deployment, status)) plan_cleanup(view, plan.writes);
  if (!plan.writes.empty()) return plan;
  plan.status_patch = deployment_status_patch(view.deployment.status, status);
  plan.metadata_patch = is_going ? json::Value(nullptr) : revision_patch(view);
  plan.wake_at = progress_check(view.deployment, status, snapshot.now);
  return plan;
}

json::Value collision_patch(const DeploymentState& deployment) {
  return json::Object{{"status", {{"collisionCount", deployment.status.collisionCount.value_or(0) + 1}}}};
}

json::Value create_failure_patch(const DeploymentState& deployment, const std::string& set, const std::string& why, Time now) {
  const std::string message = fmt::format("Failed to create new replica set \"{}\": {}", set, why);
  std::vector<api::Condition> conditions = deployment.status.conditions;
  const api::Condition* shown = find_condition(conditions, "Progressing");
  if (shown && shown->reason == "ReplicaSetCreateError" && shown->message == message) return nullptr;
  set_condition(conditions, now, {"Progressing", "False", {}, {}, "ReplicaSetCreateError", message}, Refresh::kAlways);
  return json::Object{{"status", {{"conditions", json::encode(conditions)}}}};
}

}  // namespace canaria::plan::workload
