#include "apiserver/open_api.h"

#include <fmt/format.h>
#include <map>

#include "apiserver/document_caching.h"
#include "apiserver/open_api_components.h"
#include "json/write.h"

namespace canaria::apiserver {
namespace {

using Resources = std::vector<const ServedResource*>;

json::Object described() { return {{"title", "Kubernetes"}, {"version", "v1.35.0"}}; }

// "api/v1" or "apis/apps/v1".
std::string version_path(const api::Resource& resource) {
  return resource.group.empty() ? "api/" + resource.version : "apis/" + resource.group + "/" + resource.version;
}

std::map<std::string, Resources> resources_by_version(const ServedResources& served) {
  std::map<std::string, Resources> versions;
  for (const ServedResource* one : served.all()) versions[version_path(one->resource)].push_back(one);
  return versions;
}

json::Object query_parameter(std::string_view name, std::string_view description) {
  return {{"name", name}, {"in", "query"}, {"description", description}, {"schema", json::Object{{"type", "string"}}}};
}

// What every write takes; kubectl looks here whether it can leave validation and dry runs to the server.
json::Array write_parameters() {
  json::Array list;
  list.emplace_back(query_parameter("dryRun", "All: everything is done but storing it."));
  list.emplace_back(query_parameter("fieldManager", "Who writes, for metadata.managedFields."));
  list.emplace_back(query_parameter("fieldValidation", "What is done about unknown fields: Ignore, Warn or Strict."));
  return list;
}

struct Operation {
  std::string_view method;
  std::string_view action;
  bool is_write;
};

json::Object operation(const ServedResource& served, const Operation& wanted, const std::string& reference) {
  const api::Resource& resource = served.resource;
  const json::Object schema{{"$ref", reference}};
  const json::Object content{{"application/json", json::Object{{"schema", schema}}}};
  const json::Object answer{{"description", "OK"}, {"content", content}};
  json::Object result{
      {"description", fmt::format("{} {}", wanted.action, resource.kind)},
      {"operationId", fmt::format("{}_{}_{}_{}", wanted.action, resource.group, resource.version, resource.plural)},
      {"responses", json::Object{{"200", answer}}},
      {"x-kubernetes-action", wanted.action},
      {"x-kubernetes-group-version-kind",
       json::Object{{"group", resource.group}, {"version", resource.version}, {"kind", resource.kind}}}};
  if (wanted.is_write) result["parameters"] = write_parameters();
  return result;
}

json::Object operations(const ServedResource& served, std::initializer_list<Operation> wanted, const std::string& reference) {
  json::Object item;
  for (const Operation& one : wanted) item[one.method] = operation(served, one, reference);
  return item;
}

void add_paths(const ServedResource& served, const std::string& reference, json::Object& paths) {
  const bool is_namespaced = served.resource.scope == api::Scope::kNamespaced;
  std::string collection = "/" + version_path(served.resource);
  if (is_namespaced) {
    paths[collection + "/" + served.resource.plural] = operations(served, {{"get", "list", false}}, reference);
    collection += "/namespaces/{namespace}";
  }
  collection += "/" + served.resource.plural;
  paths[collection] =
      operations(served, {{"get", "list", false}, {"post", "post", true}, {"delete", "deletecollection", false}}, reference);
  paths[collection + "/{name}"] = operations(
      served, {{"get", "get", false}, {"put", "put", true}, {"delete", "delete", false}, {"patch", "patch", true}}, reference);
  if (served.has_status())
    paths[collection + "/{name}/status"] =
        operations(served, {{"get", "get", false}, {"put", "put", true}, {"patch", "patch", true}}, reference);
}

std::string version_document(const Resources& resources) {
  constexpr const char* kRoot = "#/components/schemas/";
  OpenApiComponents components(kRoot);
  json::Object paths;
  for (const ServedResource* one : resources) add_paths(*one, kRoot + components.add(*one), paths);
  return json::write(json::Object{{"openapi", "3.0.0"},
                                  {"info", described()},
                                  {"paths", std::move(paths)},
                                  {"components", json::Object{{"schemas", components.take()}}}});
}

std::string index_document(const ServedResources& served) {
  // Making every document takes some milliseconds, so their hashes are kept as long as the same is served.
  OpenApiHashes& kept = served.open_api_hashes();
  if (kept.edition != served.edition()) {
    kept.by_path.clear();
    for (const auto& [path, resources] : resources_by_version(served))
      kept.by_path[path] = document_hash(version_document(resources));
    kept.edition = served.edition();
  }
  json::Object paths;
  for (const auto& [path, hash] : kept.by_path)
    paths[path] = json::Object{{"serverRelativeURL", fmt::format("/openapi/v3/{}?hash={}", path, hash)}};
  return json::write(json::Object{{"paths", std::move(paths)}});
}

std::string old_document(const ServedResources& served) {
  OpenApiComponents components("#/definitions/");
  for (const ServedResource* one : served.all()) components.add(*one);
  return json::write(
      json::Object{{"swagger", "2.0"}, {"info", described()}, {"paths", json::Object()}, {"definitions", components.take()}});
}

constexpr const char* kOldProtobuf = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

// One field of a protobuf message that holds text or another message. REQUIRES: both fit into one byte.
std::string protobuf_field(int number, const std::string& content) {
  const std::string header{static_cast<char>(number << 3 | 2), static_cast<char>(content.size())};
  return header + content;
}

// kubectl asks for the old document as protobuf when it applies a List and fails without one; of a document that describes
// no types it takes that they are the server's to check.
std::string empty_old_document() {
  return protobuf_field(1, "2.0") + protobuf_field(2, protobuf_field(1, "Kubernetes") + protobuf_field(2, "v1.35.0"));
}

bool takes_json(std::string_view accept) {
  return accept.empty() || accept.find("application/json") != std::string_view::npos ||
         accept.find("*/*") != std::string_view::npos;
}

}  // namespace

std::optional<TypedDocument> open_api_document(const ServedResources& served, std::string_view path, std::string_view accept,
                                               std::string_view) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path == "/openapi/v2" && accept.find("proto-openapi.spec.v2") != std::string_view::npos)
    return TypedDocument(kOldProtobuf, empty_old_document());
  if (!takes_json(accept)) return std::nullopt;
  if (path == "/openapi/v2") return TypedDocument("application/json", old_document(served));
  if (path == "/openapi/v3") return TypedDocument("application/json", index_document(served));
  constexpr std::string_view kPrefix = "/openapi/v3/";
  if (!path.starts_with(kPrefix)) return std::nullopt;
  const auto versions = resources_by_version(served);
  const auto found = versions.find(std::string(path.substr(kPrefix.size())));
  if (found == versions.end()) return std::nullopt;
  return TypedDocument("application/json", version_document(found->second));
}

}  // namespace canaria::apiserver
