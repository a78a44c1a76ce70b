// Discovery, OpenAPI and the registry as clients read them.
#include "apiserver/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apiserver/open_api.h"
#include "apiserver/resource_registry.h"

namespace canaria::apiserver {
namespace {

using testing::HasSubstr;

constexpr const char* kAggregated =
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as="
    "APIGroupDiscoveryList,application/json";

json::Value document(const ServedResources& served, std::string_view path, std::string_view accept = "application/json") {
  const auto found = discovery_document(served, path, accept);
  return found ? *json::parse(found->text) : json::Value();
}

json::Value open_api(const ServedResources& served, std::string_view path) {
  const auto found = open_api_document(served, path, "application/json", "");
  return found ? *json::parse(found->text) : json::Value();
}

const json::Value* entry(const json::Value& list, std::string_view name) {
  for (const json::Value& one : list.at("resources").as_array())
    if (json::text_at(one, "name") == name) return &one;
  return nullptr;
}

TEST(Discovery, ListsGroupsWithoutTheCoreOne) {
  const ServedResources served;
  EXPECT_EQ(json::text_at(document(served, "/api"), "kind"), "APIVersions");
  const json::Value groups = document(served, "/apis");
  EXPECT_EQ(json::text_at(groups, "kind"), "APIGroupList");
  EXPECT_EQ(json::text_at(groups.at("groups").as_array().front(), "name"), "apps");
  EXPECT_EQ(json::text_at(document(served, "/apis/apps"), "preferredVersion.groupVersion"), "apps/v1");
}

TEST(Discovery, ListsResourcesAndSubresourcesOfAVersion) {
  const ServedResources served;
  const json::Value apps = document(served, "/apis/apps/v1/");
  ASSERT_NE(entry(apps, "deployments"), nullptr);
  EXPECT_EQ(entry(apps, "deployments")->at("shortNames").as_array().front(), "deploy");
  ASSERT_NE(entry(apps, "deployments/scale"), nullptr);
  EXPECT_EQ(json::text_at(*entry(apps, "deployments/scale"), "kind"), "Scale");
  EXPECT_EQ(json::text_at(*entry(apps, "deployments/scale"), "group"), "autoscaling");
  const json::Value core = document(served, "/api/v1");
  for (const char* name : {"pods", "pods/log", "pods/eviction", "pods/status", "namespaces"})
    EXPECT_NE(entry(core, name), nullptr) << name;
  EXPECT_EQ(entry(document(served, "/apis/argoproj.io/v1alpha1"), "analysisruns/status"), nullptr);
}

TEST(Discovery, AnswersAggregatedWhenAsked) {
  const ServedResources served;
  const auto found = discovery_document(served, "/apis", kAggregated);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->content_type, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  const json::Value list = *json::parse(found->text);
  EXPECT_EQ(json::text_at(list, "kind"), "APIGroupDiscoveryList");
  EXPECT_EQ(json::text_at(list.at("items").as_array().front(), "metadata.name"), "apps");
  EXPECT_THAT(discovery_document(served, "/api", kAggregated)->text, HasSubstr("\"resource\":\"pods\""));
}

TEST(Discovery, KnowsNothingElse) {
  const ServedResources served;
  for (const char* path : {"/apis/nothing.example.com", "/apis/apps/v2", "/api/v2", "/metrics", "/"})
    EXPECT_FALSE(discovery_document(served, path, "")) << path;
}

TEST(OpenApi, IndexNamesEveryVersionWithAHash) {
  const ServedResources served;
  const json::Value index = open_api(served, "/openapi/v3");
  const std::string url(json::text_at(index.at("paths").at("apis/apps/v1"), "serverRelativeURL"));
  EXPECT_THAT(url, HasSubstr("/openapi/v3/apis/apps/v1?hash="));
  EXPECT_TRUE(open_api(served, "/openapi/v3/api/v1").is_object());
  EXPECT_TRUE(open_api(served, "/openapi/v3/apis/apps/v9").is_null());
}

TEST(OpenApi, TypesReferToEachOther) {
  const ServedResources served;
  const json::Value document = open_api(served, "/openapi/v3/apis/apps/v1");
  const json::Value& schemas = document.at("components").at("schemas");
  const json::Value& deployment = schemas.at("io.k8s.api.apps.v1.Deployment");
  EXPECT_EQ(json::text_at(deployment.at("x-kubernetes-group-version-kind").as_array().front(), "kind"), "Deployment");
  // Every reference leads somewhere.
  const auto found = open_api_document(served, "/openapi/v3/apis/apps/v1", "", "");
  const std::string root = "\"$ref\":\"#/components/schemas/";
  for (std::size_t at = found->text.find(root); at != std::string::npos; at = found->text.find(root, at + 1)) {
    const std::size_t start = at + root.size();
    EXPECT_TRUE(schemas.as_object().contains(found->text.substr(start, found->text.find('"', start) - start)));
  }
}

TEST(OpenApi, PatchesSayThatTheServerValidates) {
  const ServedResources served;
  const json::Value document = open_api(served, "/openapi/v3/apis/argoproj.io/v1alpha1");
  const json::Value& patch =
      document.at("paths").at("/apis/argoproj.io/v1alpha1/namespaces/{namespace}/rollouts/{name}").at("patch");
  EXPECT_EQ(json::text_at(patch, "x-kubernetes-group-version-kind.kind"), "Rollout");
  EXPECT_EQ(json::text_at(patch.at("parameters").as_array().back(), "name"), "fieldValidation");
}

TEST(OpenApi, IsNotMadeForProtobufAlone) {
  const ServedResources served;
  const auto old = open_api_document(served, "/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", "");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->text, "\x0A\x03" "2.0\x12\x15\x0A\x0AKubernetes\x12\x07v1.35.0");
  EXPECT_TRUE(open_api_document(served, "/openapi/v2", "application/json", ""));
}

json::Value definition(const std::string& kind, const std::string& plural, const std::string& group = "shop.example.com") {
  return *json::parse(R"({"metadata":{"name":")" + plural + "." + group + R"("},"spec":{"group":")" + group +
                      R"(","scope":"Namespaced","names":{"kind":")" + kind + R"(","plural":")" + plural +
                      R"("},"versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{}},)"
                      R"("schema":{"openAPIV3Schema":{"type":"object"}}},)"
                      R"({"name":"v1beta1","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object"}}}]}})");
}

TEST(Registry, AddressesOutliveADefinition) {
  ResourceRegistry registry;
  registry.define("widgets.shop.example.com", definition("Widget", "widgets"));
  const ServedResource* held = registry.find("shop.example.com", "v1", "widgets");
  ASSERT_NE(held, nullptr);
  EXPECT_TRUE(held->has_status());
  EXPECT_TRUE(held->has_other_versions);
  EXPECT_EQ(registry.find("shop.example.com", "v1beta1", "widgets")->storage_version, "v1");
  const auto edition = registry.edition();
  registry.undefine("widgets.shop.example.com");
  EXPECT_EQ(registry.find("shop.example.com", "v1", "widgets"), nullptr);
  EXPECT_NE(registry.edition(), edition);
  EXPECT_EQ(held->resource.kind, "Widget");
  registry.define("widgets.shop.example.com", definition("Widget", "widgets"));
  EXPECT_EQ(registry.find("shop.example.com", "v1", "widgets"), held);
}

TEST(Registry, BuiltInResourcesWin) {
  ResourceRegistry registry;
  const auto edition = registry.edition();
  registry.define("rollouts.argoproj.io", definition("Rollout", "rollouts", "argoproj.io"));
  registry.undefine("rollouts.argoproj.io");
  EXPECT_EQ(registry.edition(), edition);
  EXPECT_NE(registry.find("argoproj.io", "v1alpha1", "rollouts"), nullptr);
}

TEST(Registry, AKindInUseIsAConflict) {
  ResourceRegistry registry;
  registry.define("widgets.shop.example.com", definition("Widget", "widgets"));
  const json::Value other = definition("Widget", "gadgets");
  registry.define("gadgets.shop.example.com", other);
  EXPECT_EQ(registry.find("shop.example.com", "v1", "gadgets"), nullptr);
  const auto conflict = name_conflict(other, registry.all());
  ASSERT_TRUE(conflict);
  EXPECT_EQ(conflict->message, "\"widget\" is already in use");
  EXPECT_EQ(json::text_at(definition_status(other, conflict, Time()).at("conditions").as_array().back(), "reason"),
            "NotAccepted");
}

TEST(Definitions, ProblemsAreThoseOfTheApiServer) {
  json::Value wrong = definition("Widget", "widgets");
  wrong.at("metadata").as_object()["name"] = "x";
  wrong.at("spec").as_object()["scope"] = "Galaxy";
  wrong.at("spec").at("versions").as_array().back().as_object()["storage"] = true;
  std::vector<std::string> fields;
  for (const ErrorCause& cause : definition_problems(wrong, nullptr)) fields.push_back(cause.field);
  EXPECT_THAT(fields, testing::ElementsAre("metadata.name", "spec.scope", "spec.versions"));
  EXPECT_TRUE(definition_problems(definition("Widget", "widgets"), nullptr).empty());
  json::Value moved = definition("Widget", "widgets");
  moved.at("spec").as_object()["scope"] = "Cluster";
  const json::Value before = definition("Widget", "widgets");
  EXPECT_EQ(definition_problems(moved, &before).front().message, "Invalid value: \"Cluster\": field is immutable");
}

TEST(Definitions, PatternsHaveToBeRegularExpressions) {
  json::Value wrong = definition("Widget", "widgets");
  json::Value& version = wrong.at("spec").at("versions").as_array().front();
  version.as_object()["schema"] = *json::parse(
      R"({"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"size":{"type":"array","items":
         {"type":"string","pattern":"^[a-z"}},"color":{"type":"string","pattern":"^[a-z]+$"}}}}}})");
  const auto problems = definition_problems(wrong, nullptr);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].field,
            "spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[size].items.pattern");
  EXPECT_THAT(problems[0].message, HasSubstr("must be a valid regular expression, but isn't: error parsing regexp: missing ]"));
}

TEST(Definitions, AStatusThatIsAsItShouldBeStays) {
  json::Value one = definition("Widget", "widgets");
  const Time now = *parse_time("2026-08-01T12:00:00Z");
  one.as_object()["status"] = definition_status(one, std::nullopt, now);
  EXPECT_EQ(definition_status(one, std::nullopt, now + Seconds(60)), one.at("status"));
}

}  // namespace
}  // namespace canaria::apiserver
