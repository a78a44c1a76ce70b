// PodDisruptionBudgets at work: counts the pods of each, so that the API server can say whether one may be evicted.
//
// The count is only written over what it was made from: an eviction that the API server allows meanwhile wins.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"
#include "ports/scale_client.h"

namespace canaria::machine {

class DisruptionController {
 public:
  // scales: how many pods other owners than ReplicaSets want; null: nobody knows.
  DisruptionController(WorkloadDoors doors, WorkloadCaches& caches, ScaleClient* scales);

  // REQUIRES: the caches of budgets, pods, ReplicaSets and Deployments have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using BudgetPointer = std::shared_ptr<const workload::BudgetState>;
  using PodPointer = std::shared_ptr<const workload::PodState>;
  using SetPointer = std::shared_ptr<const workload::SetState>;

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  Task<std::optional<std::int32_t>> pods_wanted_by(api::OwnerReference owner, std::string namespace_);
  Task<Status> write_status(BudgetPointer budget, json::Value patch);
  void pod_changed(const PodPointer& before, const PodPointer& after);
  // The number of pods that the owner of pods wants has changed.
  void owner_changed(const std::string& namespace_);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  ScaleClient* scales_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
