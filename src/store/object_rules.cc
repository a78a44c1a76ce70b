// Creation and update; deletion_rules.cc has the rest.
#include "store/object_rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "json/patch.h"
#include "json/write.h"
#include "store/metadata.h"
#include "store/namespace_rules.h"
#include "store/object_name.h"

namespace canaria::store {
namespace {

// A generated name has at most 63 bytes: what is left beside the five random letters.
constexpr std::size_t kGeneratedBaseMax = 58;

// One thing wrong with one field, as the API server words it.
tl::unexpected<Error> invalid(const api::Resource& resource, std::string_view name, ErrorCause cause) {
  const std::string kind = resource.group.empty() ? resource.kind : resource.kind + "." + resource.group;
  Error error{Code::kInvalid, fmt::format("{} \"{}\" is invalid: {}: {}", kind, name, cause.field, cause.message), std::nullopt};
  error.causes.push_back(std::move(cause));
  return fail(std::move(error));
}

Status name_object(const api::Resource& resource, NameRule rule, const api::ObjectKey& key, json::Object& metadata,
                   const CreateStamp& stamp) {
  std::string name(text_member(metadata, "name"));
  if (name.empty()) name = key.name;
  if (name.empty()) {
    const std::string_view base = text_member(metadata, "generateName");
    if (base.empty())
      return invalid(resource, "", {"FieldValueRequired", "Required value: name or generateName is required", "metadata.name"});
    name = std::string(base.substr(0, kGeneratedBaseMax)) + stamp.suffix;
  }
  const std::string problem = stamp.names == NameCheck::kHere ? name_problem(rule, name) : "";
  if (!problem.empty())
    return invalid(resource, name,
                   {"FieldValueInvalid", fmt::format("Invalid value: \"{}\": {}", name, problem), "metadata.name"});
  metadata["name"] = name;
  if (resource.scope == api::Scope::kCluster) {
    remove_member(metadata, "namespace");
    return {};
  }
  const std::string_view given = text_member(metadata, "namespace");
  if (!given.empty() && given != key.namespace_)
    return fail(Code::kBadRequest, "the namespace of the provided object does not match the namespace sent on the request");
  if (key.namespace_.empty()) return fail(Code::kBadRequest, "an empty namespace may not be set during creation");
  metadata["namespace"] = key.namespace_;
  return {};
}

// apiVersion and kind first, as everybody prints them.
json::Value with_type(const api::Resource& resource, const json::Object& object) {
  json::Object typed;
  typed.reserve(object.size() + 2);
  typed["apiVersion"] = object.contains("apiVersion") ? object.at("apiVersion") : json::Value(resource.api_version());
  typed["kind"] = object.contains("kind") ? object.at("kind") : json::Value(resource.kind);
  for (const auto& [key, value] : object) typed.emplace(key, value);
  return typed;
}

// Where an API server on etcd has the object: people know the text it appears in.
std::string storage_key(const api::Resource& resource, const json::Object& metadata) {
  const bool is_custom = resource.group.find('.') != std::string::npos && !resource.group.ends_with(".k8s.io");
  const std::string_view space = text_member(metadata, "namespace");
  return fmt::format("{}/{}{}{}/{}", is_custom ? "/" + resource.group : "", resource.plural, space.empty() ? "" : "/", space,
                     text_member(metadata, "name"));
}

Status check_identity(const api::Resource& resource, const ResourcePolicy& policy, const json::Object& current,
                      const json::Object& wanted) {
  const std::string_view name = text_member(current, "name");
  if (const std::string_view other = text_member(wanted, "name"); !other.empty() && other != name)
    return fail(Code::kBadRequest,
                fmt::format("the name of the object ({}) does not match the name on the URL ({})", other, name));
  if (const std::string_view other = text_member(wanted, "namespace");
      !other.empty() && other != text_member(current, "namespace"))
    return fail(Code::kBadRequest, "the namespace of the provided object does not match the namespace sent on the request");
  if (const std::string_view uid = text_member(wanted, "uid"); !uid.empty() && uid != text_member(current, "uid"))
    return fail(Code::kConflict,
                fmt::format("Operation cannot be fulfilled on {} \"{}\": StorageError: invalid object, Code: 4, Key: {}, "
                            "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: {}, UID in object "
                            "meta: {}",
                            resource.qualified(), name, storage_key(resource, current), uid, text_member(current, "uid")));
  const std::string_view version = text_member(wanted, "resourceVersion");
  if (version.empty() && policy.unconditional_update == UnconditionalUpdate::kRefused) {
    // Compat: here the resource is named, not the kind.
    const std::string problem = "Invalid value: 0: must be specified for an update";
    return fail(Error{Code::kInvalid,
                      fmt::format("{} \"{}\" is invalid: metadata.resourceVersion: {}", resource.qualified(), name, problem),
                      std::nullopt,
                      {{"FieldValueInvalid", problem, "metadata.resourceVersion"}}});
  }
  if (!version.empty() && version != text_member(current, "resourceVersion"))
    return fail(Code::kConflict, fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has been modified; please "
                                             "apply your changes to the latest version and try again",
                                             resource.qualified(), name));
  return {};
}

// Nobody marks an object as deleted by writing it. What is being deleted stays so, whatever is written.
Status check_deletion(const api::Resource& resource, const json::Object& current, const json::Object& wanted) {
  if (is_being_deleted(current)) return {};
  for (const char* member : {"deletionTimestamp", "deletionGracePeriodSeconds"}) {
    const json::Value* given = wanted.if_contains(member);
    if (!given || given->is_null()) continue;
    return invalid(resource, text_member(current, "name"),
                   {"FieldValueInvalid", "Invalid value: " + json::write(*given) + ": field is immutable",
                    std::string("metadata.") + member});
  }
  return {};
}

Status check_finalizers(const api::Resource& resource, const json::Object& current, const json::Object& wanted) {
  if (!is_being_deleted(current)) return {};
  const std::vector<std::string> before = finalizers_of(current);
  std::string added;
  for (const std::string& finalizer : finalizers_of(wanted))
    if (std::find(before.begin(), before.end(), finalizer) == before.end())
      added += (added.empty() ? "" : ", ") + json::write(json::Value(finalizer));
  if (added.empty()) return {};
  return invalid(
      resource, text_member(current, "name"),
      {"FieldValueForbidden",
       "Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{" + added + "}",
       "metadata.finalizers"});
}

// Whether the part of the object that the user describes differs.
bool content_differs(GenerationRule rule, const json::Object& current, const json::Object& wanted) {
  const auto differs = [&](std::string_view key) {
    const json::Value* left = current.if_contains(key);
    const json::Value* right = wanted.if_contains(key);
    return (left == nullptr) != (right == nullptr) || (left && !json::same_json(*left, *right));
  };
  if (rule == GenerationRule::kNone) return false;
  if (rule == GenerationRule::kSpec) return differs("spec");
  const auto counts = [](std::string_view key) { return key != "metadata" && key != "status"; };
  const auto any = [&](const json::Object& object) {
    return std::any_of(object.begin(), object.end(),
                       [&](const auto& member) { return counts(member.key()) && differs(member.key()); });
  };
  return any(current) || any(wanted);
}

// The fields that only the system sets stay as they are stored, whatever the request says.
void keep_system_fields(const json::Object& current, json::Object& metadata) {
  static constexpr std::array<std::string_view, 8> kSystemFields = {"name",
                                                                    "namespace",
                                                                    "uid",
                                                                    "resourceVersion",
                                                                    "generation",
                                                                    "creationTimestamp",
                                                                    "deletionTimestamp",
                                                                    "deletionGracePeriodSeconds"};
  for (const std::string_view key : kSystemFields) keep_member(current, metadata, key);
  remove_member(metadata, "selfLink");
}

json::Object main_part(const ResourcePolicy& policy, const json::Object& current, json::Object wanted) {
  const json::Object& stored = current.at("metadata").get_object();
  if (policy.status == StatusWrites::kSeparate) keep_member(current, wanted, "status");
  if (policy.deletion == DeletionRule::kWithContents) keep_member(current, wanted, "spec");
  for (const std::string_view key : {"apiVersion", "kind"})
    if (!wanted.contains(key)) keep_member(current, wanted, key);
  keep_system_fields(stored, metadata_of(wanted));
  return wanted;
}

// The stored object with one other member from the request.
json::Object one_member(const json::Object& current, const json::Object& wanted, std::string_view key) {
  json::Object object = current;
  keep_member(wanted, object, key);
  return object;
}

// Whether an update was what a deletion waited for.
bool may_go(const ResourcePolicy& policy, const json::Value& current, const json::Value& proposed) {
  const json::Object& metadata = proposed.get_object().at("metadata").get_object();
  if (!is_being_deleted(metadata) || !finalizers_of(metadata).empty()) return false;
  if (json::int_at(proposed, "metadata.deletionGracePeriodSeconds") != 0) return false;
  if (policy.deletion == DeletionRule::kWithContents) return namespace_is_finalized(proposed.get_object());
  return !finalizers_of(current.get_object().at("metadata").get_object()).empty();
}

}  // namespace

Error not_found(const api::Resource& resource, const api::ObjectKey& key) {
  return {Code::kNotFound, fmt::format("{} \"{}\" not found", resource.qualified(), key.name), std::nullopt};
}
Error already_exists(const api::Resource& resource, const api::ObjectKey& key) {
  return {Code::kAlreadyExists, fmt::format("{} \"{}\" already exists", resource.qualified(), key.name), std::nullopt};
}

Result<json::Value> created_object(const api::Resource& resource, const ResourcePolicy& policy, const api::ObjectKey& key,
                                   json::Value object, const CreateStamp& stamp) {
  if (!object.is_object()) return fail(Code::kBadRequest, "the object to create must be a JSON object");
  json::Value typed = with_type(resource, object.get_object());
  json::Object& members = typed.get_object();
  json::Object& metadata = metadata_of(members);
  if (const std::string_view version = text_member(metadata, "resourceVersion"); !version.empty())
    return fail(Code::kBadRequest, "resourceVersion should not be set on objects to be created");
  CHECK_OK(name_object(resource, policy.name, key, metadata, stamp));
  for (const std::string_view key_of_system :
       {"resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generation"})
    remove_member(metadata, key_of_system);
  metadata["uid"] = stamp.uid;
  metadata["creationTimestamp"] = format_time(stamp.now);
  if (policy.generation != GenerationRule::kNone) metadata["generation"] = 1;
  if (policy.status == StatusWrites::kSeparate) remove_member(members, "status");
  if (policy.deletion == DeletionRule::kWithContents) prepare_namespace(members);
  return typed;
}

Result<Part> part_of(const api::Resource& resource, const ResourcePolicy& policy, const std::string& subresource) {
  // Who serves the scale of objects writes replicas into the object; the name is kept for the record of who owns the field.
  if (subresource.empty() || subresource == "scale") return Part::kMain;
  if (subresource == "status" && policy.status == StatusWrites::kSeparate) return Part::kStatus;
  if (subresource == "finalize" && policy.deletion == DeletionRule::kWithContents) return Part::kFinalize;
  if (subresource == "eviction")
    return fail(Code::kInvalid, fmt::format("subresource {} of {} is served by the API server alone: write the object itself",
                                            subresource, resource.qualified()));
  return fail(Code::kNotFound, "the server could not find the requested resource");
}

Result<json::Value> proposed_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                                    json::Value wanted, Part part) {
  if (!wanted.is_object()) return fail(Code::kBadRequest, "the object to update must be a JSON object");
  json::Object& members = wanted.get_object();
  const json::Object& stored = current.get_object();
  const json::Object& stored_metadata = stored.at("metadata").get_object();
  CHECK_OK(check_identity(resource, policy, stored_metadata, metadata_of(members)));
  if (part == Part::kStatus) return json::Value(one_member(stored, members, "status"));
  if (part == Part::kFinalize) return json::Value(one_member(stored, members, "spec"));
  CHECK_OK(check_deletion(resource, stored_metadata, metadata_of(members)));
  CHECK_OK(check_finalizers(resource, stored_metadata, metadata_of(members)));
  return json::Value(main_part(policy, stored, std::move(members)));
}

Outcome settled_object(const ResourcePolicy& policy, const json::Value& current, json::Value proposed, Part part) {
  Outcome outcome;
  outcome.object = std::move(proposed);
  json::Object& members = outcome.object.get_object();
  if (part == Part::kMain && content_differs(policy.generation, current.get_object(), members))
    raise_generation(metadata_of(members));
  if (may_go(policy, current, outcome.object)) outcome.effect = Effect::kRemoved;
  else outcome.effect = json::same_json(current, outcome.object) ? Effect::kNone : Effect::kChanged;
  return outcome;
}

Result<Outcome> updated_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               json::Value wanted, Part part) {
  TRY(json::Value proposed, proposed_object(resource, policy, current, std::move(wanted), part));
  return settled_object(policy, current, std::move(proposed), part);
}

Result<json::Value> patched_wish(const json::Value& current, PatchKind kind, const json::Value& patch) {
  if (kind == PatchKind::kStrategic)
    return fail(Code::kInvalid, "strategic merge patches need a schema, which this store was opened without: use --type=merge");
  if (kind == PatchKind::kApply)
    return fail(Code::kInvalid,
                "server-side apply needs a schema, which this store was opened without: apply on the client side");
  if (kind == PatchKind::kJson) return json::apply_json_patch(current, patch);
  if (!patch.is_object()) return fail(Code::kBadRequest, "a merge patch must be a JSON object");
  return json::merge_patch(current, patch);
}

Result<Outcome> patched_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               PatchKind kind, const json::Value& patch, Part part) {
  TRY(json::Value wanted, patched_wish(current, kind, patch));
  return updated_object(resource, policy, current, std::move(wanted), part);
}

}  // namespace canaria::store
