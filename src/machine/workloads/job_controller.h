// Jobs at work: runs their pods until enough have succeeded or too many have failed.
#pragma once

#include "async/work_queue.h"
#include "machine/workloads/pod_writer.h"

namespace canaria::machine {

class JobController {
 public:
  JobController(WorkloadDoors doors, WorkloadCaches& caches, PodWriter& pods);

  // REQUIRES: the caches of Jobs and pods have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using JobPointer = std::shared_ptr<const workload::JobState>;
  using PodPointer = std::shared_ptr<const workload::PodState>;

  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  Task<Status> create_pods(JobPointer job, std::int32_t count, std::vector<std::int32_t> indexes);
  Task<Status> write_status(JobPointer job, json::Value patch);
  Task<Status> remove(api::ObjectKey key);
  workload::JobPlan plan(const workload::JobState& job, std::vector<PodPointer>& pods) const;
  void pod_changed(const PodPointer& before, const PodPointer& after);

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  PodWriter& writer_;
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
