#include "apiserver/custom_resources.h"

#include <algorithm>

#include "api/schema/kinds.h"
#include "apiserver/built_in_resources.h"
#include "json/open_api_schema.h"
#include "lang/pattern.h"

namespace canaria::apiserver {
namespace {

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

std::vector<std::string> texts_at(const json::Value& value, std::string_view path) {
  std::vector<std::string> texts;
  const json::Value* list = json::find(value, path);
  if (!list || !list->is_array()) return texts;
  for (const json::Value& item : list->get_array())
    if (item.is_string()) texts.emplace_back(item.get_string());
  return texts;
}

const json::Array& versions_of(const json::Value& definition) {
  static const json::Array kNone;
  const json::Value* versions = json::find(definition, "spec.versions");
  return versions && versions->is_array() ? versions->get_array() : kNone;
}

bool flag_at(const json::Value& value, std::string_view path) {
  const json::Value* flag = json::find(value, path);
  return flag && flag->is_bool() && flag->get_bool();
}

std::string storage_version_of(const json::Value& definition) {
  for (const json::Value& version : versions_of(definition))
    if (flag_at(version, "storage")) return std::string(json::text_at(version, "name"));
  return "";
}

// ".status.replicas" -> "status.replicas".
std::string dotted(std::string_view json_path) {
  return std::string(json_path.starts_with('.') ? json_path.substr(1) : json_path);
}

std::optional<ScalePaths> scale_of(const json::Value& version) {
  const json::Value* scale = json::find(version, "subresources.scale");
  if (!scale || !scale->is_object()) return std::nullopt;
  return ScalePaths{dotted(json::text_at(*scale, "specReplicasPath")), dotted(json::text_at(*scale, "statusReplicasPath")),
                    dotted(json::text_at(*scale, "labelSelectorPath"))};
}

store::ResourcePolicy policy_of(const json::Value& version) {
  store::ResourcePolicy policy;
  const json::Value* status = json::find(version, "subresources.status");
  if (status && status->is_object()) policy.status = store::StatusWrites::kSeparate;
  policy.generation = store::GenerationRule::kContent;
  policy.unconditional_update = store::UnconditionalUpdate::kRefused;
  const json::Value* fields = json::find(version, "selectableFields");
  if (fields && fields->is_array())
    for (const json::Value& field : fields->get_array())
      policy.selectable_fields.push_back(dotted(json::text_at(field, "jsonPath")));
  return policy;
}

ServedResource served_version(const json::Value& definition, const json::Value& version) {
  ServedResource served;
  const auto spec = [&](std::string_view path) { return std::string(json::text_at(definition, "spec." + std::string(path))); };
  served.resource = {spec("group"), std::string(json::text_at(version, "name")), spec("names.kind"), spec("names.plural"),
                     spec("scope") == "Cluster" ? api::Scope::kCluster : api::Scope::kNamespaced};
  served.singular = spec("names.singular");
  served.list_kind = spec("names.listKind");
  served.short_names = texts_at(definition, "spec.names.shortNames");
  served.categories = texts_at(definition, "spec.names.categories");
  if (const json::Value* schema = json::find(version, "schema.openAPIV3Schema")) {
    served.defined_schema =
        std::make_shared<const json::OpenApiSchema>(*schema, &api::schema_of("ObjectMeta"), &lang::contains_match);
    served.schema = &served.defined_schema->root();
    served.description = json::text_at(*schema, "description");
  }
  served.policy = policy_of(version);
  served.scale = scale_of(version);
  served.columns = print_columns(version);
  served.definer = Definer::kDefined;
  served.is_deprecated = flag_at(version, "deprecated");
  served.storage_version = storage_version_of(definition);
  served.has_other_versions = versions_of(definition).size() > 1 || texts_at(definition, "status.storedVersions").size() > 1;
  served.subresources = general_subresources(served);
  return served;
}

// The condition as it is, or with a new time when its status differs from the one before.
json::Object condition(const json::Value& definition, std::string_view type, std::string_view status, std::string_view reason,
                       std::string_view message, Time now) {
  std::string since = format_time(now);
  if (const json::Value* before = json::find(definition, "status.conditions"); before && before->is_array())
    for (const json::Value& one : before->get_array())
      if (json::text_at(one, "type") == type && json::text_at(one, "status") == status)
        since = json::text_at(one, "lastTransitionTime");
  return {{"lastTransitionTime", since}, {"message", message}, {"reason", reason}, {"status", status}, {"type", type}};
}

json::Array stored_versions(const json::Value& definition) {
  std::vector<std::string> versions = texts_at(definition, "status.storedVersions");
  const std::string storage = storage_version_of(definition);
  if (std::ranges::find(versions, storage) == versions.end()) versions.push_back(storage);
  return json::Array(versions.begin(), versions.end());
}

}  // namespace

std::vector<PrintColumn> print_columns(const json::Value& version) {
  std::vector<PrintColumn> columns;
  const json::Value* list = json::find(version, "additionalPrinterColumns");
  if (!list || !list->is_array()) return columns;
  for (const json::Value& entry : list->get_array()) {
    PrintColumn column;
    column.name = json::text_at(entry, "name");
    column.type = json::text_at(entry, "type");
    column.format = json::text_at(entry, "format");
    column.description = json::text_at(entry, "description");
    column.priority = static_cast<int>(json::int_at(entry, "priority"));
    column.json_path = json::text_at(entry, "jsonPath");
    columns.push_back(std::move(column));
  }
  return columns;
}

json::Value with_definition_defaults(json::Value definition) {
  json::Value* spec = definition.is_object() ? definition.get_object().if_contains("spec") : nullptr;
  if (!spec || !spec->is_object()) return definition;
  json::Value* names = spec->get_object().if_contains("names");
  if (names && names->is_object()) {
    json::Object& members = names->get_object();
    const std::string kind(json::text_at(*names, "kind"));
    if (json::text_at(*names, "singular").empty()) members["singular"] = lower(kind);
    if (json::text_at(*names, "listKind").empty()) members["listKind"] = kind + "List";
  }
  if (!spec->get_object().contains("conversion")) spec->get_object()["conversion"] = json::Object{{"strategy", "None"}};
  return definition;
}

std::vector<ServedResource> defined_resources(const json::Value& definition) {
  std::vector<ServedResource> list;
  const json::Value complete = with_definition_defaults(definition);
  for (const json::Value& version : versions_of(complete)) {
    if (!flag_at(version, "served")) continue;
    ServedResource served = served_version(complete, version);
    const api::Resource& resource = served.resource;
    if (resource.group.empty() || resource.version.empty() || resource.plural.empty() || resource.kind.empty()) continue;
    list.push_back(std::move(served));
  }
  return list;
}

std::optional<NameConflict> name_conflict(const json::Value& definition, const std::vector<const ServedResource*>& served) {
  for (const ServedResource& mine : defined_resources(definition))
    for (const ServedResource* other : served) {
      if (other->resource.group != mine.resource.group || other->resource.plural == mine.resource.plural) continue;
      const auto in_use = [](const std::string& name) { return "\"" + name + "\" is already in use"; };
      const auto has_name = [&](const std::string& name) {
        return name == other->resource.plural || name == other->singular ||
               std::ranges::find(other->short_names, name) != other->short_names.end();
      };
      if (has_name(mine.resource.plural)) return NameConflict{"PluralConflict", in_use(mine.resource.plural)};
      if (has_name(mine.singular)) return NameConflict{"SingularConflict", in_use(mine.singular)};
      for (const std::string& name : mine.short_names)
        if (has_name(name)) return NameConflict{"ShortNamesConflict", in_use(name)};
      if (mine.resource.kind == other->resource.kind) return NameConflict{"KindConflict", in_use(mine.resource.kind)};
      if (mine.list_kind == other->list_kind) return NameConflict{"ListKindConflict", in_use(mine.list_kind)};
    }
  return std::nullopt;
}

json::Value definition_status(const json::Value& definition, const std::optional<NameConflict>& conflict, Time now) {
  const json::Value complete = with_definition_defaults(definition);
  json::Object status;
  if (const json::Value* before = json::find(definition, "status"); before && before->is_object()) status = before->get_object();
  json::Array conditions;
  if (conflict) {
    conditions.emplace_back(condition(definition, "NamesAccepted", "False", conflict->reason, conflict->message, now));
    conditions.emplace_back(condition(definition, "Established", "False", "NotAccepted", "not all names are accepted", now));
  } else {
    conditions.emplace_back(condition(definition, "NamesAccepted", "True", "NoConflicts", "no conflicts found", now));
    conditions.emplace_back(
        condition(definition, "Established", "True", "InitialNamesAccepted", "the initial names have been accepted", now));
    if (const json::Value* names = json::find(complete, "spec.names")) status["acceptedNames"] = *names;
  }
  status["conditions"] = std::move(conditions);
  status["storedVersions"] = stored_versions(definition);
  return status;
}

}  // namespace canaria::apiserver
