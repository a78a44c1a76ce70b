#include "machine/workloads/replica_set_controller.h"

#include "plan/workload/claim.h"

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 8;

std::vector<api::ObjectKey> keys_of(const std::vector<const workload::PodState*>& pods) {
  std::vector<api::ObjectKey> keys;
  for (const workload::PodState* pod : pods) keys.push_back(pod->metadata.key());
  return keys;
}

}  // namespace

ReplicaSetController::ReplicaSetController(WorkloadDoors doors, WorkloadCaches& caches, PodWriter& pods)
    : doors_(doors),
      caches_(caches),
      writer_(pods),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.sets().objects().on_change([this](const SetPointer& before, const SetPointer& after) {
    if (is_started_) queue_.add((after ? after : before)->metadata.key());
  });
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { pod_changed(before, after); });
}

void ReplicaSetController::start() {
  is_started_ = true;
  for (const auto& [key, set] : caches_.sets().objects().all()) queue_.add(key);
  queue_.start();
}

void ReplicaSetController::pod_changed(const PodPointer& before, const PodPointer& after) {
  if (!is_started_) return;
  if (before) wake_owner(*before);
  if (after) wake_owner(*after);
}

// The owner; for a pod without one every ReplicaSet that might take it.
void ReplicaSetController::wake_owner(const workload::PodState& pod) {
  const std::string& namespace_ = pod.metadata.namespace_;
  if (const api::OwnerReference* owner = pod.metadata.controller()) {
    if (owner->kind == api::resources::replica_sets().kind) queue_.add({namespace_, owner->name});
    return;
  }
  for (const SetPointer& set : caches_.sets().objects().in_namespace(namespace_))
    if (workload::claim_on(pod.metadata, set->metadata, workload::claim_selector(set->selector)) == workload::Claim::kAdopt)
      queue_.add(set->metadata.key());
}

std::optional<ReplicaSetController::Observation> ReplicaSetController::observe(const api::ObjectKey& key) const {
  Observation seen;
  seen.set = caches_.sets().objects().find(key);
  if (!seen.set) return std::nullopt;
  seen.pods = caches_.pods().controlled_by(key.namespace_, seen.set->metadata.uid);
  for (PodPointer& pod : caches_.pods().without_controller(key.namespace_)) seen.pods.push_back(std::move(pod));
  seen.snapshot.now = doors_.clock.now();
  seen.snapshot.set = seen.set.get();
  for (const PodPointer& pod : seen.pods) seen.snapshot.pods.push_back(pod.get());
  seen.snapshot.removed = caches_.removed();
  return seen;
}

Task<Result<std::optional<Time>>> ReplicaSetController::reconcile(api::ObjectKey key) {
  auto seen = observe(key);
  if (!seen) co_return std::nullopt;
  const workload::SetPlan plan = workload::plan_set(seen->snapshot);
  const PodWriter::Owner owner(api::resources::replica_sets(), seen->set->metadata);
  if (!plan.adopt.empty() || !plan.release.empty()) {
    CO_CHECK(co_await writer_.release(owner, keys_of(plan.release)));
    CO_CHECK(co_await writer_.adopt(owner, keys_of(plan.adopt)));
    co_return doors_.clock.now();
  }
  Status outcome;
  std::string failure_reason = "FailedCreate";
  if (plan.create > 0) {
    json::Value pod = workload::pod_of_template(seen->set->pod_template, owner.kind, owner.metadata);
    outcome = co_await writer_.create(owner, std::move(pod), plan.create);
  } else if (!plan.remove.empty()) {
    failure_reason = "FailedDelete";
    std::vector<PodWriter::Victim> victims;
    for (const workload::PodState* pod : plan.remove) victims.emplace_back(*pod);
    outcome = co_await writer_.remove(owner, std::move(victims));
  }
  std::optional<workload::SetFailure> failure;
  if (!outcome) failure = workload::SetFailure{failure_reason, outcome.error().message};
  CO_CHECK(co_await write_status(key, std::move(failure)));
  if (!outcome) co_return fail(outcome.error());
  seen = observe(key);
  co_return seen ? workload::next_availability(seen->snapshot) : std::nullopt;
}

// From what is there now, own writes included: one status write for a change of size and not two.
Task<Status> ReplicaSetController::write_status(api::ObjectKey key, std::optional<workload::SetFailure> failure) {
  const auto seen = observe(key);
  if (!seen) co_return Status();
  const workload::SetStatus status = workload::set_status(seen->snapshot, failure);
  json::Value patch = workload::set_status_patch(seen->set->status, status);
  if (patch.is_null()) co_return Status();
  patch.get_object()["metadata"] = json::Object{{"uid", seen->set->metadata.uid}};
  auto options = to_subresource("status");
  auto written =
      co_await doors_.client.patch(api::resources::replica_sets(), key, PatchKind::kMerge, std::move(patch), std::move(options));
  if (written) caches_.sets().objects().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

}  // namespace canaria::machine
