// A ReplicaSet with just what planning reads: identity, size, pod template as canonical text, and its counters.
#pragma once

#include <string>
#include <vector>

#include "api/meta/object_meta.h"
#include "api/rollouts/rollout.h"

namespace canaria::api {

struct ReplicaSetSpec {
  std::optional<std::int32_t> replicas;
  std::int32_t minReadySeconds = 0;
};
BOOST_DESCRIBE_STRUCT(ReplicaSetSpec, (), (replicas, minReadySeconds))

struct ReplicaSetCondition {
  std::string type;
  std::string status;
  std::optional<Time> lastTransitionTime;
  std::string reason;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(ReplicaSetCondition, (), (type, status, lastTransitionTime, reason, message))

struct ReplicaSetStatus {
  std::int32_t replicas = 0;
  std::int32_t readyReplicas = 0;
  std::int32_t availableReplicas = 0;
  std::int64_t observedGeneration = 0;
  std::vector<ReplicaSetCondition> conditions;
};
BOOST_DESCRIBE_STRUCT(ReplicaSetStatus, (), (replicas, readyReplicas, availableReplicas, observedGeneration, conditions))

struct ReplicaSet {
  ObjectMeta metadata;
  ReplicaSetSpec spec;
  ReplicaSetStatus status;
  std::string pod_template;  // canonical text, hash label and injected parts included

  std::int32_t replicas() const { return spec.replicas.value_or(1); }
  std::string hash() const { return metadata.label(kHashLabel); }
  // The revision annotation as a number; empty when missing or not a number.
  std::optional<std::int64_t> revision() const;
};

ReplicaSet parse_replica_set(const json::Value& object);

}  // namespace canaria::api
