// Keeps the EndpointSlices of Services equal to the pods they select. Traffic follows these, so nothing waits here: a change of
// a pod is one write, changes that come during it are the next one.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"

namespace canaria::machine {

class EndpointSliceController {
 public:
  EndpointSliceController(WorkloadDoors doors, WorkloadCaches& caches);

  // REQUIRES: the caches of Services, pods and EndpointSlices have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using PodPointer = std::shared_ptr<const workload::PodState>;
  using SlicePointer = std::shared_ptr<const workload::SliceState>;

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  workload::SlicePlan plan(const workload::ServiceState& service) const;
  Task<Status> apply(std::string namespace_, workload::SliceWrite write);
  Task<Status> remove(api::ObjectKey key);
  void pod_changed(const PodPointer& before, const PodPointer& after);
  void slice_changed(const SlicePointer& before, const SlicePointer& after);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
