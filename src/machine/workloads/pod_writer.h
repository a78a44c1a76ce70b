// Creates, deletes, adopts and releases pods for their controllers (ReplicaSet, Job), and tells of it by Events.
//
// Creations start slowly: one, then two, then four at once, so that a quota or a refused template costs one request and not a
// hundred. What is started is finished even if the caller is cancelled; stop() ends it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "async/scope.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"

namespace canaria::machine {

class PodWriter {
 public:
  // The controller the pods belong to.
  struct Owner {
    Owner() = default;
    Owner(const api::Resource& resource, api::ObjectMeta object) : kind(resource), metadata(std::move(object)) {}
    api::Resource kind;
    api::ObjectMeta metadata;
  };
  struct Victim {
    Victim() = default;
    explicit Victim(const workload::PodState& pod) : key(pod.metadata.key()), uid(pod.metadata.uid) {}
    api::ObjectKey key;
    std::string uid;
  };

  PodWriter(WorkloadDoors doors, WorkloadCaches& caches) : doors_(doors), caches_(caches), scope_(doors.loop) {}

  // The pod that is created as the n-th.
  using PodMaker = std::function<json::Value(std::int32_t)>;

  // Returns the first failure; what was created until then stays.
  Task<Status> create(Owner owner, json::Value pod, std::int32_t count);
  Task<Status> create_each(Owner owner, PodMaker make, std::int32_t count);
  Task<Status> remove(Owner owner, std::vector<Victim> pods);
  // Adoption asks first, live, whether the owner is still the same and stays.
  Task<Status> adopt(Owner owner, std::vector<api::ObjectKey> pods);
  Task<Status> release(Owner owner, std::vector<api::ObjectKey> pods);

  Task<void> stop() { return scope_.stop(); }

 private:
  struct Batch;
  Task<void> create_one(Owner owner, json::Value pod, std::shared_ptr<Batch> batch);
  Task<void> remove_one(Owner owner, Victim pod, std::shared_ptr<Batch> batch);
  Task<Status> patch(api::ObjectKey pod, json::Value body);
  void tell(const Owner& owner, api::EventType type, std::string reason, std::string message);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  async::Scope scope_;
};

}  // namespace canaria::machine
