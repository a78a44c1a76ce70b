#include "apiserver/content.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

#include "api/built_in_defaults.h"
#include "api/built_in_validation.h"
#include "api/schema/kinds.h"
#include "apiserver/byte_values.h"
#include "apiserver/content_errors.h"
#include "apiserver/custom_problems.h"
#include "apiserver/custom_resources.h"
#include "apiserver/metadata_problems.h"
#include "apiserver/unowned_fields.h"
#include "json/patch.h"
#include "json/server_side_apply.h"
#include "json/strategic_patch.h"
#include "store/metadata.h"

namespace canaria::apiserver {
namespace {

// Who wrote when the writer gave no name: a controller of this process.
constexpr std::string_view kOwnManager = "canaria";

bool is_kubernetes(const ServedResource& served) { return served.definer == Definer::kKubernetes; }

bool is_definition(const ServedResource& served) { return served.resource.kind == "CustomResourceDefinition"; }

// Go reads null as absent. Where the schema ends, null means what it says.
void drop_nulls(json::Value& value, const json::Schema& schema) {
  if (json::Array* list = value.if_array(); list && schema.type == json::Type::kArray) {
    for (json::Value& item : *list) drop_nulls(item, *schema.element);
    return;
  }
  json::Object* object = value.if_object();
  if (!object) return;
  if (schema.type == json::Type::kMap) {
    for (auto& member : *object) drop_nulls(member.value(), *schema.element);
    return;
  }
  if (schema.type != json::Type::kObject) return;
  std::vector<std::string> nulls;
  for (auto& member : *object) {
    if (member.value().is_null()) nulls.emplace_back(member.key());
    else if (const json::Field* field = schema.field(member.key())) drop_nulls(member.value(), *field->schema);
  }
  for (const std::string& name : nulls) store::remove_member(*object, name);
}

// What is empty in metadata is as if it were not there: the last annotation takes its list along.
void drop_empty(json::Value& metadata) {
  json::Object* members = metadata.if_object();
  if (!members) return;
  for (const char* name : {"labels", "annotations", "finalizers", "ownerReferences"}) {
    const json::Value* member = members->if_contains(name);
    if (!member) continue;
    const bool is_empty =
        (member->is_object() && member->get_object().empty()) || (member->is_array() && member->get_array().empty());
    if (is_empty) store::remove_member(*members, name);
  }
}

// apiVersion and kind are what is stored, whichever version the client speaks.
void set_type(const ServedResource& served, json::Object& object) {
  api::Resource stored = served.resource;
  stored.version = served.storage_version;
  object["apiVersion"] = stored.api_version();
  object["kind"] = stored.kind;
}

json::Value defaulted(const ServedResource& served, json::Value object, const json::Value* before) {
  if (is_definition(served)) object = with_definition_defaults(std::move(object));
  if (is_kubernetes(served)) {
    const std::string version = served.resource.api_version();
    if (before) object = api::with_allocations(version, served.resource.kind, std::move(object), *before);
    return api::with_defaults(version, served.resource.kind, std::move(object));
  }
  if (!served.schema) return object;
  return json::apply_defaults(std::move(object), *served.schema);
}

// The checks of the schema beside unknown fields, which are pruned. Of a schema that describes a built-in kind only the types
// count: what else it asks of its fields is said by the rules of the kind.
std::vector<ErrorCause> schema_problems(const ServedResource& served, const json::Value& object) {
  const bool is_built_in = api::origin_of(served.resource.api_version(), served.resource.kind) == api::KindOrigin::kBuiltIn;
  std::vector<ErrorCause> causes;
  for (const json::FieldError& error : json::check(object, *served.schema)) {
    if (error.problem == json::Problem::kUnknownField) continue;
    if (!is_built_in || error.problem == json::Problem::kInvalidType) causes.push_back(cause_of(error));
  }
  return causes;
}

void find_changes(const json::Schema& schema, const json::Value& before, const json::Value& now, const std::string& path,
                  std::vector<ErrorCause>& causes) {
  if (schema.type != json::Type::kObject || !before.is_object() || !now.is_object()) return;
  for (const json::Field& field : schema.fields) {
    const json::Value* old_member = before.get_object().if_contains(field.name);
    const json::Value* new_member = now.get_object().if_contains(field.name);
    if (!old_member || !new_member) continue;
    const std::string at = path.empty() ? field.name : path + "." + field.name;
    if (field.immutable && !json::same_json(*old_member, *new_member))
      causes.push_back({"FieldValueInvalid", "Invalid value: ." + at + " is immutable", at});
    else if (!field.opaque && !field.bare) find_changes(*field.schema, *old_member, *new_member, at, causes);
  }
}

void append_new(std::vector<ErrorCause>& causes, std::vector<ErrorCause> more) {
  for (ErrorCause& cause : more) {
    const bool is_known = std::ranges::any_of(causes, [&](const ErrorCause& known) { return known.field == cause.field; });
    if (!is_known) causes.push_back(std::move(cause));
  }
}

std::vector<ErrorCause> problems_of(const ServedResource& served, const json::Value& object, const json::Value* before) {
  MetadataRules rules;
  rules.finalizers = is_kubernetes(served) && !is_definition(served) ? FinalizerNames::kWithDomain : FinalizerNames::kAny;
  if (!before) rules.name = served.policy.name;
  std::vector<ErrorCause> causes = metadata_problems(object, rules);
  for (const json::FieldError& error : api::validate(served.resource.api_version(), served.resource.kind, object, before))
    causes.push_back(cause_of(error));
  if (is_definition(served)) append_new(causes, definition_problems(object, before));
  if (!served.schema || is_kubernetes(served)) return causes;
  append_new(causes, schema_problems(served, object));
  append_new(causes, scale_problems(served, object));
  append_new(causes, unchecked_rules(served, causes));
  if (before && causes.empty()) find_changes(*served.schema, *before, object, "", causes);
  return causes;
}

}  // namespace

Status check_metadata_types(const ServedResource& served, const json::Value& object) {
  const json::Object* members = object.if_object();
  const json::Value* metadata = members ? members->if_contains("metadata") : nullptr;
  if (!metadata || metadata->is_null()) return {};
  const json::Schema& schema = api::schema_of("ObjectMeta");
  const auto misfit = json::first_misfit(*metadata, schema);
  if (!misfit) return {};
  // Compat: the metadata of a custom resource is read apart from the rest, and its fields are named without the member.
  if (!is_kubernetes(served)) return fail(cannot_be_decoded(served.resource, schema, *metadata, *misfit));
  json::FieldError error = *misfit;
  error.path = error.path.empty() ? "metadata" : "metadata." + error.path;
  json::Schema root;
  root.type = json::Type::kObject;
  root.name = served.resource.kind;
  json::Field field;
  field.name = "metadata";
  field.schema = &schema;
  root.fields.push_back(std::move(field));
  return fail(cannot_be_decoded(served.resource, root, object, error));
}

namespace {

Result<json::Value> decoded(const ServedResource& served, json::Value object) {
  if (!object.is_object()) return fail(Code::kBadRequest, "the object must be a JSON object");
  set_type(served, object.get_object());
  const json::Schema& metadata_schema = api::schema_of("ObjectMeta");
  if (json::Value* metadata = object.get_object().if_contains("metadata")) {
    drop_nulls(*metadata, metadata_schema);
    drop_empty(*metadata);
    CHECK_OK(check_metadata_types(served, object));
    *metadata = json::prune(std::move(*metadata), metadata_schema);
  }
  if (!served.schema) return object;
  if (is_kubernetes(served)) {
    drop_nulls(object, *served.schema);
    if (const auto misfit = json::first_misfit(object, *served.schema))
      return fail(cannot_be_decoded(served.resource, *served.schema, object, *misfit));
    if (const auto position = bytes_problem(served.resource.kind, object))
      return fail(cannot_be_decoded(served.resource, fmt::format("illegal base64 data at input byte {}", *position)));
  }
  return json::prune(std::move(object), *served.schema);
}

json::FieldManager writer_of(const ServedResource& served, const store::ContentWrite& write,
                             json::FieldManager::Operation operation) {
  json::FieldManager writer;
  writer.name = write.options.field_manager.empty() ? std::string(kOwnManager) : write.options.field_manager;
  writer.operation = operation;
  writer.api_version = served.resource.api_version();
  writer.subresource = write.options.subresource;
  writer.time = format_time(write.now);
  return writer;
}

json::Origin origin_of(const ServedResource& served) {
  return is_kubernetes(served) ? json::Origin::kBuiltIn : json::Origin::kCustom;
}

bool has_managers(const json::Value* object) { return object && json::find(*object, "metadata.managedFields"); }

// Nobody is tracked on objects that only controllers of this process write.
json::Value owned(const ServedResource& served, const store::ContentWrite& write, json::Value object) {
  if (write.is_applied) return object;
  if (write.options.field_manager.empty() && !has_managers(write.before) && !has_managers(&object)) return object;
  const json::FieldManager writer = writer_of(served, write, json::FieldManager::Operation::kUpdate);
  return json::with_ownership(write.before, std::move(object), writer, served.schema, origin_of(served));
}

// A new object of a built-in kind: what the server itself has decided belongs to nobody.
json::Value owned_at_birth(const ServedResource& served, const store::ContentWrite& write, json::Value object,
                           const std::vector<std::string_view>& places) {
  if (write.is_applied || (write.options.field_manager.empty() && !has_managers(&object))) return object;
  const json::Value part = owned(served, write, owned_part(object, places));
  if (const json::Value* managers = json::find(part, "metadata.managedFields"))
    object.get_object()["metadata"].get_object()["managedFields"] = *managers;
  return object;
}

// A status is judged alone: the rest of the object was when it was written.
Result<json::Value> admitted_status(const ServedResource& served, const store::ContentWrite& write, json::Value wanted) {
  const json::Field* field = served.schema ? served.schema->field("status") : nullptr;
  json::Value* status = wanted.is_object() ? wanted.get_object().if_contains("status") : nullptr;
  if (!field || field->opaque || field->bare || !status) return owned(served, write, std::move(wanted));
  const auto at_status = [](json::FieldError error) {
    error.path = error.path.empty() ? "status" : "status." + error.path;
    return error;
  };
  if (is_kubernetes(served)) {
    drop_nulls(*status, *field->schema);
    if (const auto misfit = json::first_misfit(*status, *field->schema))
      return fail(cannot_be_decoded(served.resource, *served.schema, wanted, at_status(*misfit)));
  }
  *status = json::prune(std::move(*status), *field->schema);
  if (!is_kubernetes(served)) {
    *status = json::apply_defaults(std::move(*status), *field->schema);
    std::vector<ErrorCause> causes;
    for (const json::FieldError& error : json::check(*status, *field->schema))
      if (error.problem != json::Problem::kUnknownField) causes.push_back(cause_of(at_status(error)));
    if (!causes.empty()) return fail(invalid_object(served.resource, write.key.name, std::move(causes)));
  }
  return owned(served, write, std::move(wanted));
}

// What an apply may say: through the main resource no status, through the status resource nothing else.
json::Value applied_part(const ServedResource& served, const std::string& subresource, json::Value applied) {
  if (!applied.is_object() || !served.has_status()) return applied;
  if (subresource == "status") {
    json::Object part;
    for (const char* name : {"apiVersion", "kind", "metadata", "status"})
      if (json::Value* member = applied.get_object().if_contains(name)) part[name] = std::move(*member);
    return part;
  }
  store::remove_member(applied.get_object(), "status");
  return applied;
}

Result<json::Value> applied_content(const ServedResource& served, const store::ContentWrite& write, const json::Value& patch) {
  if (write.options.field_manager.empty())
    return fail(Error{Code::kInvalid,
                      "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
                      std::nullopt,
                      {{"FieldValueRequired", "Required value: is required for apply patch", "fieldManager"}}});
  json::Value applied = applied_part(served, write.options.subresource, patch);
  if (served.schema && is_kubernetes(served)) {
    drop_nulls(applied, *served.schema);
    if (const auto misfit = json::first_misfit(applied, *served.schema))
      return fail(cannot_be_decoded(served.resource, *served.schema, applied, *misfit));
  }
  const json::FieldManager writer = writer_of(served, write, json::FieldManager::Operation::kApply);
  const json::Force force = write.options.force ? json::Force::kYes : json::Force::kNo;
  return json::server_side_apply(write.before, applied, writer, force, served.schema, origin_of(served));
}

// "$patch" and the like, anywhere on the path.
bool is_directive(std::string_view path) { return path.starts_with('$') || path.find(".$") != std::string_view::npos; }

}  // namespace

Result<json::Value> admitted_content(const ServedResource& served, const store::ContentWrite& write, json::Value wanted) {
  if (write.options.subresource == "status" && served.has_status()) return admitted_status(served, write, std::move(wanted));
  const bool is_birth = !write.before && is_kubernetes(served);
  std::vector<std::string_view> places;
  if (is_birth) places = places_of_server(served.resource.kind, wanted);
  TRY(json::Value object, decoded(served, std::move(wanted)));
  object = defaulted(served, std::move(object), write.before);
  std::vector<ErrorCause> causes = problems_of(served, object, write.before);
  if (!causes.empty()) {
    std::string_view name = json::text_at(object, "metadata.name");
    return fail(invalid_object(served.resource, name.empty() ? write.key.name : name, std::move(causes)));
  }
  if (is_birth) return owned_at_birth(served, write, std::move(object), places);
  return owned(served, write, std::move(object));
}

Result<json::Value> patched_content(const ServedResource& served, const store::ContentWrite& write, PatchKind kind,
                                    const json::Value& patch) {
  if (kind == PatchKind::kApply) return applied_content(served, write, patch);
  if (kind != PatchKind::kStrategic) return fail(Code::kInternal, "only patches that need a schema are decided here");
  if (!served.takes_strategic_patches())
    return fail(Code::kBadRequest,
                "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, "
                "application/merge-patch+json, application/apply-patch+yaml");
  if (!write.before) return fail(Code::kNotFound, "there is no object to patch");
  return json::strategic_merge_patch(*write.before, patch, served.schema);
}

std::vector<std::string> unknown_fields(const ServedResource& served, const json::Value& body) {
  std::vector<std::string> unknown;
  if (!served.schema) return unknown;
  for (const json::FieldError& error : json::check(body, *served.schema))
    if (error.problem == json::Problem::kUnknownField && !is_directive(error.path)) unknown.push_back(error.text);
  const json::Field* metadata = served.schema->field("metadata");
  if (!metadata || !metadata->bare) return unknown;
  // The schema of a custom resource says nothing about its metadata.
  json::Schema root;
  root.type = json::Type::kObject;
  json::Field& field = root.fields.emplace_back();
  field.name = "metadata";
  field.schema = &api::schema_of("ObjectMeta");
  json::Object part;
  if (const json::Value* given = json::find(body, "metadata")) part["metadata"] = *given;
  for (const json::FieldError& error : json::check(json::Value(std::move(part)), root))
    if (error.problem == json::Problem::kUnknownField && !is_directive(error.path)) unknown.push_back(error.text);
  return unknown;
}

Error strict_error(const ServedResource& served, const std::vector<std::string>& unknown) {
  return {Code::kBadRequest,
          fmt::format("{0} in version \"{1}\" cannot be handled as a {0}: strict decoding error: {2}", served.resource.kind,
                      served.resource.version, fmt::join(unknown, ", ")),
          std::nullopt};
}

}  // namespace canaria::apiserver
