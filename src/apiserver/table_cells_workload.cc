// The rows of what runs pods: ReplicaSet, Deployment, Job, PodDisruptionBudget.

#include "apiserver/table_cells.h"
#include "json/write.h"
#include "lang/duration.h"

namespace canaria::apiserver {
namespace {

constexpr std::string_view kContainers = "spec.template.spec.containers";

json::Array replica_set_cells(const json::Value& object, Time now) {
  return {name_of(object),
          json::int_at(object, "spec.replicas"),
          json::int_at(object, "status.replicas"),
          json::int_at(object, "status.readyReplicas"),
          age_of(object, now),
          container_names(object, kContainers),
          container_images(object, kContainers),
          selector_text_at(object, "spec.selector")};
}

json::Array deployment_cells(const json::Value& object, Time now) {
  return {
      name_of(object),
      std::to_string(json::int_at(object, "status.readyReplicas")) + "/" + std::to_string(json::int_at(object, "spec.replicas")),
      json::int_at(object, "status.updatedReplicas"),
      json::int_at(object, "status.availableReplicas"),
      age_of(object, now),
      container_names(object, kContainers),
      container_images(object, kContainers),
      selector_text_at(object, "spec.selector")};
}

std::string job_status(const json::Value& job) {
  if (has_true_condition(job, "Complete")) return "Complete";
  if (has_true_condition(job, "Failed")) return "Failed";
  if (!json::text_at(job, "metadata.deletionTimestamp").empty()) return "Terminating";
  for (const char* type : {"Suspended", "FailureTarget", "SuccessCriteriaMet"})
    if (has_true_condition(job, type)) return type;
  return "Running";
}

std::string job_completions(const json::Value& job) {
  const std::string succeeded = std::to_string(json::int_at(job, "status.succeeded"));
  if (json::find(job, "spec.completions")) return succeeded + "/" + std::to_string(json::int_at(job, "spec.completions"));
  const std::int64_t parallelism = json::int_at(job, "spec.parallelism", 1);
  return parallelism > 1 ? succeeded + "/1 of " + std::to_string(parallelism) : succeeded + "/1";
}

// When it failed, for a Job without a time of completion.
std::string_view failure_time(const json::Value& job) {
  for (const json::Value& condition : list_at(job, "status.conditions"))
    if (json::text_at(condition, "type") == "Failed" && json::text_at(condition, "status") == "True")
      return json::text_at(condition, "lastTransitionTime");
  return {};
}

std::string job_duration(const json::Value& job, Time now) {
  const auto start = parse_time(json::text_at(job, "status.startTime"));
  if (!start) return "";
  auto end = parse_time(json::text_at(job, "status.completionTime"));
  if (!end) end = parse_time(failure_time(job));
  return lang::human_duration(std::chrono::floor<Seconds>(end.value_or(now) - *start));
}

json::Array job_cells(const json::Value& object, Time now) {
  return {name_of(object),
          job_status(object),
          job_completions(object),
          job_duration(object, now),
          age_of(object, now),
          container_names(object, kContainers),
          container_images(object, kContainers),
          selector_text_at(object, "spec.selector")};
}

// A count or a percentage.
std::string share_at(const json::Value& object, std::string_view path) {
  const json::Value* share = json::find(object, path);
  if (!share) return "N/A";
  return share->is_string() ? std::string(share->get_string()) : json::write(*share);
}

json::Array disruption_budget_cells(const json::Value& object, Time now) {
  return {name_of(object), share_at(object, "spec.minAvailable"), share_at(object, "spec.maxUnavailable"),
          json::int_at(object, "status.disruptionsAllowed"), age_of(object, now)};
}

constexpr TableColumn kContainersColumn = {"Containers", "string", "Names of the containers.", 1};
constexpr TableColumn kImagesColumn = {"Images", "string", "Images of the containers.", 1};
constexpr TableColumn kSelectorColumn = {"Selector", "string", "Selects the pods.", 1};

}  // namespace

const TableKind kReplicaSetTable = {{name_column(),
                                     {"Desired", "integer", "How many pods there should be."},
                                     {"Current", "integer", "How many pods there are."},
                                     {"Ready", "integer", "How many pods are ready."},
                                     age_column(),
                                     kContainersColumn,
                                     kImagesColumn,
                                     kSelectorColumn},
                                    replica_set_cells};

const TableKind kDeploymentTable = {{name_column(),
                                     {"Ready", "string", "Pods that are ready, of those desired."},
                                     {"Up-to-date", "string", "Pods of the newest template."},
                                     {"Available", "string", "Pods that have been ready for long enough."},
                                     age_column(),
                                     kContainersColumn,
                                     kImagesColumn,
                                     kSelectorColumn},
                                    deployment_cells};

const TableKind kJobTable = {{name_column(),
                              {"Status", "string", "Running, or how it ended."},
                              {"Completions", "string", "Pods that succeeded, of those wanted."},
                              {"Duration", "string", "From the start to the end, or to now."},
                              age_column(),
                              kContainersColumn,
                              kImagesColumn,
                              kSelectorColumn},
                             job_cells};

const TableKind kDisruptionBudgetTable = {{name_column(),
                                           {"Min Available", "string", "Pods that must stay available."},
                                           {"Max Unavailable", "string", "Pods that may be unavailable."},
                                           {"Allowed Disruptions", "integer", "Pods that may be disrupted now."},
                                           age_column()},
                                          disruption_budget_cells};

}  // namespace canaria::apiserver
