// Gives every pod that has no node one, as kube-scheduler would on a small cluster, and says so in its condition PodScheduled.
//
// The condition comes first and the binding second: from the binding on, the status of the pod belongs to its node.
#pragma once

#include <map>
#include <string>

#include "async/work_queue.h"
#include "machine/workloads/workload_caches.h"
#include "machine/workloads/workload_doors.h"

namespace canaria::machine {

// How a pod is bound: the embedded store takes spec.nodeName in a patch, a real API server only the subresource.
enum class Binding { kPatch, kSubresource };

class Scheduler {
 public:
  Scheduler(WorkloadDoors doors, WorkloadCaches& caches, Binding binding);

  // REQUIRES: the caches of pods and nodes have synced.
  void start();
  Task<void> stop() { return queue_.stop(); }

 private:
  using PodPointer = std::shared_ptr<const workload::PodState>;
  Task<Result<std::optional<Time>>> reconcile(api::ObjectKey key);
  Task<Status> write_condition(api::ObjectKey key, json::Value patch);
  Task<Status> bind(api::ObjectKey key, std::string uid, std::string node);
  workload::Placement placement_of(const workload::PodState& pod) const;
  class Assumption;
  void count(const PodPointer& before, const PodPointer& after);
  void wake_waiting();

  WorkloadDoors doors_;
  WorkloadCaches& caches_;
  Binding binding_;
  std::map<std::string, int> load_;  // pods that have not ended, by node
  int avoiding_ = 0;                 // pods that avoid others
  std::map<api::ObjectKey, PodPointer> assumed_;  // on the node that they are just being bound to
  async::WorkQueue<api::ObjectKey> queue_;
  bool is_started_ = false;
};

}  // namespace canaria::machine
