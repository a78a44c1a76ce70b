// ReplicaSets at work: as many pods as they say, and a status that says how many there are.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/pod_writer.h"

namespace canaria::machine {

class ReplicaSetController {
 public:
  ReplicaSetController(WorkloadDoors doors, WorkloadCaches& caches, PodWriter& pods);

  // REQUIRES: the caches of ReplicaSets and pods have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using SetPointer = std::shared_ptr<const workload::SetState>;
  using PodPointer = std::shared_ptr<const workload::PodState>;
  // The objects that a snapshot points into.
  struct Observation {
    SetPointer set;
    std::vector<PodPointer> pods;
    workload::SetSnapshot snapshot;
  };

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  std::optional<Observation> observe(const api::ObjectKey& key) const;
  Task<Status> write_status(api::ObjectKey key, std::optional<workload::SetFailure> failure);
  void pod_changed(const PodPointer& before, const PodPointer& after);
  void wake_owner(const workload::PodState& pod);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  PodWriter& writer_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
