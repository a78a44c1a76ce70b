#include "controllers/rollout_caches.h"

#include "api/rollouts/validation.h"

namespace canaria::controllers {
namespace {

std::string workload_text(const api::Resource& resource, const api::ObjectKey& key) {
  return resource.qualified() + " " + key.text();
}

std::pair<std::string, std::string> owner_of(const api::ReplicaSet& set) {
  const api::OwnerReference* owner = set.metadata.controller();
  return {set.metadata.namespace_, owner ? owner->uid : std::string()};
}

}  // namespace

const api::Resource* workload_resource(const api::WorkloadRef& reference) {
  const auto slash = reference.apiVersion.find('/');
  const std::string group = slash == std::string::npos ? "" : reference.apiVersion.substr(0, slash);
  for (const api::Resource* resource :
       {&api::resources::deployments(), &api::resources::replica_sets(), &api::resources::pod_templates()})
    if (resource->group == group && resource->kind == reference.kind) return resource;
  return nullptr;
}

RolloutCaches::RolloutCaches() {
  // First of all listeners, so that the others already see the indices of what they are told about.
  rollouts_.on_change([this](const auto& before, const auto& after) { index_rollout(before, after); });
  sets_.on_change([this](const auto& before, const auto& after) { index_set(before, after); });
}

WorkloadCache& RolloutCaches::workloads(const api::Resource& resource) {
  std::unique_ptr<WorkloadCache>& cache = workloads_[resource.qualified()];
  if (!cache) {
    cache = std::make_unique<WorkloadCache>(trimmed_workload);
    if (started_) started_(resource, *cache);
  }
  return *cache;
}

std::vector<ReplicaSetCache::Pointer> RolloutCaches::sets_of(const std::string& namespace_, const std::string& owner_uid) const {
  std::vector<ReplicaSetCache::Pointer> result;
  const auto names = sets_by_owner_.find({namespace_, owner_uid});
  if (names == sets_by_owner_.end()) return result;
  for (const std::string& name : names->second)
    if (auto set = sets_.find(api::ObjectKey{namespace_, name})) result.push_back(std::move(set));
  return result;
}

std::vector<ReplicaSetCache::Pointer> RolloutCaches::ownerless_sets(const std::string& namespace_) const {
  return sets_of(namespace_, "");
}

std::vector<api::ObjectKey> RolloutCaches::rollouts_naming_service(const api::ObjectKey& service) const {
  return service_references_.naming(service.text());
}

std::vector<api::ObjectKey> RolloutCaches::rollouts_of_workload(const api::Resource& resource,
                                                                const api::ObjectKey& workload) const {
  return workload_references_.naming(workload_text(resource, workload));
}

void RolloutCaches::drop_own(const api::ObjectKey& set) {
  const auto cached = sets_.find(set);
  if (!cached) return;
  const json::Object metadata{
      {"namespace", set.namespace_}, {"name", set.name}, {"resourceVersion", cached->metadata.resourceVersion}};
  storing_own_ = true;
  sets_.drop(json::Object{{"metadata", metadata}});
  storing_own_ = false;
}

void RolloutCaches::index_rollout(const RolloutCache::Pointer& before, const RolloutCache::Pointer& after) {
  const api::ObjectKey key = (after ? after : before)->metadata.key();
  std::vector<std::string> services;
  std::vector<std::string> workloads;
  if (after) {
    for (const std::string& name : api::referenced_services(*after))
      services.push_back(api::ObjectKey{key.namespace_, name}.text());
    if (after->spec.workloadRef)
      if (const api::Resource* resource = workload_resource(*after->spec.workloadRef))
        workloads.push_back(workload_text(*resource, {key.namespace_, after->spec.workloadRef->name}));
  }
  service_references_.set(key, std::move(services));
  workload_references_.set(key, std::move(workloads));
}

void RolloutCaches::index_set(const ReplicaSetCache::Pointer& before, const ReplicaSetCache::Pointer& after) {
  if (before && after && owner_of(*before) == owner_of(*after)) return;
  if (before) {
    const auto names = sets_by_owner_.find(owner_of(*before));
    if (names != sets_by_owner_.end()) {
      names->second.erase(before->metadata.name);
      if (names->second.empty()) sets_by_owner_.erase(names);
    }
  }
  if (after) sets_by_owner_[owner_of(*after)].insert(after->metadata.name);
}

}  // namespace canaria::controllers
