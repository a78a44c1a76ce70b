#include "apiserver/served_resources.h"

#include <algorithm>

#include "apiserver/content.h"
#include "apiserver/definition_follower.h"
#include "apiserver/resource_registry.h"

namespace canaria::apiserver {

const Subresource* ServedResource::subresource(std::string_view name) const {
  const auto found = std::ranges::find(subresources, name, &Subresource::name);
  return found == subresources.end() ? nullptr : &*found;
}

ServedResources::ServedResources() : registry_(std::make_unique<ResourceRegistry>()) {}
ServedResources::~ServedResources() = default;

void ServedResources::follow(async::Loop& loop, store::ObjectStore& store, const Clock& clock) {
  follower_ = std::make_unique<DefinitionFollower>(loop, store, clock, *registry_);
  follower_->start();
}

Task<void> ServedResources::stop() {
  if (follower_) co_await follower_->stop();
}

store::PolicyDoor ServedResources::policies() const {
  return [registry = registry_.get()](const api::Resource& resource) {
    const ServedResource* served = registry->find(resource.group, resource.version, resource.plural);
    if (!served) served = registry->find_any_version(resource.group, resource.plural);
    return served ? served->policy : store::default_policy(resource);
  };
}

const ServedResource* ServedResources::find(std::string_view group, std::string_view version, std::string_view plural) const {
  return registry_->find(group, version, plural);
}

const ServedResource* ServedResources::find_kind(std::string_view api_version, std::string_view kind) const {
  for (const ServedResource* served : registry_->all())
    if (served->resource.kind == kind && served->resource.api_version() == api_version) return served;
  return nullptr;
}

std::vector<const ServedResource*> ServedResources::all() const { return registry_->all(); }
std::uint64_t ServedResources::edition() const { return registry_->edition(); }

Result<json::Value> ServedResources::admitted(const store::ContentWrite& write, json::Value wanted) const {
  const api::Resource& resource = write.resource;
  const ServedResource* served = registry_->find(resource.group, resource.version, resource.plural);
  if (!served) return wanted;
  return admitted_content(*served, write, std::move(wanted));
}

Result<json::Value> ServedResources::patched(const store::ContentWrite& write, PatchKind kind, const json::Value& patch) const {
  const api::Resource& resource = write.resource;
  const ServedResource* served = registry_->find(resource.group, resource.version, resource.plural);
  if (!served) return fail(Code::kNotFound, "the server could not find the requested resource");
  return patched_content(*served, write, kind, patch);
}

}  // namespace canaria::apiserver
