#include "machine/workloads/deployment_controller.h"

#include <fmt/format.h>

#include "plan/workload/claim.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 8;

}  // namespace

DeploymentController::DeploymentController(WorkloadDoors doors, WorkloadCaches& caches)
    : doors_(doors),
      caches_(caches),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.deployments().on_change([this](const auto& before, const auto& after) {
    if (is_started_) queue_.add((after ? after : before)->metadata.key());
  });
  caches_.sets().objects().on_change([this](const SetPointer& before, const SetPointer& after) { set_changed(before, after); });
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { pod_changed(before, after); });
}

void DeploymentController::start() {
  is_started_ = true;
  for (const auto& [key, deployment] : caches_.deployments().all()) queue_.add(key);
  queue_.start();
}

void DeploymentController::set_changed(const SetPointer& before, const SetPointer& after) {
  if (!is_started_) return;
  for (const SetPointer& set : {before, after}) {
    if (!set) continue;
    const std::string& namespace_ = set->metadata.namespace_;
    if (const api::OwnerReference* owner = set->metadata.controller()) {
      if (owner->kind == api::resources::deployments().kind) queue_.add({namespace_, owner->name});
      continue;
    }
    for (const auto& deployment : caches_.deployments().in_namespace(namespace_))
      if (workload::claim_on(set->metadata, deployment->metadata, workload::claim_selector(deployment->selector)) ==
          workload::Claim::kAdopt)
        queue_.add(deployment->metadata.key());
  }
}

// Recreate waits for the last old pod to be gone.
void DeploymentController::pod_changed(const PodPointer& before, const PodPointer& after) {
  if (!is_started_ || !before || (after && !after->has_ended())) return;
  const api::OwnerReference* owner = before->metadata.controller();
  if (!owner || owner->kind != api::resources::replica_sets().kind) return;
  const auto set = caches_.sets().objects().find({before->metadata.namespace_, owner->name});
  const api::OwnerReference* deployment = set ? set->metadata.controller() : nullptr;
  if (deployment && deployment->kind == api::resources::deployments().kind)
    queue_.add({before->metadata.namespace_, deployment->name});
}

workload::DeploymentPlan DeploymentController::plan(const workload::DeploymentState& deployment) const {
  const std::string& namespace_ = deployment.metadata.namespace_;
  std::vector<SetPointer> sets = caches_.sets().controlled_by(namespace_, deployment.metadata.uid);
  for (SetPointer& set : caches_.sets().without_controller(namespace_)) sets.push_back(std::move(set));
  workload::DeploymentSnapshot snapshot;
  snapshot.now = doors_.clock.now();
  snapshot.deployment = &deployment;
  for (const SetPointer& set : sets) {
    snapshot.sets.push_back(set.get());
    if (!deployment.recreates) continue;
    for (const PodPointer& pod : caches_.pods().controlled_by(namespace_, set->metadata.uid))
      if (!pod->has_ended()) ++snapshot.pods_by_owner[set->metadata.uid];
  }
  return workload::plan_deployment(snapshot);
}

Task<Result<std::optional<Time>>> DeploymentController::reconcile(api::ObjectKey key) {
  const DeploymentPointer deployment = caches_.deployments().find(key);
  if (!deployment) co_return std::nullopt;
  workload::DeploymentPlan todo = plan(*deployment);
  if (!todo.writes.empty()) {
    for (workload::SetWrite& write : todo.writes) {
      CO_CHECK(co_await apply(deployment, std::move(write)));
    }
    co_return doors_.clock.now();
  }
  if (!todo.status_patch.is_null()) {
    todo.status_patch.get_object()["metadata"] = json::Object{{"uid", deployment->metadata.uid}};
    CO_CHECK(co_await patch_deployment(key, std::move(todo.status_patch), "status"));
  }
  if (!todo.metadata_patch.is_null()) {
    CO_CHECK(co_await patch_deployment(key, std::move(todo.metadata_patch), ""));
  }
  co_return todo.wake_at;
}

Task<Status> DeploymentController::apply(DeploymentPointer deployment, workload::SetWrite write) {
  const api::ObjectKey key{deployment->metadata.namespace_, write.name};
  const std::string message = write.event_message;
  Status outcome;
  if (write.change == workload::SetChange::kCreate) {
    outcome = co_await create(deployment, std::move(write));
  } else if (write.change == workload::SetChange::kDelete) {
    outcome = co_await remove(key);
  } else {
    auto written = co_await doors_.client.patch(api::resources::replica_sets(), key, PatchKind::kMerge, std::move(write.body),
                                                WriteOptions());
    if (written) caches_.sets().objects().put(*written);
    else outcome = fail(written.error());
  }
  if (!outcome) co_return wrap("write ReplicaSet " + key.text(), outcome.error());
  if (!message.empty()) tell(*deployment, api::EventType::kNormal, "ScalingReplicaSet", message);
  co_return Status();
}

Task<Status> DeploymentController::create(DeploymentPointer deployment, workload::SetWrite write) {
  const api::ObjectKey key{deployment->metadata.namespace_, write.name};
  auto created = co_await doors_.client.create(api::resources::replica_sets(), key, std::move(write.body), WriteOptions());
  if (created) {
    caches_.sets().objects().put(*created);
    co_return Status();
  }
  if (created.error().code == Code::kAlreadyExists) {
    CO_CHECK(co_await settle_existing(deployment, key));
  } else {
    CO_CHECK(co_await report_refusal(deployment, key.name, created.error().message));
  }
  co_return fail(created.error());
}

// Read live, because the cache lacked it. If it is ours the next pass sees it; if it is another one, the next name is tried.
Task<Status> DeploymentController::settle_existing(DeploymentPointer deployment, api::ObjectKey set) {
  CO_TRY(auto live, co_await doors_.client.get(api::resources::replica_sets(), set));
  const workload::SetState existing = workload::parse_set_state(live);
  const api::OwnerReference* owner = existing.metadata.controller();
  const bool is_usable = !owner || owner->uid == deployment->metadata.uid;
  if (is_usable && workload::runs_template(existing, *deployment)) {
    caches_.sets().objects().put(live);
    co_return Status();
  }
  json::Value patch = workload::collision_patch(*deployment);
  co_return co_await patch_deployment(deployment->metadata.key(), std::move(patch), "status");
}

Task<Status> DeploymentController::report_refusal(DeploymentPointer deployment, std::string set, std::string why) {
  tell(*deployment, api::EventType::kWarning, "ReplicaSetCreateError",
       fmt::format("Failed to create new replica set \"{}\": {}", set, why));
  json::Value patch = workload::create_failure_patch(*deployment, set, why, doors_.clock.now());
  if (patch.is_null()) co_return Status();
  co_return co_await patch_deployment(deployment->metadata.key(), std::move(patch), "status");
}

Task<Status> DeploymentController::remove(api::ObjectKey set) {
  const auto cached = caches_.sets().objects().find(set);
  const Status outcome = co_await doors_.client.remove(api::resources::replica_sets(), set, Propagation::kBackground);
  if (!outcome && outcome.error().code != Code::kNotFound) co_return outcome;
  if (!cached) co_return Status();
  const json::Object metadata{
      {"namespace", set.namespace_}, {"name", set.name}, {"resourceVersion", cached->metadata.resourceVersion}};
  caches_.sets().objects().drop(json::Object{{"metadata", metadata}});
  co_return Status();
}

Task<Status> DeploymentController::patch_deployment(api::ObjectKey key, json::Value patch, std::string subresource) {
  auto options = to_subresource(std::move(subresource));
  auto written =
      co_await doors_.client.patch(api::resources::deployments(), key, PatchKind::kMerge, std::move(patch), std::move(options));
  if (written) caches_.deployments().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

void DeploymentController::tell(const workload::DeploymentState& deployment, api::EventType type, std::string reason,
                                std::string message) {
  doors_.events.record(event_target(api::resources::deployments(), deployment.metadata), type, std::move(reason),
                       std::move(message));
}

}  // namespace canaria::machine
