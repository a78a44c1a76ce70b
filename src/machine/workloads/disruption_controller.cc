#include "machine/workloads/disruption_controller.h"

#include <set>

namespace canaria::machine {
namespace {

constexpr std::size_t kWorkers = 4;

// Whether any budget would count differently.
bool matters(const workload::PodState& before, const workload::PodState& after) {
  return before.metadata.labels != after.metadata.labels || before.is_ready() != after.is_ready() ||
         before.is_terminating() != after.is_terminating() || before.metadata.uid != after.metadata.uid;
}

}  // namespace

DisruptionController::DisruptionController(WorkloadDoors doors, WorkloadCaches& caches, ScaleClient* scales)
    : doors_(doors),
      caches_(caches),
      scales_(scales),
      queue_(
          doors.loop, kWorkers, [this](api::ObjectKey key) { return reconcile(std::move(key)); },
          [this] { return doors_.clock.now(); }) {
  caches_.budgets().on_change([this](const BudgetPointer& before, const BudgetPointer& after) {
    if (is_started_) queue_.add((after ? after : before)->metadata.key());
  });
  caches_.pods().objects().on_change([this](const PodPointer& before, const PodPointer& after) { pod_changed(before, after); });
  caches_.sets().objects().on_change([this](const SetPointer& before, const SetPointer& after) {
    if (before && after && before->replicas != after->replicas) owner_changed(after->metadata.namespace_);
  });
  caches_.deployments().on_change([this](const auto& before, const auto& after) {
    if (before && after && before->replicas != after->replicas) owner_changed(after->metadata.namespace_);
  });
}

void DisruptionController::start() {
  is_started_ = true;
  for (const auto& [key, budget] : caches_.budgets().all()) queue_.add(key);
  queue_.start();
}

void DisruptionController::pod_changed(const PodPointer& before, const PodPointer& after) {
  if (!is_started_ || (before && after && !matters(*before, *after))) return;
  for (const auto& budget : caches_.budgets().in_namespace((after ? after : before)->metadata.namespace_)) {
    const bool selects =
        (before && budget->selects(before->metadata.labels)) || (after && budget->selects(after->metadata.labels));
    if (selects) queue_.add(budget->metadata.key());
  }
}

void DisruptionController::owner_changed(const std::string& namespace_) {
  if (!is_started_) return;
  for (const auto& budget : caches_.budgets().in_namespace(namespace_))
    if (workload::counts_controllers(*budget)) queue_.add(budget->metadata.key());
}

// A ReplicaSet of a Deployment wants what the Deployment wants: during an update several share its pods.
Task<std::optional<std::int32_t>> DisruptionController::pods_wanted_by(api::OwnerReference owner, std::string namespace_) {
  if (owner.kind == api::resources::replica_sets().kind) {
    const SetPointer set = caches_.sets().objects().find({namespace_, owner.name});
    if (!set || set->metadata.uid != owner.uid) co_return std::nullopt;
    const api::OwnerReference* above = set->metadata.controller();
    if (!above || above->kind != api::resources::deployments().kind) co_return set->replicas;
    const auto deployment = caches_.deployments().find({namespace_, above->name});
    if (!deployment || deployment->metadata.uid != above->uid) co_return std::nullopt;
    co_return deployment->replicas;
  }
  if (!scales_) co_return std::nullopt;
  ScaleTarget target;
  target.api_version = owner.apiVersion;
  target.kind = owner.kind;
  target.key = {namespace_, owner.name};
  const auto scale = co_await scales_->scale_of(target);
  if (!scale) co_return std::nullopt;
  co_return scale->wanted;
}

Task<Result<std::optional<Time>>> DisruptionController::reconcile(api::ObjectKey key) {
  const BudgetPointer budget = caches_.budgets().find(key);
  if (!budget) co_return std::nullopt;
  std::vector<PodPointer> pods;
  for (PodPointer& pod : caches_.pods().objects().in_namespace(key.namespace_))
    if (budget->selects(pod->metadata.labels)) pods.push_back(std::move(pod));
  workload::BudgetSnapshot snapshot;
  snapshot.now = doors_.clock.now();
  snapshot.budget = budget.get();
  for (const PodPointer& pod : pods) snapshot.pods.push_back(pod.get());
  std::set<std::string> shared;  // Deployments that were counted under another ReplicaSet
  for (const PodPointer& pod : pods) {
    const api::OwnerReference* owner = pod->metadata.controller();
    if (!workload::counts_controllers(*budget) || !owner || snapshot.pods_wanted.contains(owner->uid)) continue;
    const auto wanted = co_await pods_wanted_by(*owner, key.namespace_);
    if (!wanted) continue;
    const SetPointer set = caches_.sets().objects().find({key.namespace_, owner->name});
    const api::OwnerReference* above = set && set->metadata.uid == owner->uid ? set->metadata.controller() : nullptr;
    const bool is_counted = above && !shared.insert(above->uid).second;
    snapshot.pods_wanted[owner->uid] = is_counted && above->kind == api::resources::deployments().kind ? 0 : *wanted;
  }
  workload::BudgetPlan todo = workload::plan_budget(snapshot);
  if (!todo.status_patch.is_null()) {
    for (workload::BudgetEvent& event : todo.events)
      doors_.events.record(event_target(api::resources::pod_disruption_budgets(), budget->metadata),
                           event.is_warning ? api::EventType::kWarning : api::EventType::kNormal, std::move(event.reason),
                           std::move(event.message));
    CO_CHECK(co_await write_status(budget, std::move(todo.status_patch)));
  }
  co_return todo.wake_at;
}

Task<Status> DisruptionController::write_status(BudgetPointer budget, json::Value patch) {
  patch.get_object()["metadata"] =
      json::Object{{"uid", budget->metadata.uid}, {"resourceVersion", budget->metadata.resourceVersion}};
  auto options = to_subresource("status");
  auto written = co_await doors_.client.patch(api::resources::pod_disruption_budgets(), budget->metadata.key(), PatchKind::kMerge,
                                              std::move(patch), std::move(options));
  if (written) caches_.budgets().put(*written);
  else if (written.error().code != Code::kNotFound) co_return fail(written.error());
  co_return Status();
}

}  // namespace canaria::machine
