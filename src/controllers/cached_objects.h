// What the controllers keep of each object: the part that planning reads and no more. A last-applied annotation repeats the
// whole object, so dropping it here halves what a cached Rollout costs.
#pragma once

#include <optional>
#include <string>

#include "api/apps/replica_set.h"
#include "api/core/service.h"
#include "api/rollouts/rollout.h"
#include "ports/object_cache.h"

namespace canaria::controllers {

// A Deployment, ReplicaSet or PodTemplate that a Rollout takes its pod template from.
struct WorkloadObject {
  api::ObjectMeta metadata;  // names, versions and generation only
  std::string pod_template;  // canonical text
  std::optional<api::LabelSelector> selector;
  std::optional<std::int32_t> replicas;
};

using RolloutCache = ObjectCache<api::Rollout>;
using ReplicaSetCache = ObjectCache<api::ReplicaSet>;
using ServiceCache = ObjectCache<api::Service>;
using WorkloadCache = ObjectCache<WorkloadObject>;

api::Rollout trimmed_rollout(const json::Value& object);
api::ReplicaSet trimmed_replica_set(const json::Value& object);
// Of a Service stay the selector and the annotation that says which Rollout manages it.
api::Service trimmed_service(const json::Value& object);
WorkloadObject trimmed_workload(const json::Value& object);

}  // namespace canaria::controllers
