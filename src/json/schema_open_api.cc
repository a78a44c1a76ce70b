// The published form of a table: structural OpenAPI v3 as apiextensions.k8s.io/v1 wants it.
#include <algorithm>

#include "json/schema.h"

namespace canaria::json {

namespace {

constexpr std::string_view kQuantityPattern =
    "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))"
    "(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$";

Object publish(const Schema& schema, const Field* owner, const std::string& path);

Object int_or_string() {
  Object node;
  node["anyOf"] = Array{Object{{"type", "integer"}}, Object{{"type", "string"}}};
  node["x-kubernetes-int-or-string"] = true;
  return node;
}

Object publish_object(const Schema& schema, const Field* owner, const std::string& path) {
  Object node;
  node["type"] = "object";
  if (schema.atomic) node["x-kubernetes-map-type"] = "atomic";
  if (owner && owner->bare) return node;
  Object properties;
  std::vector<std::string> required;
  for (const Field& field : schema.fields) {
    const bool published = !owner || owner->only.empty() || std::ranges::count(owner->only, field.name) > 0;
    if (!published) continue;
    properties[field.name] = publish(*field.schema, &field, path + "." + field.name);
    if (field.required) required.push_back(field.name);
  }
  node["properties"] = std::move(properties);
  std::ranges::sort(required);
  if (!required.empty()) node["required"] = Array(required.begin(), required.end());
  return node;
}

Object publish_list(const Schema& schema, const Field* owner, const std::string& path) {
  Object node;
  node["type"] = "array";
  node["items"] = publish(*schema.element, nullptr, path + "[]");
  if (!owner || owner->list == ListType::kPlain) return node;
  node["x-kubernetes-list-type"] = owner->list == ListType::kAtomic ? "atomic" : owner->list == ListType::kSet ? "set" : "map";
  if (owner->list == ListType::kMap) node["x-kubernetes-list-map-keys"] = Array(owner->keys.begin(), owner->keys.end());
  return node;
}

Object publish_type(const Schema& schema, const Field* owner, const std::string& path) {
  switch (schema.type) {
    case Type::kObject: return publish_object(schema, owner, path);
    case Type::kArray: return publish_list(schema, owner, path);
    case Type::kMap: {
      Object node{{"type", "object"}};
      node["additionalProperties"] = publish(*schema.element, nullptr, path + "[]");
      return node;
    }
    case Type::kString: return {{"type", "string"}};
    case Type::kInt32: return {{"type", "integer"}, {"format", "int32"}};
    case Type::kInt64: return {{"type", "integer"}, {"format", "int64"}};
    case Type::kBool: return {{"type", "boolean"}};
    case Type::kNumber: return {{"type", "number"}};
    case Type::kTime: return {{"type", "string"}, {"format", "date-time"}};
    case Type::kIntOrString: return int_or_string();
    case Type::kQuantity: {
      Object node = int_or_string();
      node["pattern"] = kQuantityPattern;
      return node;
    }
    case Type::kAny: return {{"x-kubernetes-preserve-unknown-fields", true}};
    case Type::kAnyObject: return {{"type", "object"}, {"x-kubernetes-preserve-unknown-fields", true}};
  }
  return {};
}

Object publish(const Schema& schema, const Field* owner, const std::string& path) {
  if (schema.published && schema.published->is_object()) return schema.published->get_object();
  Object node;
  const std::string_view description = owner && !owner->description.empty() ? owner->description : schema.description;
  if (!description.empty()) node["description"] = description;
  if (owner && owner->opaque) {
    node["x-kubernetes-preserve-unknown-fields"] = true;
    return node;
  }
  for (auto& member : publish_type(schema, owner, path)) node[member.key()] = std::move(member.value());
  if (!owner) return node;
  if (owner->atomic) node["x-kubernetes-map-type"] = "atomic";
  if (owner->default_value) node["default"] = *owner->default_value;
  if (owner->immutable)
    node["x-kubernetes-validations"] = Array{Object{{"rule", "self == oldSelf"}, {"message", path + " is immutable"}}};
  return node;
}

}  // namespace

Value open_api(const Schema& schema) { return publish(schema, nullptr, ""); }

}  // namespace canaria::json
