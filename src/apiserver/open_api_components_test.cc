// `kubectl explain` has something to say about everything: a field without a description cannot be added unnoticed.
#include "apiserver/open_api_components.h"

#include <gtest/gtest.h>

#include <set>

#include "api/schema/kinds.h"
#include "apiserver/built_in_resources.h"

namespace canaria::apiserver {
namespace {

constexpr std::string_view kOurGroup = "argoproj.io";

std::string described(const json::Value& node) { return std::string(json::text_at(node, "description")); }

void expect_described_members(const json::Value& schema, const std::string& path) {
  const json::Value* properties = json::find(schema, "properties");
  if (properties)
    for (const auto& [name, node] : properties->get_object()) {
      EXPECT_NE(described(node), "") << path << "." << name << ": describe it in its table under api/schema";
      expect_described_members(node, path + "." + std::string(name));
    }
  if (const json::Value* items = json::find(schema, "items")) expect_described_members(*items, path + "[]");
  if (const json::Value* values = json::find(schema, "additionalProperties"); values && values->is_object())
    expect_described_members(*values, path + "{}");
}

TEST(OpenApiComponents, DescribeEveryTypeAndFieldOfTheBuiltInKinds) {
  OpenApiComponents components("#/components/schemas/");
  for (const ServedResource& served : built_in_resources())
    if (served.resource.group != kOurGroup) components.add(served);
  const json::Object all = components.take();
  EXPECT_GT(all.size(), 200U);
  for (const auto& [name, schema] : all) {
    EXPECT_NE(described(schema), "") << std::string(name);
    expect_described_members(schema, name);
  }
}

void add_type_names(const json::Schema& schema, std::set<std::string>& names) {
  if (schema.element) return add_type_names(*schema.element, names);
  if (schema.type != json::Type::kObject || !names.insert(schema.name).second) return;
  for (const json::Field& field : schema.fields) add_type_names(*field.schema, names);
}

void expect_described_fields(const json::Schema& schema, const std::set<std::string>& elsewhere, std::set<std::string>& seen) {
  if (schema.element) return expect_described_fields(*schema.element, elsewhere, seen);
  if (elsewhere.contains(schema.name) || !seen.insert(schema.name).second) return;
  for (const json::Field& field : schema.fields) {
    const bool is_identity = field.name == "apiVersion" || field.name == "kind" || field.bare;
    if (!is_identity) {
      EXPECT_NE(field.description, "") << schema.name << "." << field.name;
    }
    expect_described_fields(*field.schema, elsewhere, seen);
  }
}

// What they share with built-in kinds is described there, and left out of the CRDs to keep them small.
TEST(OpenApiComponents, DescribeEveryFieldOfOurOwnKinds) {
  std::set<std::string> elsewhere;
  for (const ServedResource& served : built_in_resources())
    if (served.resource.group != kOurGroup && served.schema) add_type_names(*served.schema, elsewhere);
  std::set<std::string> seen;
  for (const ServedResource& served : built_in_resources())
    if (served.resource.group == kOurGroup) expect_described_fields(*served.schema, elsewhere, seen);
  EXPECT_GT(seen.size(), 90U);
}

TEST(OpenApiComponents, DescribePodsInsideOfOurOwnKinds) {
  OpenApiComponents components("#/components/schemas/");
  std::string name;
  for (const ServedResource& served : built_in_resources())
    if (served.resource.kind == "Rollout") name = components.add(served);
  json::Object all = components.take();
  expect_described_members(all[name], "Rollout");
  constexpr const char* kImage =
      "properties.spec.properties.template.properties.spec.properties.containers.items.properties.image";
  EXPECT_EQ(json::text_at(*json::find(all[name], kImage), "description"), "The image to run, with tag or digest.");
}

}  // namespace
}  // namespace canaria::apiserver
