#include "controllers/rollout_writer.h"

#include <fmt/format.h>

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/patch.h"
#include "plan/rollout/conditions.h"
#include "plan/rollout/describe.h"
#include "plan/rollout/injected.h"

namespace canaria::controllers {
namespace {

using api::ObjectKey;

constexpr int kPodPage = 500;

WriteOptions to_subresource(std::string name) {
  WriteOptions options;
  options.subresource = std::move(name);
  return options;
}

// The UID guards against another ReplicaSet of the same name.
json::Value owners_patch(const std::string& uid, json::Array owners) {
  return json::Object{{"metadata", json::Object{{"uid", uid}, {"ownerReferences", std::move(owners)}}}};
}

// Whether both ReplicaSets run what the user wrote; what the controller injected into either does not count.
bool same_user_template(const api::ReplicaSet& live, const api::ReplicaSet& wanted) {
  return api::same_pod_template(plan::without_injected_parts(live), plan::without_injected_parts(wanted));
}

json::Value create_error_conditions(const api::Rollout& rollout, const std::string& message, Time now) {
  std::vector<api::Condition> conditions = rollout.status.conditions;
  const api::Condition failed{"Progressing", "False", {}, {}, "ReplicaSetCreateError", message};
  plan::set_condition(conditions, now, failed, plan::Refresh::kAlways);
  return json::encode(conditions);
}

}  // namespace

bool is_write(const plan::Effect& effect) { return !std::holds_alternative<plan::EmitEvent>(effect); }

RolloutWriter::RolloutWriter(ObjectClient& client, EventRecorder& events, const Clock& clock, RolloutCaches& caches,
                             RolloutCache::Pointer rollout)
    : client_(client), events_(events), clock_(clock), caches_(caches), rollout_(std::move(rollout)) {}

Task<Status> RolloutWriter::apply(plan::Effect effect) {
  const std::string what = plan::summary(effect);
  Status outcome;
  if (auto* create = std::get_if<plan::CreateReplicaSet>(&effect)) {
    outcome = co_await create_set(std::move(*create));
  } else if (auto* adopted = std::get_if<plan::AdoptReplicaSet>(&effect)) {
    outcome = co_await adopt(std::move(*adopted));
  } else if (auto* released = std::get_if<plan::ReleaseReplicaSet>(&effect)) {
    outcome = co_await release(std::move(*released));
  } else if (auto* set = std::get_if<plan::PatchReplicaSet>(&effect)) {
    outcome = co_await patch_set(set->set, set->resource_version, std::move(set->patch));
  } else if (auto* removed = std::get_if<plan::DeleteReplicaSet>(&effect)) {
    outcome = co_await remove_set(std::move(*removed));
  } else if (auto* main = std::get_if<plan::PatchRollout>(&effect)) {
    outcome = co_await patch_rollout(std::move(main->patch), "");
  } else if (auto* status = std::get_if<plan::PatchStatus>(&effect)) {
    if (std::string known = status->resource_version; !known.empty()) {
      if (is_older(known, own_version_)) known = own_version_;
      status->patch.as_object()["metadata"] = json::Object{{"resourceVersion", known}};
    }
    outcome = co_await patch_rollout(std::move(status->patch), "status");
  } else if (auto* service = std::get_if<plan::PatchService>(&effect)) {
    outcome = co_await patch_service(std::move(*service));
  } else if (auto* route = std::get_if<plan::UpdateRoute>(&effect)) {
    outcome = co_await update_route(std::move(*route));
  } else if (auto* evicted = std::get_if<plan::EvictPod>(&effect)) {
    outcome = co_await evict(std::move(*evicted));
  } else if (auto* pod = std::get_if<plan::PatchPod>(&effect)) {
    outcome = co_await update_pod(std::move(*pod));
  } else if (auto* scale = std::get_if<plan::ScaleDeployment>(&effect)) {
    outcome = co_await scale_deployment(std::move(*scale));
  } else if (auto* event = std::get_if<plan::EmitEvent>(&effect)) {
    emit(event->type, std::move(event->reason), std::move(event->message));
  }
  if (!outcome) co_return wrap(what, outcome.error());
  co_return outcome;
}

void RolloutWriter::emit(api::EventType type, std::string reason, std::string message) {
  EventTarget target{api::resources::rollouts().api_version(), api::resources::rollouts().kind, rollout_->metadata.key(),
                     rollout_->metadata.uid, rollout_->metadata.resourceVersion};
  events_.record(std::move(target), type, std::move(reason), std::move(message));
}

// ---- the Rollout itself

Task<Status> RolloutWriter::patch_rollout(json::Value patch, std::string subresource) {
  auto options = to_subresource(std::move(subresource));
  CO_TRY(auto written, co_await client_.patch(api::resources::rollouts(), rollout_->metadata.key(), PatchKind::kMerge,
                                              std::move(patch), std::move(options)));
  caches_.store_own(caches_.rollouts(), written);
  own_version_ = std::string(json::text_at(written, "metadata.resourceVersion"));
  if (auto current = caches_.rollouts().find(rollout_->metadata.key())) rollout_ = std::move(current);
  co_return Status();
}

Task<Status> RolloutWriter::record_workload_generation(std::int64_t generation) {
  const json::Object annotations{{api::kWorkloadGenerationAnnotation, std::to_string(generation)}};
  json::Value patch = json::Object{{"metadata", json::Object{{"annotations", annotations}}}};
  const Status outcome = co_await patch_rollout(std::move(patch), "");
  if (!outcome) co_return wrap("record the workload's generation", outcome.error());
  co_return outcome;
}

// ---- ReplicaSets

Task<Status> RolloutWriter::create_set(plan::CreateReplicaSet create) {
  const ObjectKey key{rollout_->metadata.namespace_, create.name};
  auto created = co_await client_.create(api::resources::replica_sets(), key, create.object, WriteOptions());
  if (created) {
    caches_.store_own(caches_.sets(), *created);
    co_return Status();
  }
  Error refusal = std::move(created).error();
  if (refusal.code == Code::kAlreadyExists) co_return co_await settle_existing(std::move(create), std::move(refusal));
  co_await report_create_error(create.name, refusal.message);
  co_return fail(std::move(refusal));
}

// Read live, because the cache lacked it: after a restart, or because its watch is slow.
Task<Status> RolloutWriter::settle_existing(plan::CreateReplicaSet create, Error refusal) {
  const ObjectKey key{rollout_->metadata.namespace_, create.name};
  CO_TRY(auto live, co_await client_.get(api::resources::replica_sets(), key));
  const api::ReplicaSet existing = trimmed_replica_set(live);
  const api::OwnerReference* owner = existing.metadata.controller();
  const bool is_ours = owner && owner->uid == rollout_->metadata.uid;
  if (is_ours && same_user_template(existing, trimmed_replica_set(create.object))) {
    caches_.store_own(caches_.sets(), live);
    co_return Status();
  }
  // Nobody's, and planning did not know of it: it may adopt it now.
  if (!owner && !caches_.sets().find(key)) {
    caches_.store_own(caches_.sets(), live);
    co_return fail(Code::kConflict, "a ReplicaSet of this name without owner exists");
  }
  const json::Object collision{{"collisionCount", rollout_->status.collisionCount.value_or(0) + 1}};
  json::Value patch = json::Object{{"status", collision}};
  CO_CHECK(co_await patch_rollout(std::move(patch), "status"));
  co_return fail(std::move(refusal));
}

// Best effort: the failure of the create itself is what the pass reports. An unchanged condition is not written again, so a
// create that keeps failing costs one request per attempt.
Task<void> RolloutWriter::report_create_error(std::string name, std::string cause) {
  const std::string message = fmt::format("Failed to create new replica set \"{}\": {}", name, cause);
  emit(api::EventType::kWarning, "ReplicaSetCreateError", message);
  const api::Condition* now_shown = rollout_->condition("Progressing");
  if (now_shown && now_shown->reason == "ReplicaSetCreateError" && now_shown->message == message) co_return;
  json::Object status;
  status["conditions"] = create_error_conditions(*rollout_, message, clock_.now());
  json::Value patch = json::Object{{"status", std::move(status)}};
  static_cast<void>(co_await patch_rollout(std::move(patch), "status"));
}

Task<Status> RolloutWriter::patch_set(ObjectKey key, std::string resource_version, json::Value patch) {
  // An earlier effect of this plan may have written the same set: then that version is the one we know.
  const auto own = written_versions_.find(key);
  if (!resource_version.empty() && own != written_versions_.end()) resource_version = own->second;
  if (!patch.is_object()) co_return fail(Code::kInternal, "the planned patch is not an object");
  if (!resource_version.empty()) {
    json::Value& metadata = patch.get_object()["metadata"];
    if (!metadata.is_object()) metadata = json::Object();
    metadata.get_object()["resourceVersion"] = resource_version;
  }
  CO_TRY(auto written,
         co_await client_.patch(api::resources::replica_sets(), key, PatchKind::kMerge, std::move(patch), WriteOptions()));
  caches_.store_own(caches_.sets(), written);
  written_versions_[key] = std::string(json::text_at(written, "metadata.resourceVersion"));
  co_return Status();
}

Task<Status> RolloutWriter::adopt(plan::AdoptReplicaSet adopted) {
  if (!is_adoption_allowed_) {
    CO_TRY(auto live, co_await client_.get(api::resources::rollouts(), rollout_->metadata.key()));
    if (json::text_at(live, "metadata.uid") != rollout_->metadata.uid)
      co_return fail(Code::kConflict, "the Rollout was replaced by another one of the same name");
    if (json::find(live, "metadata.deletionTimestamp")) co_return fail(Code::kConflict, "the Rollout is being deleted");
    is_adoption_allowed_ = true;
  }
  const auto set = caches_.sets().find(adopted.set);
  if (!set || set->metadata.uid != adopted.uid) co_return fail(Code::kConflict, "the ReplicaSet was replaced");
  const api::Resource& kind = api::resources::rollouts();
  json::Array owners;
  for (const api::OwnerReference& owner : set->metadata.ownerReferences) owners.push_back(json::encode(owner));
  const api::OwnerReference ours{kind.api_version(), kind.kind, rollout_->metadata.name, rollout_->metadata.uid, true, true};
  owners.push_back(json::encode(ours));
  json::Value patch = owners_patch(adopted.uid, std::move(owners));
  co_return co_await patch_set(adopted.set, set->metadata.resourceVersion, std::move(patch));
}

Task<Status> RolloutWriter::release(plan::ReleaseReplicaSet released) {
  const auto set = caches_.sets().find(released.set);
  if (!set || set->metadata.uid != released.uid) co_return Status();  // gone already
  json::Array owners;
  for (const api::OwnerReference& owner : set->metadata.ownerReferences)
    if (owner.uid != rollout_->metadata.uid) owners.push_back(json::encode(owner));
  json::Value patch = owners_patch(released.uid, std::move(owners));
  const Status outcome = co_await patch_set(released.set, set->metadata.resourceVersion, std::move(patch));
  const bool is_gone = !outcome && (outcome.error().code == Code::kNotFound || outcome.error().code == Code::kInvalid);
  co_return is_gone ? Status() : outcome;
}

Task<Status> RolloutWriter::remove_set(plan::DeleteReplicaSet removed) {
  const auto set = caches_.sets().find(removed.set);
  if (!set || set->metadata.uid != removed.uid) co_return Status();
  const Status outcome = co_await client_.remove(api::resources::replica_sets(), removed.set, Propagation::kBackground);
  if (!outcome && outcome.error().code != Code::kNotFound) co_return outcome;
  caches_.drop_own(removed.set);
  co_return Status();
}

// ---- Services, pods, workloads

Task<Status> RolloutWriter::patch_service(plan::PatchService change) {
  CO_TRY(auto written, co_await client_.patch(api::resources::services(), change.service, PatchKind::kMerge,
                                              std::move(change.patch), WriteOptions()));
  caches_.store_own(caches_.services(), written);
  co_return Status();
}

Task<Result<std::vector<api::Pod>>> RolloutWriter::list_pods(std::string label_selector) {
  std::vector<api::Pod> pods;
  ListQuery query;
  query.namespace_ = rollout_->metadata.namespace_;
  query.label_selector = std::move(label_selector);
  query.limit = kPodPage;
  do {
    auto page = co_await client_.list(api::resources::pods(), query);
    if (!page) co_return wrap("list pods", page.error());
    for (json::Value& item : page->items) {
      pods.push_back(api::parse_pod(item));
      pods_[pods.back().metadata.key()] = std::move(item);
    }
    query.continue_ = page->continue_;
  } while (!query.continue_.empty());
  co_return pods;
}

// ---- routes

Task<Result<std::vector<plan::TrafficRoute>>> RolloutWriter::read_routes(std::vector<plan::RouteReference> references) {
  std::vector<plan::TrafficRoute> routes;
  for (plan::RouteReference& reference : references) {
    auto object = co_await client_.get(reference.resource, reference.key);
    const bool is_missing = !object && object.error().code == Code::kNotFound;
    if (!object && !is_missing) co_return wrap("read " + reference.resource.kind + " " + reference.key.text(), object.error());
    routes.push_back({std::move(reference), is_missing ? json::Value(nullptr) : *std::move(object)});
  }
  co_return routes;
}

Task<Status> RolloutWriter::update_route(plan::UpdateRoute change) {
  json::Value& metadata = change.patch.as_object()["metadata"];
  if (!metadata.is_object()) metadata = json::Object();
  metadata.as_object()["resourceVersion"] = change.resource_version;
  const auto written =
      co_await client_.patch(change.resource, change.route, PatchKind::kMerge, std::move(change.patch), WriteOptions());
  if (!written) co_return fail(written.error());
  co_return Status();
}

Task<Status> RolloutWriter::evict(plan::EvictPod evicted) {
  const json::Object metadata{{"name", evicted.pod.name}, {"namespace", evicted.pod.namespace_}};
  json::Value eviction = json::Object{{"apiVersion", "policy/v1"}, {"kind", "Eviction"}, {"metadata", metadata}};
  auto options = to_subresource("eviction");
  const auto outcome = co_await client_.create(api::resources::pods(), evicted.pod, std::move(eviction), std::move(options));
  if (outcome) co_return Status();
  // 429: a disruption budget protects the pod; a later pass tries again.
  const bool is_settled = outcome.error().code == Code::kTooManyRequests || outcome.error().code == Code::kNotFound;
  if (is_settled) co_return Status();
  co_return fail(outcome.error());
}

// An update of the whole pod, not a patch: the role that Argo Rollouts ships allows nothing else.
Task<Status> RolloutWriter::update_pod(plan::PatchPod change) {
  const auto listed = pods_.find(change.pod);
  if (listed == pods_.end()) co_return fail(Code::kConflict, "the pod was not listed in this pass");
  json::Value changed = json::merge_patch(listed->second, change.patch);
  auto outcome = co_await client_.update(api::resources::pods(), change.pod, std::move(changed), WriteOptions());
  if (outcome) pods_[change.pod] = *std::move(outcome);
  else if (outcome.error().code != Code::kNotFound) co_return fail(outcome.error());
  co_return Status();
}

// Get and update for the same reason as above.
Task<Status> RolloutWriter::scale_deployment(plan::ScaleDeployment scale) {
  CO_TRY(auto deployment, co_await client_.get(api::resources::deployments(), scale.deployment));
  if (json::int_at(deployment, "spec.replicas", 1) == scale.replicas) co_return Status();
  const json::Object spec{{"replicas", scale.replicas}};
  json::Value changed = json::merge_patch(std::move(deployment), json::Object{{"spec", spec}});
  CO_TRY(auto written,
         co_await client_.update(api::resources::deployments(), scale.deployment, std::move(changed), WriteOptions()));
  caches_.store_own(caches_.workloads(api::resources::deployments()), written);
  co_return Status();
}

}  // namespace canaria::controllers
