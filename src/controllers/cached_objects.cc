#include "controllers/cached_objects.h"

#include "api/core/pod_template.h"
#include "json/codec.h"

namespace canaria::controllers {
namespace {

constexpr const char* kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";

}  // namespace

api::Rollout trimmed_rollout(const json::Value& object) {
  api::Rollout rollout = api::parse_rollout(object);
  rollout.metadata.annotations.erase(kLastApplied);
  return rollout;
}

api::ReplicaSet trimmed_replica_set(const json::Value& object) {
  api::ReplicaSet set = api::parse_replica_set(object);
  set.metadata.annotations.erase(kLastApplied);
  return set;
}

api::Service trimmed_service(const json::Value& object) {
  api::Service service = api::parse_service(object);
  std::erase_if(service.metadata.annotations, [](const auto& entry) { return entry.first != api::kManagedByAnnotation; });
  service.metadata.labels.clear();
  return service;
}

WorkloadObject trimmed_workload(const json::Value& object) {
  WorkloadObject workload;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, workload.metadata);
  workload.metadata.labels.clear();
  workload.metadata.annotations.clear();
  workload.metadata.ownerReferences.clear();
  // A PodTemplate has its template at the top, the others in their spec.
  const auto* pod_template = json::find(object, "template");
  if (!pod_template) pod_template = json::find(object, "spec.template");
  workload.pod_template = api::canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  if (const auto* selector = json::find(object, "spec.selector")) json::decode_into(*selector, workload.selector);
  if (const auto* replicas = json::find(object, "spec.replicas")) json::decode_into(*replicas, workload.replicas);
  return workload;
}

}  // namespace canaria::controllers
