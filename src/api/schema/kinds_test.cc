// The field tables of the built-in kinds: found by apiVersion and kind, whole, and with the keys by which lists are merged.
#include "api/schema/kinds.h"

#include <gtest/gtest.h>

#include "api/meta/resource.h"

namespace canaria::api {
namespace {

std::string members(const json::Schema& schema) {
  std::string names;
  for (const json::Field& field : schema.fields) names += (names.empty() ? "" : " ") + field.name;
  return names;
}

// The field at "Deployment.spec.template.spec.containers"; lists are entered.
const json::Field* field_at(std::string_view api_version, std::string_view path) {
  const json::Schema* schema = find_schema(api_version, path.substr(0, path.find('.')));
  const json::Field* field = nullptr;
  for (std::size_t at = path.find('.'); at != std::string_view::npos;) {
    const std::size_t end = path.find('.', at + 1);
    while (schema && schema->element) schema = schema->element;
    field = schema ? schema->field(path.substr(at + 1, end == std::string_view::npos ? end : end - at - 1)) : nullptr;
    schema = field ? field->schema : nullptr;
    at = end;
  }
  return field;
}

TEST(BuiltInKinds, HaveWholeObjects) {
  EXPECT_EQ(members(schema_of("Deployment")), "apiVersion kind metadata spec status");
  EXPECT_EQ(members(*find_schema("v1", "Secret")), "apiVersion kind metadata type data immutable stringData");
  EXPECT_EQ(find_schema("v1", "Deployment"), nullptr);
  EXPECT_EQ(find_schema("apps/v1", "Nothing"), nullptr);
  EXPECT_EQ(origin_of("argoproj.io/v1alpha1", "Rollout"), KindOrigin::kCanaria);
  EXPECT_EQ(origin_of("gateway.networking.k8s.io/v1", "HTTPRoute"), KindOrigin::kBuiltIn);
}

TEST(BuiltInKinds, HaveASchemaForEachResourceOfTheProgram) {
  for (const Resource* resource : {&resources::nodes(),
                                   &resources::secrets(),
                                   &resources::endpoints(),
                                   &resources::service_accounts(),
                                   &resources::endpoint_slices(),
                                   &resources::ingresses(),
                                   &resources::ingress_classes(),
                                   &resources::pod_disruption_budgets(),
                                   &resources::gateway_classes(),
                                   &resources::gateways(),
                                   &resources::http_routes(),
                                   &resources::pods(),
                                   &resources::services(),
                                   &resources::events(),
                                   &resources::leases(),
                                   &resources::deployments(),
                                   &resources::replica_sets(),
                                   &resources::jobs(),
                                   &resources::config_maps(),
                                   &resources::namespaces(),
                                   &resources::rollouts(),
                                   &resources::experiments(),
                                   &resources::custom_resource_definitions()}) {
    EXPECT_NE(find_schema(resource->api_version(), resource->kind), nullptr) << resource->qualified();
    EXPECT_EQ(find_resource(resource->api_version(), resource->kind), resource) << resource->qualified();
  }
}

struct KeyCase {
  std::string_view api_version;
  std::string_view path;
  std::string keys;
};

TEST(BuiltInKinds, MergeListsByTheKeyThatStrategicMergePatchesUse) {
  for (const auto& [version, path, wanted] : std::vector<KeyCase>{
           {"v1", "Service.spec.ports", "port,protocol"},
           {"v1", "Pod.spec.volumes", "name"},
           {"v1", "Pod.status.conditions", "type"},
           {"v1", "Pod.status.podIPs", "ip"},
           {"apps/v1", "Deployment.spec.template.spec.containers", "name"},
           {"apps/v1", "Deployment.spec.template.spec.containers.ports", "containerPort,protocol"},
           {"apps/v1", "Deployment.spec.template.spec.containers.env", "name"},
           {"apps/v1", "Deployment.spec.template.spec.containers.volumeMounts", "mountPath"},
           {"apps/v1", "Deployment.spec.template.spec.imagePullSecrets", "name"},
           {"apps/v1", "Deployment.spec.template.spec.hostAliases", "ip"},
           {"apps/v1", "Deployment.spec.template.spec.topologySpreadConstraints", "topologyKey,whenUnsatisfiable"},
           {"v1", "Pod.metadata.ownerReferences", "uid"},
           {"gateway.networking.k8s.io/v1", "Gateway.spec.listeners", "name"}}) {
    const json::Field* field = field_at(version, path);
    ASSERT_NE(field, nullptr) << path;
    std::string keys;
    for (const std::string& key : field->keys) keys += (keys.empty() ? "" : ",") + key;
    EXPECT_EQ(keys, wanted) << path;
    EXPECT_EQ(field->list, json::ListType::kMap) << path;
  }
  EXPECT_EQ(field_at("v1", "Pod.spec.tolerations")->list, json::ListType::kAtomic);
  EXPECT_EQ(field_at("v1", "Pod.metadata.finalizers")->list, json::ListType::kSet);
  EXPECT_TRUE(field_at("apps/v1", "Deployment.spec.strategy")->retain_keys);
  EXPECT_TRUE(field_at("v1", "Pod.spec.volumes")->retain_keys);
}

// Our CRDs publish volumes and amounts without a type, and only labels and annotations of a template.
TEST(BuiltInKinds, TypeWhatTheCrdsLeaveOpen) {
  EXPECT_FALSE(field_at("v1", "Pod.spec.volumes")->opaque);
  EXPECT_TRUE(field_at("argoproj.io/v1alpha1", "Rollout.spec.template.spec.volumes")->opaque);
  EXPECT_TRUE(field_at("apps/v1", "Deployment.spec.template.metadata")->only.empty());
  const json::Value pod = *json::parse(R"({"metadata":{"name":"p","x":1},"spec":{"containers":[{"name":"a","oops":1}],)"
                                       R"("volumes":[{"name":"v","emptyDir":{"y":1}}]}})");
  std::string found;
  for (const auto& error : json::check(pod, *find_schema("v1", "Pod"))) found += error.text + "\n";
  EXPECT_EQ(found,
            "unknown field \"metadata.x\"\nunknown field \"spec.containers[0].oops\"\n"
            "unknown field \"spec.volumes[0].emptyDir.y\"\n");
}

}  // namespace
}  // namespace canaria::api
