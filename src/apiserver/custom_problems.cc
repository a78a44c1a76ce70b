#include "apiserver/custom_problems.h"

#include <algorithm>
#include <fmt/format.h>

#include "json/open_api_schema.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

std::string_view go_type(const json::Value& value) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_double()) return "float64";
  return value.is_array() ? "[]interface {}" : "map[string]interface {}";
}

bool has_rules(const json::Value& document) {
  if (const json::Array* list = document.if_array()) return std::ranges::any_of(*list, has_rules);
  const json::Object* object = document.if_object();
  if (!object) return false;
  if (object->contains("x-kubernetes-validations")) return true;
  return std::ranges::any_of(*object, [](const auto& member) { return has_rules(member.value()); });
}

// Of a field table: what may not change is a rule of the published schema.
bool has_rules(const json::Schema& schema) {
  if (schema.element) return has_rules(*schema.element);
  return std::ranges::any_of(schema.fields, [](const json::Field& field) {
    return field.immutable || (!field.opaque && !field.bare && has_rules(*field.schema));
  });
}

bool keeps_rules_from_being_checked(const ErrorCause& cause) {
  return cause.reason == "FieldValueRequired" || cause.reason == "FieldValueTypeInvalid" || cause.reason == "FieldValueTooLong" ||
         cause.reason == "FieldValueTooMany";
}

}  // namespace

std::vector<ErrorCause> scale_problems(const ServedResource& served, const json::Value& object) {
  if (!served.scale) return {};
  const std::string path = "." + served.scale->spec_replicas;
  const std::string_view root = std::string_view(served.scale->spec_replicas).substr(0, served.scale->spec_replicas.find('.'));
  const json::Value* owner = json::find(object, root);
  const json::Value* number = owner && owner->is_object() ? json::find(object, served.scale->spec_replicas) : nullptr;
  const auto unreadable = [&](const json::Value& value, std::string_view wanted) {
    const std::string shown = value.is_string() ? std::string(std::string_view(value.get_string())) : json::write(value);
    return std::vector<ErrorCause>{{"FieldValueInvalid",
                                    fmt::format("Invalid value: 0: {} accessor error: {} is of the type {}, expected {}", path,
                                                shown, go_type(value), wanted),
                                    path}};
  };
  if (owner && !owner->is_object() && !owner->is_null()) return unreadable(*owner, "map[string]interface{}");
  if (!number || number->is_null()) return {};
  if (!number->is_int64() && !number->is_uint64()) return unreadable(*number, "int64");
  if (!number->is_int64() || number->get_int64() >= 0) return {};
  return {{"FieldValueInvalid", fmt::format("Invalid value: {}: should be a non-negative integer", number->get_int64()), path}};
}

std::vector<ErrorCause> unchecked_rules(const ServedResource& served, const std::vector<ErrorCause>& causes) {
  if (std::ranges::none_of(causes, keeps_rules_from_being_checked)) return {};
  const bool exist = served.defined_schema ? has_rules(served.defined_schema->document()) : has_rules(*served.schema);
  if (!exist) return {};
  // Compat: the remark is about no field and no value.
  return {
      {"FieldValueInvalid",
       "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors "
       "to complete validation",
       "<nil>"}};
}

}  // namespace canaria::apiserver
