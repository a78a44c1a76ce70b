#include "cli/requests.h"

namespace canaria::cli {

Error named(Error error, const api::Resource& resource, const std::string& name) {
  if (error.code == Code::kNotFound) error.message = resource.qualified() + " \"" + name + "\" not found";
  return error;
}

json::Value without_managed_fields(json::Value object) {
  if (auto* members = object.if_object())
    if (auto* metadata = members->if_contains("metadata"); metadata && metadata->is_object())
      metadata->get_object().erase("managedFields");
  return object;
}

Task<Result<json::Value>> get_object(Connection connection, api::Resource resource, std::string name) {
  api::ObjectKey key{connection.namespace_, name};
  auto object = co_await connection.client->get(resource, std::move(key));
  if (!object) co_return fail(named(std::move(object).error(), resource, name));
  co_return without_managed_fields(*std::move(object));
}

Task<Result<ObjectList>> list_all(std::shared_ptr<ObjectClient> client, api::Resource resource, ListQuery query,
                                  MissingResource missing) {
  ObjectList all;
  query.limit = 500;
  for (bool more = true; more;) {
    ListQuery page_query = query;
    auto page = co_await client->list(resource, std::move(page_query));
    if (!page && page.error().code == Code::kNotFound && missing == MissingResource::kIsEmpty) co_return ObjectList();
    if (!page && page.error().code == Code::kExpired && !query.continue_.empty()) {
      // The list grew too old between two pages: one unpaged request is consistent and cannot expire.
      all = ObjectList();
      query.continue_.clear();
      query.limit = 0;
      continue;
    }
    if (!page) co_return fail(std::move(page).error());
    for (json::Value& item : page->items) all.items.push_back(without_managed_fields(std::move(item)));
    all.resource_version = page->resource_version;
    query.continue_ = page->continue_;
    more = !query.continue_.empty();
  }
  co_return all;
}

Task<Result<json::Value>> patch_object(Connection connection, api::Resource resource, std::string name, PatchKind kind,
                                       json::Value body, std::string subresource) {
  api::ObjectKey key{connection.namespace_, name};
  WriteOptions options;
  options.subresource = std::move(subresource);
  auto patched = co_await connection.client->patch(resource, std::move(key), kind, std::move(body), std::move(options));
  if (!patched) co_return fail(named(std::move(patched).error(), resource, name));
  co_return patched;
}

Task<Status> patch_rollout_status(Connection connection, std::string name, json::Value body, json::Value main_body) {
  api::Resource rollouts = api::resources::rollouts();
  auto patched = co_await patch_object(connection, rollouts, name, PatchKind::kMerge, std::move(body), "status");
  if (!patched && patched.error().code == Code::kNotFound)
    patched = co_await patch_object(connection, rollouts, name, PatchKind::kMerge, std::move(main_body), "");
  if (!patched) co_return fail(std::move(patched).error());
  co_return Status();
}

}  // namespace canaria::cli
