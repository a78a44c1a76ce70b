// The controllers that a Kubernetes cluster brings along, in one piece: pods for ReplicaSets, Deployments and Jobs, nodes for
// pods, sizes by autoscalers, counts for disruption
// budgets, addresses and EndpointSlices for Services.
//
// All share one set of caches and start when all of them have synced. They see only ports, so they work on the embedded store
// as on a real API server (where the options leave out what that server does itself).
#pragma once

#include <memory>
#include <string>

#include "async/event.h"
#include "async/scope.h"
#include "machine/addresses.h"
#include "machine/workloads/autoscaler_controller.h"
#include "machine/workloads/deployment_controller.h"
#include "machine/workloads/disruption_controller.h"
#include "machine/workloads/endpoint_slice_controller.h"
#include "machine/workloads/job_controller.h"
#include "machine/workloads/pod_writer.h"
#include "machine/workloads/replica_set_controller.h"
#include "machine/workloads/scheduler.h"
#include "machine/workloads/service_addresses.h"
#include "ports/watch_order.h"

namespace canaria::machine {

struct WorkloadOptions {
  AddressBlock addresses{77};
  Binding binding = Binding::kPatch;
  bool runs_replica_sets = true;
  bool runs_deployments = true;
  bool runs_jobs = true;
  bool runs_disruption_budgets = true;
  bool runs_scheduler = true;
  bool runs_service_addresses = true;
  bool runs_endpoint_slices = true;
  ScaleClient* scales = nullptr;  // what autoscalers work on; null: there are none
};

class WorkloadControllers {
 public:
  // All doors must outlive this object; it must outlive the watches.
  WorkloadControllers(async::Loop& loop, ObjectClient& client, const Clock& clock, EventRecorder& events, StartWatch start_watch,
                      WorkloadOptions options);
  ~WorkloadControllers();

  // Starts the watches; the controllers begin when the first lists are in.
  void start();
  // Returns when they have begun.
  Task<void> wait_until_synced() { return begun_.wait(); }
  // Cancels what is under way and returns when nothing runs any more. Level-based: the next start goes on from there.
  Task<void> stop();

 private:
  template <class Cache>
  void watch_cache(const api::Resource& resource, Cache& cache);
  void begin_if_synced();

  WorkloadOptions options_;
  StartWatch start_watch_;
  WorkloadCaches caches_;
  PodWriter pods_;
  ReplicaSetController replica_sets_;
  DeploymentController deployments_;
  JobController jobs_;
  AutoscalerController autoscalers_;
  DisruptionController disruptions_;
  Scheduler scheduler_;
  ServiceAddresses service_addresses_;
  EndpointSliceController endpoint_slices_;
  async::Event begun_;
  int unsynced_ = 0;
  bool is_stopping_ = false;
};

}  // namespace canaria::machine
