// HorizontalPodAutoscalers at work, over the scale subresource of whatever they refer to.
//
// What they refer to may be of any kind, so it is not watched: an autoscaler looks again every fifteen seconds, as it does on a
// cluster, and whenever it changes itself.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"
#include "ports/scale_client.h"

namespace canaria::machine {

class AutoscalerController {
 public:
  // scales: null when nothing can be scaled; then start() must not be called.
  AutoscalerController(WorkloadDoors doors, WorkloadCaches& caches, ScaleClient* scales);

  // REQUIRES: the cache of autoscalers has synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using AutoscalerPointer = std::shared_ptr<const workload::AutoscalerState>;

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  Task<Status> write_status(AutoscalerPointer autoscaler, workload::AutoscalerStatus status);
  void tell(const workload::AutoscalerState& autoscaler, workload::AutoscalerEvent event);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  ScaleClient* scales_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
