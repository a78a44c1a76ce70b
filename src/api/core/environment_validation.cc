// The rules on env and envFrom of a container.
#include <array>

#include "api/kind_validation.h"
#include "api/meta/name_syntax.h"
#include "api/object_members.h"
#include "lang/selector.h"

namespace canaria::api {

namespace {

using json::Array;
using json::Object;

constexpr std::array<std::string_view, 9> kFieldPaths{
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
    "status.hostIP", "status.hostIPs",     "status.podIP", "status.podIPs"};

// "a" of "metadata.labels['a']"; empty when the path is none of labels or annotations.
std::string_view subscript_of(std::string_view field_path) {
  for (const std::string_view start : {"metadata.labels['", "metadata.annotations['"})
    if (field_path.starts_with(start) && field_path.ends_with("']"))
      return field_path.substr(start.size(), field_path.size() - start.size() - 2);
  return {};
}

void validate_field_ref(const std::string& path, const Object& reference, FieldProblems& problems) {
  const auto field_path = text_of(reference, "fieldPath");
  if (field_path.empty()) {
    problems.required(path + ".fieldPath");
    return;
  }
  if (const auto key = subscript_of(field_path); !key.empty()) {
    problems.invalid_text(path, key, lang::label_key_problems(key));
    return;
  }
  // As a whole they can become files, but no variable.
  if (field_path == "metadata.labels" || field_path == "metadata.annotations") {
    problems.unsupported(path + ".fieldPath", json::Value(field_path),
                         {"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName",
                          "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"});
    return;
  }
  if (std::ranges::find(kFieldPaths, field_path) == kFieldPaths.end())
    problems.invalid_text(path + ".fieldPath", field_path,
                          "error converting fieldPath: field label not supported: " + std::string(field_path));
}

void validate_key_ref(const std::string& path, const Object& reference, FieldProblems& problems) {
  const auto name = text_of(reference, "name");
  problems.invalid_text(path + ".name", name, dns_subdomain_problems(name));
  const auto key = text_of(reference, "key");
  if (key.empty()) problems.required(path + ".key");
  else problems.invalid_text(path + ".key", key, config_key_problems(key));
}

void validate_resource_ref(const std::string& path, const Object& reference, FieldProblems& problems) {
  const auto resource = text_of(reference, "resource");
  if (resource.empty()) {
    problems.required(path + ".resource");
    return;
  }
  if (resource.starts_with("limits.hugepages-") || resource.starts_with("requests.hugepages-")) return;
  problems.one_of(path + ".resource", resource,
                  {"limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage",
                   "requests.memory"});
}

// The unit must be one that people write.
void validate_divisor(const std::string& path, const Object& reference, FieldProblems& problems) {
  const auto divisor = text_of(reference, "divisor");
  const auto resource = text_of(reference, "resource");
  if (divisor.empty() || divisor == "0") return;
  const auto refuse = [&](const std::string& detail) {
    problems.invalid_text(path + ".divisor", resource, "only divisor's values " + detail);
  };
  static constexpr std::array<std::string_view, 13> kUnits = {"1",   "1k",  "1M",  "1G",  "1T",  "1P", "1E",
                                                              "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"};
  const bool is_unit = std::ranges::find(kUnits, divisor) != kUnits.end();
  const std::string units = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the ";
  if (resource.ends_with(".cpu") && divisor != "1" && divisor != "1m") refuse("1m and 1 are supported with the cpu resource");
  if (resource.ends_with(".memory") && !is_unit) refuse(units + "memory resource");
  if (resource.ends_with(".ephemeral-storage") && !is_unit) refuse(units + "local ephemeral storage resource");
}

void validate_source(const std::string& path, const Object& variable, FieldProblems& problems) {
  const Object* source = object_at(variable, "valueFrom");
  if (!source) return;
  int count = 0;
  for (const std::string_view kind : {"fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef"}) {
    const Object* reference = object_at(*source, kind);
    if (!reference) continue;
    ++count;
    const std::string at = path + "." + std::string(kind);
    if (kind == "fieldRef") validate_field_ref(at, *reference, problems);
    if (kind == "resourceFieldRef") {
      validate_resource_ref(at, *reference, problems);
      validate_divisor(at, *reference, problems);
    }
    if (kind == "configMapKeyRef" || kind == "secretKeyRef") validate_key_ref(at, *reference, problems);
  }
  if (count == 0)
    problems.invalid_text(path, "",
                          "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or "
                          "`fileKeyRef`");
  else if (!text_of(variable, "value").empty()) problems.invalid_text(path, "", "may not be specified when `value` is not empty");
  else if (count > 1) problems.invalid_text(path, "", "may not have more than one field specified at a time");
}

void validate_set_source(const std::string& list, std::size_t index, const Object& source, FieldProblems& problems) {
  const std::string path = item_path(list, index);
  if (const auto prefix = text_of(source, "prefix"); !prefix.empty())
    problems.invalid_text(path + ".prefix", prefix, environment_name_problems(prefix));
  int count = 0;
  for (const char* kind : {"configMapRef", "secretRef"}) {
    const Object* reference = object_at(source, kind);
    if (!reference) continue;
    ++count;
    const auto name = text_of(*reference, "name");
    if (name.empty()) problems.required(path + "." + kind + ".name");
    else problems.invalid_text(path + "." + kind + ".name", name, dns_subdomain_problems(name));
  }
  // Compat: these two are reported for the list.
  if (count == 0) problems.invalid_text(list, "", "must specify one of: `configMapRef` or `secretRef`");
  if (count > 1) problems.invalid_text(list, "", "may not have more than one field specified at a time");
}

}  // namespace

void validate_environment(const std::string& path, const json::Object& container, FieldProblems& problems) {
  const Array& variables = list_in(container, "env");
  for (std::size_t i = 0; i < variables.size(); ++i) {
    const Object& variable = as_object(variables[i]);
    const std::string at = item_path(path + ".env", i);
    const auto name = text_of(variable, "name");
    if (name.empty()) problems.required(at + ".name");
    else problems.invalid_text(at + ".name", name, environment_name_problems(name));
    validate_source(at + ".valueFrom", variable, problems);
  }
  const Array& sources = list_in(container, "envFrom");
  for (std::size_t i = 0; i < sources.size(); ++i) validate_set_source(path + ".envFrom", i, as_object(sources[i]), problems);
}

}  // namespace canaria::api
