// What to do about one Rollout: a list of actions in order, when to look again, and why.
//
// plan() is a pure, total function of the snapshot. Applying its actions in order, stopping at the first failure and planning
// again from a new snapshot is safe at every point; the plan of a settled Rollout is empty.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "api/core/event_type.h"
#include "base/result.h"
#include "plan/rollout/snapshot.h"

namespace canaria::plan {

// Creates the ReplicaSet of a new revision. AlreadyExists is settled by reading the live object: owned by this Rollout and
// the same template (api::same_pod_template after cleaning) means it is the one; otherwise it is a collision and
// status.collisionCount is raised by one.
struct CreateReplicaSet {
  std::string name;
  json::Value object;
};
// Takes an ownerless ReplicaSet whose labels match, or gives up one whose labels do not match any more.
struct AdoptReplicaSet {
  api::ObjectKey set;
  std::string uid;
};
struct ReleaseReplicaSet {
  api::ObjectKey set;
  std::string uid;
};
// Merge patch of a ReplicaSet's size, annotations, template or minReadySeconds. What takes pods away carries the
// resourceVersion that was planned on, so that it is never done on a stale count; for the rest it is empty, because the
// ReplicaSet controller's own status writes would make most of them conflict for nothing.
struct PatchReplicaSet {
  api::ObjectKey set;
  std::string resource_version;
  json::Value patch;
};
struct DeleteReplicaSet {
  api::ObjectKey set;
  std::string uid;
};
// Merge patch of the Rollout outside its status (revision annotation, replicas: 1).
struct PatchRollout {
  json::Value patch;
};
// Merge patch of the status subresource; always the last write of a plan. Carries the resourceVersion that was planned on when it
// sets a field that people set too (abort, pauses, step): theirs must not be overwritten.
struct PatchStatus {
  json::Value patch;
  std::string resource_version = "";
};
struct PatchService {
  api::ObjectKey service;
  json::Value patch;
};
// Merge patch of a route; carries the resourceVersion that was planned on, because lists of rules are replaced whole.
struct UpdateRoute {
  api::Resource resource;
  api::ObjectKey route;
  std::string resource_version;
  std::int32_t weight = 0;  // of the canary, for words
  json::Value patch;
};
struct EvictPod {
  api::ObjectKey pod;
};
// Merge patch of metadata of a running pod.
struct PatchPod {
  api::ObjectKey pod;
  json::Value patch;
};
// Scales the Deployment behind workloadRef.
struct ScaleDeployment {
  api::ObjectKey deployment;
  std::int32_t replicas;
};
// An Event on the Rollout about the action before it.
struct EmitEvent {
  api::EventType type;
  std::string reason;
  std::string message;
};

using Effect = std::variant<CreateReplicaSet, AdoptReplicaSet, ReleaseReplicaSet, PatchReplicaSet, DeleteReplicaSet, PatchRollout,
                            PatchStatus, PatchService, UpdateRoute, EvictPod, PatchPod, ScaleDeployment, EmitEvent>;
struct Action {
  Effect effect;
  std::string reason;  // the rule and the numbers behind it: for logs, explain and dry runs
};

struct Plan {
  std::vector<Action> actions;
  std::optional<Time> wake_at;  // look again then, even if nothing changes
  bool needs_pods = false;  // plan again with Snapshot::pods filled in
  // The status write at the end, if there is one, only moves pod counters: it may wait a moment and be written with the next.
  bool counters_can_wait = false;
  // One finished attempt for the duration metrics (status, seconds), when this plan ends one.
  struct Finished {
    std::string status;
    Seconds total{0};
    Seconds manual_pause{0};
  };
  std::vector<Finished> finished;
  // Set when something the plan depends on is not as it must be: the actions are carried out, then the pass counts as failed
  // and is tried again with back-off.
  std::optional<Error> failure;
};

Plan plan(const Snapshot& snapshot);

}  // namespace canaria::plan
