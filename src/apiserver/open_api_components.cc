#include "apiserver/open_api_components.h"

#include <algorithm>

#include "api/schema/kinds.h"
#include "json/open_api_schema.h"

namespace canaria::apiserver {
namespace {

constexpr std::string_view kMetaPrefix = "io.k8s.apimachinery.pkg.apis.meta.v1.";
constexpr std::string_view kTypePrefix = "io.k8s.api.core.v1.";

// "argoproj.io" -> "io.argoproj".
std::string reversed(std::string_view group) {
  std::string result;
  while (true) {
    const std::size_t dot = group.rfind('.');
    const std::string_view label = dot == std::string_view::npos ? group : group.substr(dot + 1);
    result += (result.empty() ? "" : ".") + std::string(label);
    if (dot == std::string_view::npos) return result;
    group = group.substr(0, dot);
  }
}

std::string component_name(const ServedResource& served) {
  const api::Resource& resource = served.resource;
  std::string prefix = reversed(resource.group);
  if (served.definer == Definer::kKubernetes)
    prefix = "io.k8s.api." + (resource.group.empty() ? "core" : resource.group.substr(0, resource.group.find('.')));
  return prefix + "." + resource.version + "." + resource.kind;
}

json::Array group_version_kind(const api::Resource& resource) {
  json::Array list;
  list.emplace_back(json::Object{{"group", resource.group}, {"kind", resource.kind}, {"version", resource.version}});
  return list;
}

// Puts texts where there are none: what our kinds share with built-in ones is described there, and left out of the CRDs.
void describe(json::Value& node, const json::Schema& schema) {
  json::Object* object = node.if_object();
  if (!object) return;
  if (schema.element) {
    if (json::Value* element = object->if_contains(schema.type == json::Type::kArray ? "items" : "additionalProperties"))
      describe(*element, *schema.element);
    return;
  }
  json::Value* properties = object->if_contains("properties");
  if (!properties || schema.type != json::Type::kObject) return;
  const json::Schema* known = api::built_in_type(schema.name);
  for (const json::Field& field : schema.fields) {
    json::Value* member = properties->get_object().if_contains(field.name);
    if (!member || !member->is_object()) continue;
    const json::Field* described = known ? known->field(field.name) : nullptr;
    if (described && field.description.empty()) member->get_object()["description"] = described->description;
    describe(*member, *field.schema);
  }
}

}  // namespace

json::Value OpenApiComponents::reference(const std::string& name, std::string_view description) const {
  json::Object target{{"$ref", reference_root_ + name}};
  if (description.empty()) return target;
  json::Array all;
  all.emplace_back(std::move(target));
  return json::Object{{"description", description}, {"allOf", std::move(all)}};
}

std::string OpenApiComponents::add_type(const json::Schema& schema) {
  const std::string name = std::string(schema.name == "ObjectMeta" ? kMetaPrefix : kTypePrefix) + schema.name;
  if (components_.contains(name)) return name;
  components_[name] = json::Object();  // types may refer to themselves
  components_[name] = object_of(schema, nullptr);
  return name;
}

json::Object OpenApiComponents::object_of(const json::Schema& schema, const json::Field* owner) {
  json::Object node{{"type", "object"}};
  if (!schema.description.empty()) node["description"] = schema.description;
  if (schema.atomic) node["x-kubernetes-map-type"] = "atomic";
  json::Object properties;
  json::Array required;
  for (const json::Field& field : schema.fields) {
    if (owner && !owner->only.empty() && std::ranges::find(owner->only, field.name) == owner->only.end()) continue;
    properties[field.name] = published(*field.schema, &field);
    if (field.required) required.emplace_back(field.name);
  }
  node["properties"] = std::move(properties);
  if (!required.empty()) node["required"] = std::move(required);
  return node;
}

json::Object OpenApiComponents::published(const json::Schema& schema, const json::Field* owner) {
  const std::string_view description = owner ? owner->description : std::string_view();
  const bool is_type = schema.type == json::Type::kObject && !schema.name.empty() && (!owner || owner->only.empty());
  if (is_type) return reference(add_type(schema), description).get_object();
  json::Object node;
  if (!description.empty()) node["description"] = description;
  if (schema.type == json::Type::kObject) {
    for (auto& member : object_of(schema, owner)) node[member.key()] = std::move(member.value());
  } else if (schema.type == json::Type::kArray) {
    node["type"] = "array";
    node["items"] = published(*schema.element, nullptr);
    if (owner && owner->list != json::ListType::kPlain) {
      const bool is_map = owner->list == json::ListType::kMap;
      node["x-kubernetes-list-type"] = is_map ? "map" : owner->list == json::ListType::kSet ? "set" : "atomic";
      if (is_map) node["x-kubernetes-list-map-keys"] = json::Array(owner->keys.begin(), owner->keys.end());
    }
  } else if (schema.type == json::Type::kMap) {
    node["type"] = "object";
    node["additionalProperties"] = published(*schema.element, nullptr);
  } else {
    const json::Value scalar = json::open_api(schema);
    for (const auto& member : scalar.get_object()) node[member.key()] = member.value();
  }
  if (owner && owner->default_value) node["default"] = *owner->default_value;
  return node;
}

// The members that every kind has; tables say nothing about them.
void OpenApiComponents::set_identity(json::Object& properties) {
  properties["apiVersion"] =
      json::Object{{"description", "Group and version of the kind, like apps/v1; v1 for the core group."}, {"type", "string"}};
  properties["kind"] = json::Object{{"description", "What the object is, in CamelCase and singular."}, {"type", "string"}};
  // That of a built-in kind: the one of our CRDs has no descriptions.
  const json::Schema* metadata = api::find_schema("v1", "Pod")->field("metadata")->schema;
  properties["metadata"] = reference(add_type(*metadata), "Standard object metadata.");
}

// A custom resource: one schema with everything in it, but for the metadata.
void OpenApiComponents::add_whole(const ServedResource& served, const std::string& name) {
  json::Object node{{"type", "object"}};
  if (served.defined_schema && served.defined_schema->document().is_object())
    node = served.defined_schema->document().get_object();
  else if (served.schema) {
    json::Value whole = json::open_api(*served.schema);
    describe(whole, *served.schema);
    node = std::move(whole.get_object());
  }
  if (!served.description.empty()) node["description"] = served.description;
  json::Object properties;
  if (const json::Value* given = node.if_contains("properties"); given && given->is_object()) properties = given->get_object();
  set_identity(properties);
  node["properties"] = std::move(properties);
  components_[name] = std::move(node);
}

std::string OpenApiComponents::add(const ServedResource& served) {
  const std::string name = component_name(served);
  if (served.definer == Definer::kKubernetes && served.schema) {
    json::Object node = object_of(*served.schema, nullptr);
    set_identity(node["properties"].get_object());
    if (!served.description.empty()) node["description"] = served.description;
    components_[name] = std::move(node);
  } else {
    add_whole(served, name);
  }
  components_[name].get_object()["x-kubernetes-group-version-kind"] = group_version_kind(served.resource);
  return name;
}

}  // namespace canaria::apiserver
