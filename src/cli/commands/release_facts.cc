#include "cli/commands/release_facts.h"

#include "api/core/pod_template.h"
#include "api/rollouts/validation.h"
#include "json/codec.h"

namespace canaria::cli {

Task<Result<std::vector<api::ReplicaSet>>> read_sets(Connection connection, std::string rollout_uid) {
  ListQuery query;
  query.namespace_ = connection.namespace_;
  query.label_selector = api::kHashLabel;
  CO_TRY(const ObjectList list,
         co_await list_all(connection.client, api::resources::replica_sets(), std::move(query), MissingResource::kIsError));
  std::vector<api::ReplicaSet> sets;
  for (const json::Value& object : list.items) {
    api::ReplicaSet set = api::parse_replica_set(object);
    const api::OwnerReference* owner = set.metadata.controller();
    if (!owner || owner->uid == rollout_uid) sets.push_back(std::move(set));
  }
  co_return sets;
}

Task<Result<std::optional<plan::Workload>>> read_workload(Connection connection, api::Rollout rollout) {
  const auto& reference = rollout.spec.workloadRef;
  if (!reference) co_return std::optional<plan::Workload>();
  plan::Workload workload;
  const api::Resource* resource = api::find_resource(reference->apiVersion, reference->kind);
  if (!resource) {
    workload.error = "workload of type " + reference->kind + " is not supported";
    co_return std::optional(workload);
  }
  auto object = co_await get_object(connection, *resource, reference->name);
  if (!object && object.error().code != Code::kNotFound) co_return fail(std::move(object).error());
  if (!object) {
    workload.error = object.error().message;
    co_return std::optional(workload);
  }
  const json::Value* pod_template = json::find(*object, reference->kind == "PodTemplate" ? "template" : "spec.template");
  workload.pod_template = api::canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  workload.generation = json::int_at(*object, "metadata.generation");
  if (const json::Value* selector = json::find(*object, "spec.selector"))
    workload.selector = json::decode<api::LabelSelector>(*selector);
  if (reference->kind == "Deployment") workload.replicas = static_cast<std::int32_t>(json::int_at(*object, "spec.replicas", 1));
  co_return std::optional(workload);
}

Task<Result<std::vector<api::Service>>> read_services(Connection connection, api::Rollout rollout) {
  std::vector<api::Service> services;
  for (const std::string& name : api::referenced_services(rollout)) {
    auto object = co_await get_object(connection, api::resources::services(), name);
    if (object) services.push_back(api::parse_service(*object));
    else if (object.error().code != Code::kNotFound) co_return fail(std::move(object).error());
  }
  co_return services;
}

}  // namespace canaria::cli
