// The Job as a decision: how many pods run at once, when it has succeeded or failed, and what the status says.
//
// Pods are counted as they are; what has once been counted stays counted, so a finished pod that somebody deletes is not run
// again. Of an indexed Job each index has to succeed once (completion_indexes.h). Limits per index, pod failure and success
// policies are not here: such a Job fails at once and says so.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/workload/completion_indexes.h"
#include "plan/workload/pod_state.h"

namespace canaria::plan::workload {

struct JobStatus {
  std::optional<Time> startTime;
  std::optional<Time> completionTime;
  std::int32_t active = 0;
  std::int32_t ready = 0;
  std::int32_t terminating = 0;
  std::int32_t succeeded = 0;
  std::int32_t failed = 0;
  std::string completedIndexes;
  std::vector<PodCondition> conditions;  // the same fields as those of pods
};
BOOST_DESCRIBE_STRUCT(JobStatus, (),
                      (startTime, completionTime, active, ready, terminating, succeeded, failed, completedIndexes, conditions))

struct JobState {
  api::ObjectMeta metadata;
  std::int32_t parallelism = 1;
  std::optional<std::int32_t> completions;
  std::int32_t backoff_limit = 6;
  std::optional<Seconds> active_deadline;
  std::optional<Seconds> time_to_live;
  bool is_suspended = false;
  bool is_indexed = false;
  bool is_managed_elsewhere = false;  // spec.managedBy names another controller
  bool restarts_in_place = false;  // restartPolicy OnFailure
  std::string missing_feature;     // what it asks for that is not available; empty: nothing
  std::string pod_template;        // canonical text
  JobStatus status;

  const PodCondition* condition(std::string_view type) const;
  bool has(std::string_view type) const;  // the condition is True
  bool is_finished() const { return has("Complete") || has("Failed"); }
};
JobState parse_job_state(const json::Value& object);

struct JobSnapshot {
  Time now;
  const JobState* job = nullptr;
  std::vector<const PodState*> pods;  // those the Job controls
  std::set<std::string> removed;      // UIDs of pods that were deleted, though the cache may not show it yet
};

struct JobEvent {
  bool is_warning = false;
  std::string reason;
  std::string message;
};

struct JobPlan {
  std::int32_t create = 0;
  std::vector<std::int32_t> create_indexes;  // of an indexed Job: those of the pods to create
  std::vector<const PodState*> remove;
  bool removes_job = false;  // finished, and its time to live is over
  // What follows once pods have been created or removed; computed from the snapshot, so the next pass may say more.
  json::Value status_patch;  // or null
  std::vector<JobEvent> events;  // after the status
  std::optional<Time> wake_at;
};
JobPlan plan_job(const JobSnapshot& snapshot);

// How long after the last of so many failures in a row the next pod is created: 10 s, doubled, at most ten minutes.
Seconds failure_delay(int failures);

// A pod of the Job's template, with the labels that say which Job it is of.
json::Value pod_of_job(const JobState& job);

}  // namespace canaria::plan::workload
