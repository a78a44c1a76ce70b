// Revisions: the ReplicaSet of a new template, the numbers that `undo` refers to, annotations carried along, and history.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <iterator>

#include "json/codec.h"
#include "plan/rollout/conditions.h"
#include "plan/rollout/injected.h"
#include "plan/rollout/stages.h"

namespace canaria::plan {
namespace {

// Rollout annotations that are not carried to ReplicaSets.
constexpr std::array<const char*, 5> kNotCopied = {"kubectl.kubernetes.io/last-applied-configuration", api::kRevisionAnnotation,
                                                   api::kRevisionHistoryAnnotation, api::kDesiredReplicasAnnotation,
                                                   "notified.notifications.argoproj.io"};

api::StringMap carried_annotations(const View& view) {
  api::StringMap carried = view.rollout.metadata.annotations;
  for (const char* key : kNotCopied) carried.erase(key);
  if (view.snapshot.workload) carried[api::kWorkloadGenerationAnnotation] = std::to_string(view.snapshot.workload->generation);
  else carried.erase(api::kWorkloadGenerationAnnotation);
  return carried;
}

json::Object pod_template_for(const View& view, const api::EphemeralMetadata& metadata) {
  auto parsed = json::parse(view.rollout.pod_template);
  json::Object pod_template = parsed && parsed->is_object() ? parsed->get_object() : json::Object();
  json::Value& meta = pod_template["metadata"];
  if (!meta.is_object()) meta = json::Object();
  json::Value& labels = meta.get_object()["labels"];
  if (!labels.is_object()) labels = json::Object();
  for (const auto& [key, value] : metadata.labels) labels.get_object()[key] = value;
  labels.get_object()[api::kHashLabel] = view.template_hash;
  if (!metadata.annotations.empty()) {
    json::Value& annotations = meta.get_object()["annotations"];
    if (!annotations.is_object()) annotations = json::Object();
    for (const auto& [key, value] : metadata.annotations) annotations.get_object()[key] = value;
  }
  const json::Value affinity = wanted_affinity(view);
  if (!affinity.is_null() && pod_template["spec"].is_object()) pod_template["spec"].get_object()["affinity"] = affinity;
  return pod_template;
}

json::Object replica_set_for(const View& view, const std::string& name, std::int64_t revision) {
  const api::Rollout& rollout = view.rollout;
  const RoleMetadata roles = role_metadata(view);
  // Ephemeral labels are not part of the ReplicaSet's own labels; the user's template labels are.
  const auto plain = json::parse(rollout.pod_template);
  const json::Value* own_labels = plain ? json::find(*plain, "metadata.labels") : nullptr;
  json::Object labels = own_labels && own_labels->is_object() ? own_labels->get_object() : json::Object();
  labels[api::kHashLabel] = view.template_hash;
  api::LabelSelector selector = rollout.spec.selector.value_or(api::LabelSelector{});
  selector.matchLabels[api::kHashLabel] = view.template_hash;
  api::StringMap annotations = carried_annotations(view);
  annotations[api::kRevisionAnnotation] = std::to_string(revision);
  annotations[api::kDesiredReplicasAnnotation] = std::to_string(rollout.replicas());
  if (const std::string record = ephemeral_annotation(roles.new_set); roles.is_configured && !record.empty())
    annotations[api::kEphemeralMetadataAnnotation] = record;
  const api::OwnerReference owner{"argoproj.io/v1alpha1", "Rollout", rollout.metadata.name, rollout.metadata.uid, true, true};
  json::Object metadata{{"name", name},
                        {"namespace", rollout.metadata.namespace_},
                        {"labels", labels},
                        {"annotations", json::encode(annotations)},
                        {"ownerReferences", json::Array{json::encode(owner)}}};
  json::Object spec{{"replicas", 0}, {"selector", json::encode(selector)}, {"template", pod_template_for(view, roles.new_set)}};
  if (rollout.spec.minReadySeconds > 0) spec["minReadySeconds"] = rollout.spec.minReadySeconds;
  return json::Object{{"apiVersion", "apps/v1"}, {"kind", "ReplicaSet"}, {"metadata", metadata}, {"spec", spec}};
}

void record_revision(const View& view, std::int64_t revision, Pass& pass) {
  const std::string text = std::to_string(revision);
  if (view.rollout.metadata.annotation(api::kRevisionAnnotation) == text) return;
  const json::Object annotations{{api::kRevisionAnnotation, text}};
  pass.act(PatchRollout{json::Object{{"metadata", json::Object{{"annotations", annotations}}}}},
           "the revision of the new ReplicaSet");
  pass.tell(api::EventType::kNormal, "RolloutUpdated", "Rollout updated to revision " + text);
}

// The annotations of the new ReplicaSet that are to change. A rollback raises the old set's number to the highest.
json::Object annotation_changes(const View& view, const api::ReplicaSet& set) {
  json::Object changes;
  for (const auto& [key, value] : carried_annotations(view)) {
    const auto found = set.metadata.annotations.find(key);
    if (found == set.metadata.annotations.end() || found->second != value) changes[key] = value;
  }
  const std::int64_t wanted = view.max_older_revision() + 1;
  const bool has_revision = set.metadata.annotations.contains(api::kRevisionAnnotation);
  if (has_revision && !set.revision()) return changes;
  if (set.revision().value_or(0) < wanted) {
    changes[api::kRevisionAnnotation] = std::to_string(wanted);
    if (has_revision) {
      const std::string history = set.metadata.annotation(api::kRevisionHistoryAnnotation);
      const std::string former = set.metadata.annotation(api::kRevisionAnnotation);
      changes[api::kRevisionHistoryAnnotation] = history.empty() ? former : history + "," + former;
    }
  }
  return changes;
}

}  // namespace

void plan_new_set(const View& view, Pass& pass) {
  const std::string name = view.rollout.metadata.name + "-" + view.template_hash;
  const std::int64_t revision = view.max_older_revision() + 1;
  pass.act(CreateReplicaSet{name, replica_set_for(view, name, revision)}, "no ReplicaSet matches the pod template");
  record_revision(view, revision, pass);
  pass.tell(api::EventType::kNormal, "NewReplicaSetCreated", fmt::format("Created ReplicaSet {} (revision {})", name, revision));
  set_condition(pass.status.conditions, view.now(),
                {"Progressing", "True", {}, {}, "NewReplicaSetCreated", fmt::format("Created new replica set \"{}\"", name)});
}

void sync_revision(const View& view, Pass& pass) {
  if (!view.roles.new_set) return;
  const api::ReplicaSet& set = *view.roles.new_set;
  json::Object annotations = annotation_changes(view, set);
  const bool is_ready_time_wrong = set.spec.minReadySeconds != view.rollout.spec.minReadySeconds;
  const bool is_affinity_wrong = is_affinity_outdated(view);
  if (!annotations.empty() || is_ready_time_wrong || is_affinity_wrong) {
    const bool is_renumbered = annotations.contains(api::kRevisionAnnotation);
    json::Object patch;
    if (!annotations.empty()) patch["metadata"] = json::Object{{"annotations", std::move(annotations)}};
    json::Object spec;
    if (is_ready_time_wrong) spec["minReadySeconds"] = view.rollout.spec.minReadySeconds;
    if (is_affinity_wrong) spec["template"] = json::Object{{"spec", json::Object{{"affinity", wanted_affinity(view)}}}};
    if (!spec.empty()) patch["spec"] = std::move(spec);
    pass.act(PatchReplicaSet{set.metadata.key(), "", std::move(patch)},
             is_renumbered ? "an older revision is the newest again" : "annotations, minReadySeconds or affinity of the Rollout");
    return;
  }
  if (set.revision()) record_revision(view, *set.revision(), pass);
  if (!find_condition(pass.status.conditions, "Progressing"))
    set_condition(
        pass.status.conditions, view.now(),
        {"Progressing", "True", {}, {}, "FoundNewReplicaSet", fmt::format("Found new replica set \"{}\"", set.metadata.name)});
}

void plan_history(const View& view, Pass& pass) {
  std::vector<const api::ReplicaSet*> old;
  for (const api::ReplicaSet* set : view.claimed)
    if (set != view.roles.new_set && set != view.roles.stable && !set->metadata.deletionTimestamp) old.push_back(set);
  const auto limit = static_cast<std::ptrdiff_t>(std::max(0, view.rollout.spec.revisionHistoryLimit.value_or(10)));
  const std::ptrdiff_t excess = std::ssize(old) - limit;
  for (std::ptrdiff_t i = 0; i < excess; ++i) {
    const api::ReplicaSet& set = *old[static_cast<std::size_t>(i)];
    const bool is_idle =
        set.replicas() == 0 && set.status.replicas == 0 && set.status.observedGeneration >= set.metadata.generation;
    if (is_idle)
      pass.act(DeleteReplicaSet{set.metadata.key(), set.metadata.uid}, fmt::format("more than {} old revisions", limit));
  }
}

}  // namespace canaria::plan
