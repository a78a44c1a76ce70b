#include "apiserver/content_errors.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace canaria::apiserver {
namespace {

// The reason follows from how the text starts.
std::string_view reason_of(const json::FieldError& error) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kReasons = {{
      {"Required value", "FieldValueRequired"},
      {"Invalid value", "FieldValueInvalid"},
      {"Unsupported value", "FieldValueNotSupported"},
      {"Duplicate value", "FieldValueDuplicate"},
      {"Forbidden", "FieldValueForbidden"},
      {"Not found", "FieldValueNotFound"},
      {"Too long", "FieldValueTooLong"},
      {"Too many", "FieldValueTooMany"},
      {"Internal error", "InternalError"},
  }};
  if (error.problem == json::Problem::kInvalidType) return "FieldValueTypeInvalid";
  for (const auto& [start, reason] : kReasons)
    if (error.text.starts_with(start)) return reason;
  return "FieldValueInvalid";
}

// What Go calls a JSON value in its decoding errors.
std::string_view go_value(const json::Value& value) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_array()) return "array";
  return value.is_object() ? "object" : "number";
}

// What Go calls the type of a field.
std::string go_type(const json::Schema& schema) {
  switch (schema.type) {
    case json::Type::kString: return "string";
    case json::Type::kInt32: return "int32";
    case json::Type::kInt64: return "int64";
    case json::Type::kBool: return "bool";
    case json::Type::kNumber: return "float64";
    case json::Type::kObject: return "v1." + schema.name;
    case json::Type::kArray: return "[]" + (schema.element ? go_type(*schema.element) : std::string("string"));
    case json::Type::kMap: return "map[string]" + (schema.element ? go_type(*schema.element) : std::string("string"));
    default: return "string";
  }
}

struct Place {
  const json::Schema* schema;
  std::string owner;  // the struct that has the field
};

// Walks along "spec.containers[0].ports" through schema and object; false where the path leaves them.
bool step_into(Place& place, const json::Value*& value, std::string_view name) {
  if (place.schema->type == json::Type::kObject) {
    const json::Field* field = place.schema->field(name);
    if (!field || !value->is_object()) return false;
    place.owner = place.schema->name;
    place.schema = field->schema;
    value = value->get_object().if_contains(name);
    return value != nullptr;
  }
  if (!place.schema->element) return false;
  if (place.schema->type == json::Type::kMap && value->is_object()) value = value->get_object().if_contains(name);
  else if (value->is_array() && !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; }) &&
           name.size() < 7 && static_cast<std::size_t>(std::stoi(std::string(name))) < value->get_array().size())
    value = &value->get_array()[static_cast<std::size_t>(std::stoi(std::string(name)))];
  else return false;
  place.schema = place.schema->element;
  return value != nullptr;
}

// The path without positions and map keys, as Go names the field.
std::string go_path(std::string_view path) {
  std::string result;
  int depth = 0;
  for (const char letter : path) {
    if (letter == '[') ++depth;
    if (depth == 0) result += letter;
    if (letter == ']' && depth > 0) --depth;
  }
  return result;
}

std::string decoding_problem(const json::Schema& schema, const json::Value& object, const std::string& path) {
  Place place{&schema, schema.name};
  const json::Value* value = &object;
  std::string_view rest = path;
  while (!rest.empty()) {
    const bool is_key = rest.front() == '[';
    if (is_key || rest.front() == '.') rest.remove_prefix(1);
    const std::size_t end = is_key ? rest.find(']') : rest.find_first_of(".[");
    if (!step_into(place, value, rest.substr(0, end))) return "";
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + (is_key ? 1 : 0));
  }
  const json::Type type = place.schema->type;
  if (type == json::Type::kQuantity)
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  if (type == json::Type::kTime && value->is_string())
    return fmt::format("parsing time \"{0}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{0}\" as \"2006\"",
                       std::string_view(value->get_string()));
  return fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of type {}", go_value(*value), place.owner,
                     go_path(path), go_type(*place.schema));
}

}  // namespace

ErrorCause cause_of(const json::FieldError& error) { return {std::string(reason_of(error)), error.text, error.path}; }

Error invalid_object(const api::Resource& resource, std::string_view name, std::vector<ErrorCause> causes) {
  std::string list;
  for (const ErrorCause& cause : causes) {
    if (!list.empty()) list += ", ";
    list += cause.field + ": " + cause.message;
  }
  if (causes.size() > 1) list = "[" + list + "]";
  const std::string kind = resource.group.empty() ? resource.kind : resource.kind + "." + resource.group;
  Error error{Code::kInvalid, fmt::format("{} \"{}\" is invalid: {}", kind, name, list), std::nullopt};
  error.causes = std::move(causes);
  return error;
}

Error cannot_be_decoded(const api::Resource& resource, const json::Schema& schema, const json::Value& object,
                        const json::FieldError& misfit) {
  std::string problem = decoding_problem(schema, object, misfit.path);
  if (problem.empty()) problem = misfit.path + ": " + misfit.text;
  return {Code::kBadRequest,
          fmt::format("{0} in version \"{1}\" cannot be handled as a {0}: {2}", resource.kind, resource.version, problem),
          std::nullopt};
}

}  // namespace canaria::apiserver
