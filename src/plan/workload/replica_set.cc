#include "plan/workload/replica_set.h"

#include <algorithm>
#include <charconv>

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/patch.h"
#include "plan/workload/claim.h"

namespace canaria::plan::workload {
namespace {

// What one pass may create or delete: more is done by the next ones.
constexpr std::size_t kMostAtOnce = 500;

bool counts(const SetSnapshot& snapshot, const PodState& pod) {
  return pod.is_active() && !snapshot.removed.contains(pod.metadata.uid);
}

// The pods that count as replicas.
std::vector<const PodState*> active_pods(const SetSnapshot& snapshot) {
  const auto selector = claim_selector(snapshot.set->selector);
  std::vector<const PodState*> pods;
  for (const PodState* pod : snapshot.pods)
    if (counts(snapshot, *pod) && claim_on(pod->metadata, snapshot.set->metadata, selector) == Claim::kOwned) pods.push_back(pod);
  return pods;
}

std::int32_t deletion_cost(const PodState& pod) {
  const std::string text = pod.metadata.annotation(kDeletionCostAnnotation);
  std::int32_t cost = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), cost);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() ? cost : 0;
}

int phase_rank(const PodState& pod) { return pod.phase == "Pending" ? 0 : pod.phase == "Unknown" ? 1 : 2; }

// Whether `a` goes before `b`.
bool goes_first(const PodState& a, const PodState& b) {
  if (a.node_name.empty() != b.node_name.empty()) return a.node_name.empty();
  if (phase_rank(a) != phase_rank(b)) return phase_rank(a) < phase_rank(b);
  if (a.is_ready() != b.is_ready()) return !a.is_ready();
  if (deletion_cost(a) != deletion_cost(b)) return deletion_cost(a) < deletion_cost(b);
  if (a.is_ready() && a.ready_since() != b.ready_since())
    return a.ready_since().value_or(Time()) > b.ready_since().value_or(Time());
  if (a.restarts != b.restarts) return a.restarts > b.restarts;
  if (a.metadata.creationTimestamp != b.metadata.creationTimestamp)
    return a.metadata.creationTimestamp.value_or(Time()) > b.metadata.creationTimestamp.value_or(Time());
  return a.metadata.name > b.metadata.name;
}

bool has_labels(const PodState& pod, const api::StringMap& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
    const auto found = pod.metadata.labels.find(label.first);
    return found != pod.metadata.labels.end() && found->second == label.second;
  });
}

// Sets or removes the condition ReplicaFailure; the time stays when it already said the same.
void update_failure(const SetSnapshot& snapshot, const std::optional<SetFailure>& failure, SetStatus& status) {
  const api::ReplicaSetCondition* before = snapshot.set->condition("ReplicaFailure");
  std::erase_if(status.conditions, [](const auto& condition) { return condition.type == "ReplicaFailure"; });
  if (!failure) return;
  api::ReplicaSetCondition condition{"ReplicaFailure", "True", snapshot.now, failure->reason, failure->message};
  if (before && before->reason == failure->reason) condition.lastTransitionTime = before->lastTransitionTime;
  status.conditions.push_back(std::move(condition));
}

}  // namespace

const api::ReplicaSetCondition* SetState::condition(std::string_view type) const {
  for (const auto& entry : status.conditions)
    if (entry.type == type) return &entry;
  return nullptr;
}

SetState parse_set_state(const json::Value& object) {
  SetState set;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, set.metadata);
  set.metadata.annotations.erase("kubectl.kubernetes.io/last-applied-configuration");
  set.replicas = static_cast<std::int32_t>(json::int_at(object, "spec.replicas", 1));
  set.min_ready_seconds = static_cast<std::int32_t>(json::int_at(object, "spec.minReadySeconds"));
  if (const auto* selector = json::find(object, "spec.selector")) json::decode_into(*selector, set.selector);
  const auto* pod_template = json::find(object, "spec.template");
  set.pod_template = api::canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, set.status);
  return set;
}

SetPlan plan_set(const SetSnapshot& snapshot) {
  const SetState& set = *snapshot.set;
  const auto selector = claim_selector(set.selector);
  SetPlan plan;
  for (const PodState* pod : snapshot.pods) {
    if (!counts(snapshot, *pod)) continue;
    const Claim claim = claim_on(pod->metadata, set.metadata, selector);
    if (claim == Claim::kAdopt) plan.adopt.push_back(pod);
    if (claim == Claim::kRelease) plan.release.push_back(pod);
  }
  const bool is_claimed = plan.adopt.empty() && plan.release.empty();
  // A set whose selector does not match its own template would create pods for ever.
  if (!is_claimed || set.metadata.deletionTimestamp || selector.empty()) return plan;
  std::vector<const PodState*> pods = active_pods(snapshot);
  const auto wanted = static_cast<std::size_t>(std::max(set.replicas, 0));
  if (pods.size() < wanted) {
    const auto parsed = json::parse(set.pod_template);
    lang::Labels labels;
    if (parsed)
      if (const auto* found = json::find(*parsed, "metadata.labels")) json::decode_into(*found, labels);
    if (lang::matches(selector, labels)) plan.create = static_cast<std::int32_t>(std::min(wanted - pods.size(), kMostAtOnce));
    return plan;
  }
  sort_for_removal(pods);
  pods.resize(std::min(pods.size() - wanted, kMostAtOnce));
  plan.remove = std::move(pods);
  return plan;
}

SetStatus set_status(const SetSnapshot& snapshot, const std::optional<SetFailure>& failure) {
  const SetState& set = *snapshot.set;
  SetStatus status;
  status.conditions = set.status.conditions;
  status.observedGeneration = set.metadata.generation;
  api::StringMap labels;
  if (const auto pod_template = json::parse(set.pod_template))
    if (const auto* found = json::find(*pod_template, "metadata.labels")) json::decode_into(*found, labels);
  for (const PodState* pod : active_pods(snapshot)) {
    ++status.replicas;
    if (has_labels(*pod, labels)) ++status.fullyLabeledReplicas;
    if (!pod->is_ready()) continue;
    ++status.readyReplicas;
    if (pod->is_available(Seconds(set.min_ready_seconds), snapshot.now)) ++status.availableReplicas;
  }
  update_failure(snapshot, failure, status);
  return status;
}

json::Value set_status_patch(const SetStatus& before, const SetStatus& after) {
  const json::Value old_text = json::encode(before);
  const json::Value new_text = json::encode(after);
  if (json::same_json(old_text, new_text)) return nullptr;
  json::Value patch = json::merge_diff(old_text, new_text);
  // The one counter that is written when it is zero, too.
  patch.get_object()["replicas"] = after.replicas;
  return json::Object{{"status", std::move(patch)}};
}

std::optional<Time> next_availability(const SetSnapshot& snapshot) {
  const Seconds min_ready(snapshot.set->min_ready_seconds);
  std::optional<Time> next;
  for (const PodState* pod : active_pods(snapshot)) {
    const auto since = pod->ready_since();
    if (!since || *since + min_ready <= snapshot.now) continue;
    if (!next || *since + min_ready < *next) next = *since + min_ready;
  }
  return next;
}

void sort_for_removal(std::vector<const PodState*>& pods) {
  std::sort(pods.begin(), pods.end(), [](const PodState* a, const PodState* b) { return goes_first(*a, *b); });
}

json::Value pod_of_template(std::string_view pod_template, const api::Resource& kind, const api::ObjectMeta& owner) {
  const auto parsed = json::parse(pod_template);
  const json::Value* spec = parsed ? json::find(*parsed, "spec") : nullptr;
  json::Object metadata{{"generateName", owner.name + "-"}};
  if (const json::Value* given = parsed ? json::find(*parsed, "metadata") : nullptr; given && given->is_object())
    for (const char* part : {"labels", "annotations", "finalizers"})
      if (const json::Value* found = given->get_object().if_contains(part)) metadata[part] = *found;
  json::Array owners;
  owners.push_back(json::encode(controller_reference(kind, owner)));
  metadata["ownerReferences"] = std::move(owners);
  json::Object pod{{"apiVersion", "v1"}, {"kind", "Pod"}};
  pod["metadata"] = std::move(metadata);
  pod["spec"] = spec ? *spec : json::Value(json::Object());
  return pod;
}

}  // namespace canaria::plan::workload
