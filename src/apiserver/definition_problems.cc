// What is wrong with a CustomResourceDefinition; declared in custom_resources.h. The texts are the API server's.
#include <algorithm>
#include <array>
#include <set>

#include "apiserver/custom_resources.h"
#include "json/write.h"
#include "lang/pattern.h"

namespace canaria::apiserver {
namespace {

class Problems {
 public:
  void required(std::string field, std::string_view detail) {
    list.push_back({"FieldValueRequired", "Required value: " + std::string(detail), std::move(field)});
  }
  void invalid(std::string field, const json::Value& value, std::string_view detail) {
    list.push_back({"FieldValueInvalid", "Invalid value: " + json::write(value) + ": " + std::string(detail), std::move(field)});
  }
  void invalid(std::string field, std::string_view value, std::string_view detail) {
    invalid(std::move(field), json::Value(value), detail);
  }
  void unsupported(std::string field, std::string_view value, std::string_view supported) {
    list.push_back({"FieldValueNotSupported",
                    "Unsupported value: " + json::write(json::Value(value)) + ": supported values: " + std::string(supported),
                    std::move(field)});
  }

  std::vector<ErrorCause> list;
};

bool is_label_part(char letter, bool upper_too) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
         (upper_too && letter >= 'A' && letter <= 'Z');
}

// "a-b1": starts with a letter, ends with a letter or digit.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() > 63 || name.back() == '-' || name.front() == '-') return false;
  if (name.front() >= '0' && name.front() <= '9') return false;
  return std::ranges::all_of(name, [](char letter) { return is_label_part(letter, false); });
}

bool is_subdomain(std::string_view name) {
  if (name.empty() || name.size() > 253) return false;
  while (true) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    if (!std::ranges::all_of(label, [](char letter) { return is_label_part(letter, false); })) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

constexpr std::string_view kLabelText =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end "
    "with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    "'[a-z]([-a-z0-9]*[a-z0-9])?')";

void check_name(Problems& problems, const std::string& field, std::string_view name) {
  if (name.empty()) problems.required(field, "");
  else if (!is_name(name)) problems.invalid(field, name, kLabelText);
}

void check_names(Problems& problems, const json::Value& definition) {
  const std::string_view group = json::text_at(definition, "spec.group");
  const std::string_view plural = json::text_at(definition, "spec.names.plural");
  const std::string_view kind = json::text_at(definition, "spec.names.kind");
  const std::string_view name = json::text_at(definition, "metadata.name");
  if (name != std::string(plural) + "." + std::string(group))
    problems.invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group");
  if (group.empty()) problems.required("spec.group", "");
  else if (!is_subdomain(group) || group.find('.') == std::string_view::npos)
    problems.invalid("spec.group", group, "should be a domain with at least one dot");
  check_name(problems, "spec.names.plural", plural);
  if (kind.empty()) {
    problems.required("spec.names.kind", "");
  } else {
    std::string lowered(kind);
    for (char& letter : lowered)
      if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (!is_name(lowered))
      problems.invalid("spec.names.kind", kind, "may have mixed case, but should otherwise match: " + std::string(kLabelText));
    if (kind == json::text_at(definition, "spec.names.listKind"))
      problems.invalid("spec.names.listKind", kind, "kind and listKind may not be the same");
  }
  const std::string_view scope = json::text_at(definition, "spec.scope");
  if (scope.empty()) problems.required("spec.scope", "");
  else if (scope != "Cluster" && scope != "Namespaced") problems.unsupported("spec.scope", scope, "\"Cluster\", \"Namespaced\"");
  const std::string_view strategy = json::text_at(definition, "spec.conversion.strategy");
  if (!strategy.empty() && strategy != "None")
    problems.invalid("spec.conversion.strategy", strategy,
                     "the embedded API server calls no webhooks: use None, all versions then differ in apiVersion alone");
}

void check_columns(Problems& problems, const json::Value& version, const std::string& path) {
  static constexpr std::array<std::string_view, 5> kTypes = {"boolean", "date", "integer", "number", "string"};
  const json::Value* columns = json::find(version, "additionalPrinterColumns");
  if (!columns || !columns->is_array()) return;
  for (std::size_t i = 0; i < columns->get_array().size(); ++i) {
    const json::Value& column = columns->get_array()[i];
    const std::string at = path + ".additionalPrinterColumns[" + std::to_string(i) + "]";
    if (json::text_at(column, "name").empty()) problems.required(at + ".name", "");
    const std::string_view type = json::text_at(column, "type");
    if (type.empty()) problems.required(at + ".type", "must be one of boolean,date,integer,number,string");
    else if (std::ranges::find(kTypes, type) == kTypes.end())
      problems.invalid(at + ".type", type, "must be one of boolean,date,integer,number,string");
    const std::string_view json_path = json::text_at(column, "jsonPath");
    if (json_path.empty()) problems.required(at + ".jsonPath", "");
    else if (!json_path.starts_with('.'))
      problems.invalid(at + ".jsonPath", json_path, "must be a simple json path starting with .");
  }
}

void check_scale(Problems& problems, const json::Value& version, const std::string& path) {
  const json::Value* scale = json::find(version, "subresources.scale");
  if (!scale || !scale->is_object()) return;
  const auto check = [&](std::string_view member, std::string_view root) {
    const std::string field = path + ".subresources.scale." + std::string(member);
    const std::string_view value = json::text_at(*scale, member);
    if (value.empty()) problems.required(field, "");
    else if (!value.starts_with(root)) problems.invalid(field, value, "should be a json path under " + std::string(root));
  };
  check("specReplicasPath", ".spec.");
  check("statusReplicasPath", ".status.");
}

// Every "pattern" of a schema, wherever it stands.
void check_patterns(Problems& problems, const json::Value& schema, const std::string& path) {
  if (!schema.is_object()) return;
  if (const std::string_view pattern = json::text_at(schema, "pattern"); !pattern.empty())
    if (const std::string problem = lang::pattern_problem(pattern); !problem.empty())
      problems.invalid(path + ".pattern", pattern, "must be a valid regular expression, but isn't: " + problem);
  for (const char* member : {"items", "additionalProperties", "not"})
    if (const json::Value* inner = json::find(schema, member)) check_patterns(problems, *inner, path + "." + member);
  for (const char* member : {"allOf", "anyOf", "oneOf"})
    if (const json::Value* all = json::find(schema, member); all && all->is_array())
      for (std::size_t i = 0; i < all->get_array().size(); ++i)
        check_patterns(problems, all->get_array()[i], path + "." + member + "[" + std::to_string(i) + "]");
  if (const json::Value* properties = json::find(schema, "properties"); properties && properties->is_object())
    for (const auto& [name, inner] : properties->get_object())
      check_patterns(problems, inner, path + ".properties[" + std::string(name) + "]");
}

void check_versions(Problems& problems, const json::Value& definition) {
  const json::Value* versions = json::find(definition, "spec.versions");
  if (!versions || !versions->is_array() || versions->get_array().empty()) {
    problems.required("spec.versions", "must have exactly one version marked as storage version");
    return;
  }
  int storage_versions = 0;
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < versions->get_array().size(); ++i) {
    const json::Value& version = versions->get_array()[i];
    const std::string path = "spec.versions[" + std::to_string(i) + "]";
    const std::string_view name = json::text_at(version, "name");
    check_name(problems, path + ".name", name);
    if (!names.insert(name).second) problems.invalid("spec.versions", name, "must contain unique version names");
    if (const json::Value* storage = json::find(version, "storage"); storage && storage->is_bool() && storage->get_bool())
      ++storage_versions;
    const json::Value* schema = json::find(version, "schema.openAPIV3Schema");
    if (!schema || !schema->is_object()) problems.required(path + ".schema.openAPIV3Schema", "");
    else if (json::text_at(*schema, "type") != "object")
      problems.invalid(path + ".schema.openAPIV3Schema.type", json::text_at(*schema, "type"), "must be object at the root");
    if (schema) check_patterns(problems, *schema, path + ".schema.openAPIV3Schema");
    check_columns(problems, version, path);
    check_scale(problems, version, path);
  }
  if (storage_versions != 1)
    problems.invalid("spec.versions", *versions, "must have exactly one version marked as storage version");
}

void check_update(Problems& problems, const json::Value& definition, const json::Value& before) {
  for (const char* path : {"spec.group", "spec.names.plural", "spec.names.kind", "spec.scope"}) {
    const std::string_view now = json::text_at(definition, path);
    if (now != json::text_at(before, path)) problems.invalid(path, now, "field is immutable");
  }
  // A version that objects may still be stored in has to stay.
  const json::Value* stored = json::find(definition, "status.storedVersions");
  const json::Value* versions = json::find(definition, "spec.versions");
  if (!stored || !stored->is_array() || !versions || !versions->is_array()) return;
  for (std::size_t i = 0; i < stored->get_array().size(); ++i) {
    const json::Value& name = stored->get_array()[i];
    const bool is_there = std::ranges::any_of(versions->get_array(), [&](const json::Value& version) {
      return name.is_string() && json::text_at(version, "name") == std::string_view(name.get_string());
    });
    if (!is_there)
      problems.invalid("status.storedVersions[" + std::to_string(i) + "]", name,
                       "missing from spec.versions; it is a storage version that has been used");
  }
}

}  // namespace

std::vector<ErrorCause> definition_problems(const json::Value& definition, const json::Value* before) {
  Problems problems;
  check_names(problems, definition);
  check_versions(problems, definition);
  if (before) check_update(problems, definition, *before);
  for (ErrorCause& cause : problems.list)
    if (cause.message.ends_with(": ")) cause.message.resize(cause.message.size() - 2);
  return std::move(problems.list);
}

}  // namespace canaria::apiserver
