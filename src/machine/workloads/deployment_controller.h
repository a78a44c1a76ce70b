// Deployments at work: applies one planned move after the other until nothing is left to move, then writes the status.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"

namespace canaria::machine {

class DeploymentController {
 public:
  DeploymentController(WorkloadDoors doors, WorkloadCaches& caches);

  // REQUIRES: the caches of Deployments, ReplicaSets and pods have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using DeploymentPointer = std::shared_ptr<const workload::DeploymentState>;
  using SetPointer = std::shared_ptr<const workload::SetState>;
  using PodPointer = std::shared_ptr<const workload::PodState>;

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  workload::DeploymentPlan plan(const workload::DeploymentState& deployment) const;
  Task<Status> apply(DeploymentPointer deployment, workload::SetWrite write);
  Task<Status> create(DeploymentPointer deployment, workload::SetWrite write);
  Task<Status> settle_existing(DeploymentPointer deployment, api::ObjectKey set);
  Task<Status> report_refusal(DeploymentPointer deployment, std::string set, std::string why);
  Task<Status> remove(api::ObjectKey set);
  Task<Status> patch_deployment(api::ObjectKey key, json::Value patch, std::string subresource);
  void set_changed(const SetPointer& before, const SetPointer& after);
  void pod_changed(const PodPointer& before, const PodPointer& after);
  void tell(const workload::DeploymentState& deployment, api::EventType type, std::string reason, std::string message);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
