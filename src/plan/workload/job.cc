#include "plan/workload/job.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "api/core/pod_template.h"
#include "json/codec.h"
#include "json/patch.h"
#include "plan/workload/replica_set.h"

namespace canaria::plan::workload {
namespace {

constexpr std::int32_t kMostAtOnce = 500;

// The end a Job has reached, though pods may still run.
struct Ending {
  bool is_success = false;
  std::string reason;
  std::string message;
};

// The pods by what they mean for the Job.
struct Tally {
  std::vector<const PodState*> active;
  std::int32_t ready = 0;
  std::int32_t terminating = 0;
  std::int32_t succeeded = 0;
  std::int32_t failed = 0;
  std::int64_t restarts = 0;
  int failures_in_a_row = 0;
  IndexSet done;                        // of an indexed Job
  IndexSet taken;
  std::vector<const PodState*> surplus;  // of its pods
  std::optional<Time> last_failure;
};

Time end_of(const PodState& pod) {
  if (pod.finished_at) return *pod.finished_at;
  return pod.metadata.creationTimestamp.value_or(Time());
}

void count_failures_in_a_row(const JobSnapshot& snapshot, Tally& tally) {
  Time last_success;
  for (const PodState* pod : snapshot.pods)
    if (pod->phase == "Succeeded") last_success = std::max(last_success, end_of(*pod));
  for (const PodState* pod : snapshot.pods) {
    if (pod->phase != "Failed" || end_of(*pod) <= last_success) continue;
    ++tally.failures_in_a_row;
    tally.last_failure = std::max(tally.last_failure.value_or(Time()), end_of(*pod));
  }
}

// Each index counts once, however many pods have succeeded with it.
void count_by_index(const JobSnapshot& snapshot, Tally& tally) {
  const std::int32_t count = snapshot.job->completions.value_or(0);
  tally.done = parse_indexes(snapshot.job->status.completedIndexes, count);
  for (const PodState* pod : snapshot.pods) {
    const auto index = pod->completion_index;
    if (pod->phase == "Succeeded" && index && *index >= 0 && *index < count) tally.done.insert(*index);
  }
  tally.succeeded = static_cast<std::int32_t>(tally.done.size());
  IndexedPods sorted = sort_by_index(tally.active, tally.done, count);
  tally.taken = std::move(sorted.taken);
  tally.surplus = std::move(sorted.surplus);
}

Tally tally_of(const JobSnapshot& snapshot) {
  Tally tally;
  for (const PodState* pod : snapshot.pods) {
    if (pod->phase == "Succeeded") ++tally.succeeded;
    else if (pod->phase == "Failed") ++tally.failed;
    else if (pod->is_terminating() || snapshot.removed.contains(pod->metadata.uid)) ++tally.terminating;
    else tally.active.push_back(pod);
  }
  for (const PodState* pod : tally.active) {
    if (pod->is_ready()) ++tally.ready;
    tally.restarts += pod->restarts;
  }
  tally.succeeded = std::max(tally.succeeded, snapshot.job->status.succeeded);
  if (snapshot.job->is_indexed) count_by_index(snapshot, tally);
  tally.failed = std::max(tally.failed, snapshot.job->status.failed);
  count_failures_in_a_row(snapshot, tally);
  return tally;
}

bool is_past_backoff_limit(const JobState& job, const Tally& tally) {
  if (tally.failed > job.backoff_limit) return true;
  if (!job.restarts_in_place) return false;
  return job.backoff_limit == 0 ? tally.restarts > 0 : tally.restarts >= job.backoff_limit;
}

bool has_succeeded(const JobState& job, const Tally& tally) {
  if (!job.completions) return tally.succeeded > 0 && tally.active.empty();
  return tally.succeeded >= *job.completions;
}

// An end once announced stays; a failure counts before a success.
std::optional<Ending> ending_of(const JobSnapshot& snapshot, const Tally& tally) {
  const JobState& job = *snapshot.job;
  for (const char* announced : {"FailureTarget", "SuccessCriteriaMet"})
    if (const PodCondition* shown = job.condition(announced); shown && shown->status == "True")
      return Ending{std::string_view(announced) == "SuccessCriteriaMet", shown->reason, shown->message};
  if (!job.missing_feature.empty())
    return Ending{false, "NotAvailable", job.missing_feature + " is not available here yet: use a Job without it"};
  if (is_past_backoff_limit(job, tally))
    return Ending{false, "BackoffLimitExceeded", "Job has reached the specified backoff limit"};
  if (job.active_deadline && job.status.startTime && !job.is_suspended &&
      *job.status.startTime + *job.active_deadline <= snapshot.now)
    return Ending{false, "DeadlineExceeded", "Job was active longer than specified deadline"};
  if (has_succeeded(job, tally)) return Ending{true, "CompletionsReached", "Reached expected number of succeeded pods"};
  return std::nullopt;
}

void wake(JobPlan& plan, Time when) {
  if (!plan.wake_at || when < *plan.wake_at) plan.wake_at = when;
}

// ---- conditions

void set_job_condition(const JobSnapshot& snapshot, JobStatus& status, const char* type, const char* value, std::string reason,
                       std::string message) {
  const auto found = std::find_if(status.conditions.begin(), status.conditions.end(),
                                  [&](const PodCondition& entry) { return entry.type == type; });
  if (found != status.conditions.end() && found->status == value && found->reason == reason) return;
  PodCondition condition;
  condition.type = type;
  condition.status = value;
  condition.lastProbeTime = snapshot.now;
  condition.lastTransitionTime = snapshot.now;
  condition.reason = std::move(reason);
  condition.message = std::move(message);
  if (found == status.conditions.end()) status.conditions.push_back(std::move(condition));
  else *found = std::move(condition);
}

// First the end is announced; once no pod is left it is final.
void note_ending(const JobSnapshot& snapshot, const Tally& tally, const Ending& ending, JobStatus& status, JobPlan& plan) {
  // The pods that a failure takes with it count as failed. Added once: what is counted stays counted.
  if (!ending.is_success && !snapshot.job->has("FailureTarget")) status.failed += static_cast<std::int32_t>(tally.active.size());
  set_job_condition(snapshot, status, ending.is_success ? "SuccessCriteriaMet" : "FailureTarget", "True", ending.reason,
                    ending.message);
  if (!tally.active.empty() || tally.terminating > 0) return;
  set_job_condition(snapshot, status, ending.is_success ? "Complete" : "Failed", "True", ending.reason, ending.message);
  if (!status.startTime) status.startTime = snapshot.now;
  if (ending.is_success) {
    status.completionTime = snapshot.now;
    plan.events.push_back({false, "Completed", "Job completed"});
  } else {
    plan.events.push_back({true, ending.reason, ending.message});
  }
}

void note_suspension(const JobSnapshot& snapshot, JobStatus& status, JobPlan& plan) {
  const JobState& job = *snapshot.job;
  if (job.is_suspended && !job.has("Suspended")) {
    set_job_condition(snapshot, status, "Suspended", "True", "JobSuspended", "Job suspended");
    status.startTime.reset();
    plan.events.push_back({false, "Suspended", "Job suspended"});
  } else if (!job.is_suspended && job.has("Suspended")) {
    set_job_condition(snapshot, status, "Suspended", "False", "JobResumed", "Job resumed");
    status.startTime = snapshot.now;
    plan.events.push_back({false, "Resumed", "Job resumed"});
  } else if (!job.is_suspended && !status.startTime) {
    status.startTime = snapshot.now;
  }
}

json::Value status_patch(const JobStatus& before, const JobStatus& after) {
  json::Value patch = json::merge_diff(json::encode(before), json::encode(after));
  if (patch.get_object().empty()) return nullptr;
  return json::Object{{"status", std::move(patch)}};
}

// ---- pods

std::int32_t wanted_active(const JobState& job, const Tally& tally) {
  if (job.is_suspended) return 0;
  if (!job.completions) return tally.succeeded > 0 ? static_cast<std::int32_t>(tally.active.size()) : job.parallelism;
  return std::min(job.parallelism, *job.completions - tally.succeeded);
}

void plan_pods(const JobSnapshot& snapshot, const Tally& tally, JobPlan& plan) {
  if (!tally.surplus.empty()) {
    plan.remove = tally.surplus;
    return;
  }
  const std::int32_t wanted = std::max(0, wanted_active(*snapshot.job, tally));
  const auto active = static_cast<std::int32_t>(tally.active.size());
  if (active > wanted) {
    plan.remove = tally.active;
    sort_for_removal(plan.remove);
    plan.remove.resize(static_cast<std::size_t>(active - wanted));
    return;
  }
  if (active == wanted) return;
  if (tally.last_failure) {
    const Time next = *tally.last_failure + failure_delay(tally.failures_in_a_row);
    if (next > snapshot.now) return wake(plan, next);
  }
  plan.create = std::min(wanted - active, kMostAtOnce);
  const JobState& job = *snapshot.job;
  if (!job.is_indexed) return;
  plan.create_indexes = next_indexes(tally.done, tally.taken, job.completions.value_or(0), plan.create);
  plan.create = static_cast<std::int32_t>(plan.create_indexes.size());
}

void plan_finished(const JobSnapshot& snapshot, JobPlan& plan) {
  const JobState& job = *snapshot.job;
  if (!job.time_to_live) return;
  const PodCondition* end = job.condition(job.has("Complete") ? "Complete" : "Failed");
  const Time when = end->lastTransitionTime.value_or(snapshot.now) + *job.time_to_live;
  plan.removes_job = when <= snapshot.now;
  if (!plan.removes_job) wake(plan, when);
}

std::string missing_feature(const json::Value& object) {
  for (const char* field : {"podFailurePolicy", "successPolicy", "backoffLimitPerIndex", "maxFailedIndexes"})
    if (json::find(object, std::string("spec.") + field)) return field;
  return "";
}

std::optional<Seconds> seconds_at(const json::Value& object, std::string_view path) {
  const json::Value* found = json::find(object, path);
  if (!found || !found->is_int64()) return std::nullopt;
  return Seconds(found->get_int64());
}

}  // namespace

const PodCondition* JobState::condition(std::string_view type) const {
  for (const PodCondition& entry : status.conditions)
    if (entry.type == type) return &entry;
  return nullptr;
}

bool JobState::has(std::string_view type) const {
  const PodCondition* found = condition(type);
  return found && found->status == "True";
}

JobState parse_job_state(const json::Value& object) {
  JobState job;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, job.metadata);
  job.metadata.annotations.clear();
  job.parallelism = static_cast<std::int32_t>(json::int_at(object, "spec.parallelism", 1));
  if (const auto* completions = json::find(object, "spec.completions")) json::decode_into(*completions, job.completions);
  // Neither given: one pod. Only parallelism: the first success ends it.
  if (!job.completions && !json::find(object, "spec.parallelism")) job.completions = 1;
  job.backoff_limit = static_cast<std::int32_t>(json::int_at(object, "spec.backoffLimit", 6));
  job.active_deadline = seconds_at(object, "spec.activeDeadlineSeconds");
  job.time_to_live = seconds_at(object, "spec.ttlSecondsAfterFinished");
  if (const auto* flag = json::find(object, "spec.suspend")) job.is_suspended = flag->is_bool() && flag->get_bool();
  job.restarts_in_place = json::text_at(object, "spec.template.spec.restartPolicy") == "OnFailure";
  job.is_indexed = json::text_at(object, "spec.completionMode") == "Indexed";
  const std::string_view manager = json::text_at(object, "spec.managedBy");
  job.is_managed_elsewhere = !manager.empty() && manager != "kubernetes.io/job-controller";
  job.missing_feature = missing_feature(object);
  const auto* pod_template = json::find(object, "spec.template");
  job.pod_template = api::canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, job.status);
  return job;
}

JobPlan plan_job(const JobSnapshot& snapshot) {
  JobPlan plan;
  const JobState& job = *snapshot.job;
  if (job.metadata.deletionTimestamp || job.is_managed_elsewhere) return plan;
  if (job.is_finished()) {
    plan_finished(snapshot, plan);
    return plan;
  }
  const Tally tally = tally_of(snapshot);
  const auto ending = ending_of(snapshot, tally);
  JobStatus status = job.status;
  status.active = static_cast<std::int32_t>(tally.active.size());
  status.ready = tally.ready;
  status.terminating = tally.terminating;
  status.succeeded = tally.succeeded;
  status.failed = tally.failed;
  if (job.is_indexed) status.completedIndexes = index_text(tally.done);
  if (ending) {
    plan.remove = tally.active;
    note_ending(snapshot, tally, *ending, status, plan);
  } else {
    note_suspension(snapshot, status, plan);
    plan_pods(snapshot, tally, plan);
    if (job.active_deadline && status.startTime && !job.is_suspended) wake(plan, *status.startTime + *job.active_deadline);
  }
  plan.status_patch = status_patch(job.status, status);
  return plan;
}

Seconds failure_delay(int failures) {
  constexpr Seconds kFirst{10};
  constexpr Seconds kLongest{600};
  if (failures <= 0) return Seconds(0);
  return failures > 6 ? kLongest : std::min(kLongest, kFirst * (1 << (failures - 1)));
}

json::Value pod_of_job(const JobState& job) {
  json::Value pod = pod_of_template(job.pod_template, api::resources::jobs(), job.metadata);
  const json::Object labels{{"batch.kubernetes.io/controller-uid", job.metadata.uid},
                            {"batch.kubernetes.io/job-name", job.metadata.name},
                            {"controller-uid", job.metadata.uid},
                            {"job-name", job.metadata.name}};
  return json::merge_patch(std::move(pod), json::Object{{"metadata", {{"labels", labels}}}});
}

}  // namespace canaria::plan::workload
