#include "apiserver/content_errors.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "json/write.h"

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

bool is_integer(const json::Schema& schema) {
  return schema.type == json::Type::kInt32 || schema.type == json::Type::kInt64 || schema.type == json::Type::kIntOrString;
}

// What Go calls a JSON value in its decoding errors: a number that is none of the wanted ones is shown.
std::string go_value(const json::Value& value, const json::Schema& wanted) {
  if (value.is_string()) return "string";
  if (value.is_bool()) return "bool";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  return is_integer(wanted) ? "number " + json::write(value) : "number";
}

// Texts of these fields have types of their own.
std::string_view named_text_type(std::string_view owner, std::string_view field) {
  static constexpr std::array<std::array<std::string_view, 3>, 9> kTypes = {{
      {"Secret", "type", "v1.SecretType"},
      {"PodSpec", "restartPolicy", "v1.RestartPolicy"},
      {"PodSpec", "dnsPolicy", "v1.DNSPolicy"},
      {"Container", "imagePullPolicy", "v1.PullPolicy"},
      {"Container", "terminationMessagePolicy", "v1.TerminationMessagePolicy"},
      {"ContainerPort", "protocol", "v1.Protocol"},
      {"ServicePort", "protocol", "v1.Protocol"},
      {"ServiceSpec", "type", "v1.ServiceType"},
      {"DeploymentStrategy", "type", "v1.DeploymentStrategyType"},
  }};
  for (const auto& [type, member, name] : kTypes)
    if (type == owner && member == field) return name;
  return {};
}

struct TimePart {
  std::string_view layout;
  std::size_t digits;  // 0: the layout itself
  int least = 0;
  int most = 9999;
  std::string_view name = {};
};

// Why Go does not take a text for a time, in its words.
std::string time_problem(std::string_view text) {
  static constexpr std::array<TimePart, 11> kParts = {{{"2006", 4},
                                                       {"-", 0},
                                                       {"01", 2, 1, 12, "month"},
                                                       {"-", 0},
                                                       {"02", 2, 1, 31, "day"},
                                                       {"T", 0},
                                                       {"15", 2, 0, 23, "hour"},
                                                       {":", 0},
                                                       {"04", 2, 0, 59, "minute"},
                                                       {":", 0},
                                                       {"05", 2, 0, 59, "second"}}};
  const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
  const auto mismatch = [&](std::string_view rest, std::string_view layout) {
    return fmt::format("parsing time \"{}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{}\" as \"{}\"", text, rest, layout);
  };
  std::string_view rest = text;
  for (const TimePart& part : kParts) {
    const std::string_view piece = rest.substr(0, part.layout.size());
    const bool fits =
        part.digits == 0 ? piece == part.layout : piece.size() == part.digits && std::ranges::all_of(piece, is_digit);
    if (!fits) return mismatch(rest, part.layout);
    if (part.digits != 0) {
      const int number = std::stoi(std::string(piece));
      if (number < part.least || number > part.most) return fmt::format("parsing time \"{}\": {} out of range", text, part.name);
    }
    rest.remove_prefix(part.layout.size());
  }
  if (rest.size() > 1 && rest.front() == '.' && is_digit(rest[1]))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  if (rest.starts_with('Z') && rest.size() > 1)
    return fmt::format("parsing time \"{}\": extra text: \"{}\"", text, rest.substr(1));
  if (rest != "Z") return mismatch(rest, "Z07:00");
  return fmt::format("parsing time \"{}\": day out of range", text);
}

// What Go calls the type of a field.
std::string go_type(const json::Schema& schema) {
  switch (schema.type) {
    case json::Type::kString: return "string";
    case json::Type::kInt32: return "int32";
    case json::Type::kInt64: return "int64";
    case json::Type::kBool: return "bool";
    case json::Type::kNumber: return "float64";
    // Containers share the Go type of everything that has amounts.
    case json::Type::kObject: return "v1." + (schema.name == "ContainerResources" ? "ResourceRequirements" : schema.name);
    case json::Type::kIntOrString: return "int32";
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
  if (type == json::Type::kTime && value->is_string()) return time_problem(value->get_string());
  const std::string given = go_value(*value, *place.schema);
  if (path.empty()) return fmt::format("json: cannot unmarshal {} into Go value of type {}", given, go_type(*place.schema));
  const std::string field = go_path(path);
  std::string wanted(named_text_type(place.owner, field.substr(field.rfind('.') + 1)));
  if (wanted.empty()) wanted = go_type(*place.schema);
  return fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of type {}", given, place.owner, field, wanted);
}

}  // namespace

ErrorCause cause_of(const json::FieldError& error) { return {std::string(reason_of(error)), error.text, error.path}; }

Error invalid_object(const api::Resource& resource, std::string_view name, std::vector<ErrorCause> causes) {
  // What is wrong twice in the same way is told once.
  std::vector<ErrorCause> once;
  for (ErrorCause& cause : causes) {
    const auto is_same = [&](const ErrorCause& other) { return other.field == cause.field && other.message == cause.message; };
    if (std::ranges::none_of(once, is_same)) once.push_back(std::move(cause));
  }
  causes = std::move(once);
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
  return cannot_be_decoded(resource, problem);
}

Error cannot_be_decoded(const api::Resource& resource, std::string_view problem) {
  return {Code::kBadRequest,
          fmt::format("{0} in version \"{1}\" cannot be handled as a {0}: {2}", resource.kind, resource.version, problem),
          std::nullopt};
}

}  // namespace canaria::apiserver
