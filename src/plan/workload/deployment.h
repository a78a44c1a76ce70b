// The Deployment as a decision: which ReplicaSets it has, how large each of them is now, and what the status says.
//
// One call plans one move (claim, create, scale, clean up); it is asked again when the move is done, so that every move is
// planned on what really is there. Compat: names, annotations, conditions and texts are those of the Kubernetes controller,
// because `kubectl rollout` reads them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/rollouts/rollout.h"
#include "lang/int_or_percent.h"
#include "plan/workload/replica_set.h"

namespace canaria::plan::workload {

inline constexpr const char* kTemplateHashLabel = "pod-template-hash";
inline constexpr const char* kDeploymentRevision = "deployment.kubernetes.io/revision";
inline constexpr const char* kRevisionHistory = "deployment.kubernetes.io/revision-history";
inline constexpr const char* kDesiredReplicas = "deployment.kubernetes.io/desired-replicas";
inline constexpr const char* kMaxReplicas = "deployment.kubernetes.io/max-replicas";

struct DeploymentStatus {
  std::int64_t observedGeneration = 0;
  std::int32_t replicas = 0;
  std::int32_t updatedReplicas = 0;
  std::int32_t readyReplicas = 0;
  std::int32_t availableReplicas = 0;
  std::int32_t unavailableReplicas = 0;
  std::vector<api::Condition> conditions;
  std::optional<std::int32_t> collisionCount;
};
BOOST_DESCRIBE_STRUCT(DeploymentStatus, (),
                      (observedGeneration, replicas, updatedReplicas, readyReplicas, availableReplicas, unavailableReplicas,
                       conditions, collisionCount))

struct DeploymentState {
  api::ObjectMeta metadata;
  std::int32_t replicas = 1;
  std::int32_t min_ready_seconds = 0;
  std::int32_t history_limit = 10;
  std::optional<Seconds> progress_deadline;
  bool is_paused = false;
  bool recreates = false;  // strategy Recreate
  lang::IntOrString max_surge;
  lang::IntOrString max_unavailable;
  std::optional<lang::LabelSelector> selector;
  std::string pod_template;  // canonical text
  DeploymentStatus status;

  // How many pods there may be in all, and how many must be available.
  std::int32_t most_pods() const { return replicas + surge(); }
  std::int32_t fewest_available() const { return replicas - unavailable(); }
  std::int32_t surge() const;
  std::int32_t unavailable() const;
};
DeploymentState parse_deployment_state(const json::Value& object);

struct DeploymentSnapshot {
  Time now;
  const DeploymentState* deployment = nullptr;
  std::vector<const SetState*> sets;         // its own, and those of its namespace without controller
  std::map<std::string, int> pods_by_owner;  // pods that have not ended, by the UID of their ReplicaSet
};

enum class SetChange { kCreate, kPatch, kDelete };
struct SetWrite {
  SetChange change = SetChange::kPatch;
  std::string name;
  json::Value body;           // the object, or a merge patch
  std::string event_message;  // of an Event ScalingReplicaSet once it is done; empty: none
};

struct DeploymentPlan {
  std::vector<SetWrite> writes;
  // Only when there is nothing to write: what follows from the sets as they are.
  json::Value status_patch;    // or null
  json::Value metadata_patch;  // or null; after the status
  std::optional<Time> wake_at;
};
DeploymentPlan plan_deployment(const DeploymentSnapshot& snapshot);

// After a create that was answered with AlreadyExists: the next name. After any other refusal: the condition that says why.
json::Value collision_patch(const DeploymentState& deployment);
json::Value create_failure_patch(const DeploymentState& deployment, const std::string& set, const std::string& why, Time now);
// Whether a set runs this template, whatever hash label it has.
bool runs_template(const SetState& set, const DeploymentState& deployment);

}  // namespace canaria::plan::workload
