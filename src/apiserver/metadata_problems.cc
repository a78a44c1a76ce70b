#include "apiserver/metadata_problems.h"

#include <string>
#include <string_view>

#include "json/write.h"
#include "lang/selector.h"
#include "store/object_name.h"

namespace canaria::apiserver {
namespace {

constexpr std::size_t kAnnotationBytes = 256U << 10U;

using Causes = std::vector<ErrorCause>;

void invalid(Causes& causes, std::string field, const json::Value& value, std::string_view detail) {
  causes.push_back({"FieldValueInvalid", "Invalid value: " + json::write(value) + ": " + std::string(detail), std::move(field)});
}

const json::Object* object_at(const json::Object& metadata, std::string_view name) {
  const json::Value* member = metadata.if_contains(name);
  return member ? member->if_object() : nullptr;
}

const json::Array* list_at(const json::Object& metadata, std::string_view name) {
  const json::Value* member = metadata.if_contains(name);
  return member ? member->if_array() : nullptr;
}

void check_labels(Causes& causes, const json::Object& metadata) {
  const json::Object* labels = object_at(metadata, "labels");
  if (!labels) return;
  for (const auto& [key, value] : *labels) {
    for (const std::string& problem : lang::label_key_problems(key)) invalid(causes, "metadata.labels", key, problem);
    if (!value.is_string()) continue;
    for (const std::string& problem : lang::label_value_problems(value.get_string()))
      invalid(causes, "metadata.labels", value, problem);
  }
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

void check_annotations(Causes& causes, const json::Object& metadata) {
  const json::Object* annotations = object_at(metadata, "annotations");
  if (!annotations) return;
  std::size_t bytes = 0;
  for (const auto& [key, value] : *annotations) {
    // Compat: upper case is allowed here, also before the slash.
    for (const std::string& problem : lang::label_key_problems(lower(key))) invalid(causes, "metadata.annotations", key, problem);
    bytes += key.size() + (value.is_string() ? value.get_string().size() : 0);
  }
  if (bytes > kAnnotationBytes)
    causes.push_back({"FieldValueTooLong", "Too long: may not be more than " + std::to_string(kAnnotationBytes) + " bytes",
                      "metadata.annotations"});
}

bool is_standard(std::string_view finalizer) {
  return finalizer == "kubernetes" || finalizer == "orphan" || finalizer == "foregroundDeletion";
}

void check_finalizers(Causes& causes, const json::Object& metadata, FinalizerNames names) {
  const json::Array* finalizers = list_at(metadata, "finalizers");
  if (!finalizers) return;
  bool orphans = false;
  bool waits = false;
  for (const json::Value& finalizer : *finalizers) {
    if (!finalizer.is_string()) continue;
    const std::string_view name = finalizer.get_string();
    // Compat: the path has no position in it.
    for (const std::string& problem : lang::label_key_problems(name)) invalid(causes, "metadata.finalizers", finalizer, problem);
    orphans |= name == "orphan";
    waits |= name == "foregroundDeletion";
  }
  if (orphans && waits)
    invalid(causes, "metadata.finalizers", json::Value(*finalizers),
            "finalizer orphan and foregroundDeletion cannot be both set");
  if (names == FinalizerNames::kAny) return;
  for (std::size_t i = 0; i < finalizers->size(); ++i) {
    const json::Value& finalizer = (*finalizers)[i];
    if (!finalizer.is_string()) continue;
    const std::string_view name = finalizer.get_string();
    if (name.find('/') == std::string_view::npos && !is_standard(name))
      invalid(causes, "metadata.finalizers[" + std::to_string(i) + "]", finalizer,
              "name is neither a standard finalizer name nor is it fully qualified");
  }
}

bool is_controller(const json::Value& owner) {
  const json::Value* flag = json::find(owner, "controller");
  return flag && flag->is_bool() && flag->get_bool();
}

// The version in "apps/v1"; empty when there is none, or one part too many.
std::string_view version_in(std::string_view api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string_view::npos) return api_version;
  const std::string_view version = api_version.substr(slash + 1);
  return version.find('/') == std::string_view::npos ? version : std::string_view();
}

void check_owner(Causes& causes, const json::Value& owner) {
  const std::string_view version = json::text_at(owner, "apiVersion");
  // Compat: the paths have no position in them.
  if (version_in(version).empty())
    invalid(causes, "metadata.ownerReferences.apiVersion", json::Value(version), "version must not be empty");
  for (const char* member : {"kind", "name", "uid"})
    if (json::text_at(owner, member).empty())
      invalid(causes, std::string("metadata.ownerReferences.") + member, json::Value(""), "must not be empty");
  if (version == "v1" && json::text_at(owner, "kind") == "Event")
    invalid(causes, "metadata.ownerReferences", owner, "/v1, Kind=Event is disallowed from being an owner");
}

void check_owners(Causes& causes, const json::Object& metadata) {
  const json::Array* owners = list_at(metadata, "ownerReferences");
  if (!owners) return;
  const auto named = [](const json::Value& owner) {
    return std::string(json::text_at(owner, "kind")) + "/" + std::string(json::text_at(owner, "name"));
  };
  std::string controller;
  for (const json::Value& owner : *owners) {
    check_owner(causes, owner);
    if (!is_controller(owner)) continue;
    if (controller.empty()) controller = named(owner);
    else
      invalid(causes, "metadata.ownerReferences", json::Value(*owners),
              "Only one reference can have Controller set to true. Found \"true\" in references for " + controller + " and " +
                  named(owner));
  }
}

// A generated name gets more letters: a dash at the end does not count.
std::string without_dash(std::string_view base) {
  if (base.size() < 2 || base.back() != '-') return std::string(base);
  return std::string(base.substr(0, base.size() - 2)) + "a";
}

void check_names(Causes& causes, const json::Object& metadata, store::NameRule rule) {
  for (const char* member : {"generateName", "name"}) {
    const json::Value* given = metadata.if_contains(member);
    if (!given || !given->is_string() || given->get_string().empty()) continue;
    const std::string_view text = given->get_string();
    const std::string counted = member == std::string_view("name") ? std::string(text) : without_dash(text);
    for (const std::string& problem : store::name_problems(rule, counted))
      invalid(causes, std::string("metadata.") + member, *given, problem);
  }
}

}  // namespace

std::vector<ErrorCause> metadata_problems(const json::Value& object, const MetadataRules& rules) {
  Causes causes;
  const json::Value* metadata = json::find(object, "metadata");
  if (!metadata || !metadata->is_object()) return causes;
  if (rules.name) check_names(causes, metadata->get_object(), *rules.name);
  check_labels(causes, metadata->get_object());
  check_annotations(causes, metadata->get_object());
  check_owners(causes, metadata->get_object());
  check_finalizers(causes, metadata->get_object(), rules.finalizers);
  return causes;
}

}  // namespace canaria::apiserver
