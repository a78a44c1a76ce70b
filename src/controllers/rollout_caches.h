// The caches that Rollouts are reconciled from, with the indices that keep one reconcile independent of how many objects
// there are: the ReplicaSets of an owner, the Rollouts that name a Service or a workload.
//
// Lives on the loop; watchers fill it, the reconciler adds the responses to its own writes with store_own().
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "controllers/cached_objects.h"
#include "controllers/reference_index.h"

namespace canaria::controllers {

// The resource behind a workloadRef (any version of its group), or null when this kind has no pod template we can take.
const api::Resource* workload_resource(const api::WorkloadRef& reference);

class RolloutCaches {
 public:
  RolloutCaches();
  RolloutCaches(const RolloutCaches&) = delete;
  RolloutCaches& operator=(const RolloutCaches&) = delete;

  RolloutCache& rollouts() { return rollouts_; }
  ReplicaSetCache& sets() { return sets_; }
  ServiceCache& services() { return services_; }
  const ServiceCache& services() const { return services_; }
  // The cache of one workload kind; created on first use and then known to on_workload_cache.
  WorkloadCache& workloads(const api::Resource& resource);
  // Called once for each workload cache, when it is created: the moment to start its watch.
  void on_workload_cache(std::function<void(const api::Resource&, WorkloadCache&)> listener) { started_ = std::move(listener); }

  // The ReplicaSets whose controller has this UID, by name.
  std::vector<ReplicaSetCache::Pointer> sets_of(const std::string& namespace_, const std::string& owner_uid) const;
  // The ReplicaSets of the namespace that have no controller, by name.
  std::vector<ReplicaSetCache::Pointer> ownerless_sets(const std::string& namespace_) const;
  std::vector<api::ObjectKey> rollouts_naming_service(const api::ObjectKey& service) const;
  std::vector<api::ObjectKey> rollouts_of_workload(const api::Resource& resource, const api::ObjectKey& workload) const;

  // Puts the response to a write of our own into its cache. Listeners can tell it from news by is_storing_own().
  template <class T>
  void store_own(ObjectCache<T>& cache, const json::Value& object) {
    storing_own_ = true;
    cache.put(object);
    storing_own_ = false;
  }
  // Takes a ReplicaSet that we deleted out of its cache.
  void drop_own(const api::ObjectKey& set);
  bool is_storing_own() const { return storing_own_; }

 private:
  void index_rollout(const RolloutCache::Pointer& before, const RolloutCache::Pointer& after);
  void index_set(const ReplicaSetCache::Pointer& before, const ReplicaSetCache::Pointer& after);

  RolloutCache rollouts_{trimmed_rollout};
  ReplicaSetCache sets_{trimmed_replica_set};
  ServiceCache services_{trimmed_service};
  std::map<std::string, std::unique_ptr<WorkloadCache>> workloads_;  // by Resource::qualified()
  std::function<void(const api::Resource&, WorkloadCache&)> started_;

  // By namespace and UID of the controller; the UID is empty for sets without one.
  std::map<std::pair<std::string, std::string>, std::set<std::string>> sets_by_owner_;
  ReferenceIndex service_references_;
  ReferenceIndex workload_references_;
  bool storing_own_ = false;
};

}  // namespace canaria::controllers
