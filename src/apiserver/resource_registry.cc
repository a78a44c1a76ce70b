#include "apiserver/resource_registry.h"

#include <utility>

#include "apiserver/built_in_resources.h"

namespace canaria::apiserver {

ResourceRegistry::ResourceRegistry() {
  for (ServedResource& resource : built_in_resources()) {
    built_in_.insert({resource.resource.group, resource.resource.plural});
    serve(std::move(resource));
  }
}

void ResourceRegistry::serve(ServedResource resource) {
  const Key key{resource.resource.group, resource.resource.plural, resource.resource.version};
  if (const auto retired = retired_.find(key); retired != retired_.end()) {
    served_[key] = std::move(retired->second);
    retired_.erase(retired);
  }
  std::unique_ptr<ServedResource>& place = served_[key];
  if (place) *place = std::move(resource);
  else place = std::make_unique<ServedResource>(std::move(resource));
  ++edition_;
}

void ResourceRegistry::define(const std::string& definition_name, const json::Value& definition) {
  const std::string_view group = json::text_at(definition, "spec.group");
  const std::string_view plural = json::text_at(definition, "spec.names.plural");
  if (is_built_in(group, plural)) return;
  std::vector<ServedResource> wanted = defined_resources(definition);
  if (name_conflict(definition, all())) wanted.clear();
  undefine(definition_name);
  for (ServedResource& resource : wanted) serve(std::move(resource));
}

void ResourceRegistry::undefine(const std::string& definition_name) {
  // A definition is called <plural>.<group>.
  const std::size_t dot = definition_name.find('.');
  if (dot == std::string::npos) return;
  const std::string plural = definition_name.substr(0, dot);
  const std::string group = definition_name.substr(dot + 1);
  if (is_built_in(group, plural)) return;
  for (auto it = served_.lower_bound(KeyView{group, plural, ""});
       it != served_.end() && std::get<0>(it->first) == group && std::get<1>(it->first) == plural;) {
    retired_[it->first] = std::move(it->second);
    it = served_.erase(it);
    ++edition_;
  }
}

bool ResourceRegistry::is_built_in(std::string_view group, std::string_view plural) const {
  return built_in_.contains(std::pair<std::string, std::string>(group, plural));
}

const ServedResource* ResourceRegistry::find(std::string_view group, std::string_view version, std::string_view plural) const {
  const auto found = served_.find(KeyView{group, plural, version});
  return found == served_.end() ? nullptr : found->second.get();
}

const ServedResource* ResourceRegistry::find_any_version(std::string_view group, std::string_view plural) const {
  const auto found = served_.lower_bound(KeyView{group, plural, ""});
  if (found == served_.end() || std::get<0>(found->first) != group || std::get<1>(found->first) != plural) return nullptr;
  return found->second.get();
}

std::vector<const ServedResource*> ResourceRegistry::all() const {
  std::vector<const ServedResource*> list;
  for (const auto& entry : served_) list.push_back(entry.second.get());
  return list;
}

}  // namespace canaria::apiserver
