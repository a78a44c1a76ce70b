#include "store/namespace_rules.h"

#include <fmt/format.h>

namespace canaria::store {
namespace {

json::Object& member_object(json::Object& object, std::string_view key) {
  json::Value& member = object[key];
  if (!member.is_object()) member.emplace_object();
  return member.get_object();
}

}  // namespace

void prepare_namespace(json::Object& object) {
  json::Object& metadata = metadata_of(object);
  // Copied: short texts move with the members when one is added.
  const std::string name(text_member(metadata, "name"));
  member_object(metadata, "labels")["kubernetes.io/metadata.name"] = name;
  json::Object& spec = member_object(object, "spec");
  json::Value& finalizers = spec["finalizers"];
  if (!finalizers.is_array()) finalizers.emplace_array();
  bool has_ours = false;
  for (const json::Value& item : finalizers.get_array()) has_ours |= item.is_string() && item.get_string() == kContentsFinalizer;
  if (!has_ours) finalizers.get_array().emplace_back(kContentsFinalizer);
  json::Object status;
  status["phase"] = "Active";
  object["status"] = std::move(status);
}

bool namespace_is_finalized(const json::Object& object) {
  const json::Value* spec = object.if_contains("spec");
  const json::Value* finalizers = spec && spec->is_object() ? spec->get_object().if_contains("finalizers") : nullptr;
  return !finalizers || !finalizers->is_array() || finalizers->get_array().empty();
}

void mark_namespace_terminating(json::Object& object) { member_object(object, "status")["phase"] = "Terminating"; }

Status namespace_accepts(const json::Value* existing, const std::string& namespace_name, const std::string& what) {
  if (!existing) return fail(Code::kNotFound, fmt::format("namespaces \"{}\" not found", namespace_name));
  if (json::text_at(*existing, "metadata.deletionTimestamp").empty()) return {};
  Error error{Code::kForbidden,
              fmt::format("{} is forbidden: unable to create new content in namespace {} because it is being terminated", what,
                          namespace_name),
              std::nullopt};
  error.causes.push_back(
      {"NamespaceTerminating", fmt::format("namespace {} is being terminated", namespace_name), "metadata.namespace"});
  return fail(std::move(error));
}

}  // namespace canaria::store
