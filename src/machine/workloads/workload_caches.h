// What the workload controllers reconcile from. One set of caches for all of them, so that a pod is kept once.
//
// Watchers fill them; the controllers add the responses to their own writes, so that the next pass sees what the last one did
// however slow the watch is. A deletion has no response to keep: its UID is remembered until the watch tells of it.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "machine/workloads/owned_cache.h"
#include "plan/workload/autoscaler.h"
#include "plan/workload/deployment.h"
#include "plan/workload/disruption_budget.h"
#include "plan/workload/endpoint_slices.h"
#include "plan/workload/job.h"
#include "plan/workload/placement.h"
#include "plan/workload/pod_state.h"
#include "plan/workload/replica_set.h"

namespace canaria::machine {

namespace workload = plan::workload;

class WorkloadCaches {
 public:
  WorkloadCaches();
  WorkloadCaches(const WorkloadCaches&) = delete;
  WorkloadCaches& operator=(const WorkloadCaches&) = delete;

  OwnedCache<workload::PodState>& pods() { return pods_; }
  OwnedCache<workload::SetState>& sets() { return sets_; }
  OwnedCache<workload::SliceState>& slices() { return slices_; }
  ObjectCache<workload::DeploymentState>& deployments() { return deployments_; }
  ObjectCache<workload::JobState>& jobs() { return jobs_; }
  ObjectCache<workload::AutoscalerState>& autoscalers() { return autoscalers_; }
  ObjectCache<workload::BudgetState>& budgets() { return budgets_; }
  ObjectCache<workload::ServiceState>& services() { return services_; }
  ObjectCache<workload::NodeState>& nodes() { return nodes_; }

  // The pod was deleted by us: it no longer counts, whatever the cache still says.
  void note_removed(const std::string& pod_uid) { removed_.insert(pod_uid); }
  const std::set<std::string>& removed() const { return removed_; }

 private:
  OwnedCache<workload::PodState> pods_{workload::parse_pod_state};
  OwnedCache<workload::SetState> sets_{workload::parse_set_state};
  OwnedCache<workload::SliceState> slices_{workload::parse_slice_state};
  ObjectCache<workload::DeploymentState> deployments_{workload::parse_deployment_state};
  ObjectCache<workload::JobState> jobs_{workload::parse_job_state};
  ObjectCache<workload::AutoscalerState> autoscalers_{workload::parse_autoscaler_state};
  ObjectCache<workload::BudgetState> budgets_{workload::parse_budget_state};
  ObjectCache<workload::ServiceState> services_{workload::parse_service_state};
  ObjectCache<workload::NodeState> nodes_{workload::parse_node_state};
  std::set<std::string> removed_;
};

}  // namespace canaria::machine
