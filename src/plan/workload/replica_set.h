// The ReplicaSet as a decision: which pods to take over, how many to create, which to delete, and what the status says.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api/apps/replica_set.h"
#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

struct SetStatus {
  std::int32_t replicas = 0;
  std::int32_t fullyLabeledReplicas = 0;
  std::int32_t readyReplicas = 0;
  std::int32_t availableReplicas = 0;
  std::int64_t observedGeneration = 0;
  std::vector<api::ReplicaSetCondition> conditions;
};
BOOST_DESCRIBE_STRUCT(SetStatus, (),
                      (replicas, fullyLabeledReplicas, readyReplicas, availableReplicas, observedGeneration, conditions))

struct SetState {
  api::ObjectMeta metadata;
  std::int32_t replicas = 1;
  std::int32_t min_ready_seconds = 0;
  std::optional<lang::LabelSelector> selector;
  std::string pod_template;  // canonical text
  SetStatus status;

  // The condition of that type, or null.
  const api::ReplicaSetCondition* condition(std::string_view type) const;
};
SetState parse_set_state(const json::Value& object);

struct SetSnapshot {
  Time now;
  const SetState* set = nullptr;
  std::vector<const PodState*> pods;  // those of the set and those of its namespace without controller
  std::set<std::string> removed;      // UIDs of pods that were deleted, though the cache may not show it yet
};

struct SetPlan {
  std::vector<const PodState*> adopt;
  std::vector<const PodState*> release;
  // Only when there is nothing to adopt or release: the counts would be wrong.
  std::int32_t create = 0;
  std::vector<const PodState*> remove;
};

SetPlan plan_set(const SetSnapshot& snapshot);

// What went wrong in the last attempt to create or delete pods; the reasons are FailedCreate and FailedDelete.
struct SetFailure {
  std::string reason;
  std::string message;
};
SetStatus set_status(const SetSnapshot& snapshot, const std::optional<SetFailure>& failure);
// A merge patch for the status, or null when it says what the stored one says.
json::Value set_status_patch(const SetStatus& before, const SetStatus& after);
// When the next pod becomes available.
std::optional<Time> next_availability(const SetSnapshot& snapshot);

// In the order in which they are given up: unscheduled, pending, unready, cheap, youngest in readiness, often restarted,
// young.
void sort_for_removal(std::vector<const PodState*>& pods);

// A pod of a template (canonical text), owned by `owner`.
json::Value pod_of_template(std::string_view pod_template, const api::Resource& kind, const api::ObjectMeta& owner);

}  // namespace canaria::plan::workload
