#include "apiserver/metadata_problems.h"

#include <string>
#include <string_view>

#include "json/write.h"
#include "lang/selector.h"

namespace canaria::apiserver {
namespace {

constexpr std::size_t kAnnotationBytes = 256U << 10U;

using Causes = std::vector<ErrorCause>;

void invalid(Causes& causes, std::string field, const json::Value& value, std::string_view detail) {
  causes.push_back({"FieldValueInvalid", "Invalid value: " + json::write(value) + ": " + std::string(detail), std::move(field)});
}

void required(Causes& causes, std::string field) { causes.push_back({"FieldValueRequired", "Required value", std::move(field)}); }

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

void check_finalizers(Causes& causes, const json::Object& metadata) {
  const json::Array* finalizers = list_at(metadata, "finalizers");
  if (!finalizers) return;
  for (std::size_t i = 0; i < finalizers->size(); ++i) {
    const json::Value& finalizer = (*finalizers)[i];
    if (!finalizer.is_string()) continue;
    for (const std::string& problem : lang::label_key_problems(finalizer.get_string()))
      invalid(causes, "metadata.finalizers[" + std::to_string(i) + "]", finalizer, problem);
  }
}

bool is_controller(const json::Value& owner) {
  const json::Value* flag = json::find(owner, "controller");
  return flag && flag->is_bool() && flag->get_bool();
}

void check_owners(Causes& causes, const json::Object& metadata) {
  const json::Array* owners = list_at(metadata, "ownerReferences");
  if (!owners) return;
  int controllers = 0;
  for (std::size_t i = 0; i < owners->size(); ++i) {
    const json::Value& owner = (*owners)[i];
    const std::string path = "metadata.ownerReferences[" + std::to_string(i) + "]";
    for (const char* member : {"apiVersion", "kind", "name", "uid"})
      if (json::text_at(owner, member).empty()) required(causes, path + "." + member);
    if (is_controller(owner)) ++controllers;
  }
  if (controllers > 1)
    invalid(causes, "metadata.ownerReferences", *metadata.if_contains("ownerReferences"),
            "Only one reference can have Controller set to true");
}

}  // namespace

std::vector<ErrorCause> metadata_problems(const json::Value& object) {
  Causes causes;
  const json::Value* metadata = json::find(object, "metadata");
  if (!metadata || !metadata->is_object()) return causes;
  check_labels(causes, metadata->get_object());
  check_annotations(causes, metadata->get_object());
  check_owners(causes, metadata->get_object());
  check_finalizers(causes, metadata->get_object());
  return causes;
}

}  // namespace canaria::apiserver
