// Everything one decision about one Rollout is made from, read once from the caches. Plain values: a snapshot can be written
// down, replayed and simulated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/apps/replica_set.h"
#include "api/core/pod.h"
#include "api/core/service.h"
#include "api/rollouts/rollout.h"
#include "plan/traffic/gateway_api.h"

namespace canaria::plan {

// The object that spec.workloadRef names, or why there is none.
struct Workload {
  std::string error;                        // non-empty: could not be resolved; the text users see
  std::int64_t generation = 0;
  std::string pod_template;                 // canonical text
  std::optional<api::LabelSelector> selector;
  std::optional<std::int32_t> replicas;     // of a Deployment; what scaleDown changes
};

// A route object that the Rollout's router writes, as it is on the API right now.
struct TrafficRoute {
  RouteReference reference;
  json::Value object;  // null: there is none
};

// What the controller was started with.
struct ControllerOptions {
  Seconds resync{900};
  std::string instance_id;
};

struct Snapshot {
  Time now;
  api::Rollout rollout;
  std::vector<api::ReplicaSet> sets;        // every ReplicaSet of the namespace that has the hash label and either
                                            // belongs to this Rollout or to nobody
  std::optional<Workload> workload;         // set when spec.workloadRef is
  std::vector<api::Service> services;       // those of the namespace that the Rollout names
  std::vector<TrafficRoute> routes;         // those that routes_of() names, read live
  std::optional<std::vector<api::Pod>> pods;  // live pods of the selector; only read when a plan asked for them
  ControllerOptions options;
};

}  // namespace canaria::plan
