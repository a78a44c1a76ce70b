#include "machine/pods/node_caches.h"

#include "base/base64.h"
#include "json/codec.h"

namespace canaria::machine {
namespace {

void read_metadata(const json::Value& object, api::ObjectMeta& metadata) {
  if (const auto* found = json::find(object, "metadata")) json::decode_into(*found, metadata);
  metadata.labels.clear();
  metadata.annotations.clear();
  metadata.ownerReferences.clear();
}

}  // namespace

ConfigObject parse_config_map(const json::Value& object) {
  ConfigObject result;
  read_metadata(object, result.metadata);
  if (const auto* content = json::find(object, "data")) json::decode_into(*content, result.content);
  if (const auto* content = json::find(object, "binaryData")) json::decode_into(*content, result.binary);
  for (auto& [key, value] : result.binary) value = decode_base64(value).value_or("");
  return result;
}

ConfigObject parse_secret(const json::Value& object) {
  ConfigObject result = parse_config_map(object);
  for (auto& [key, value] : result.content) value = decode_base64(value).value_or("");
  return result;
}

LinkedService parse_linked_service(const json::Value& object) {
  LinkedService service;
  read_metadata(object, service.metadata);
  service.facts.name = service.metadata.name;
  service.facts.address = json::text_at(object, "spec.clusterIP");
  const auto* ports = json::find(object, "spec.ports");
  if (!ports || !ports->is_array()) return service;
  for (const json::Value& port : ports->get_array()) {
    plan::ServiceFacts::Port entry;
    entry.name = json::text_at(port, "name");
    entry.port = static_cast<std::int32_t>(json::int_at(port, "port"));
    entry.protocol = json::text_at(port, "protocol");
    service.facts.ports.push_back(std::move(entry));
  }
  return service;
}

NodeCaches::NodeCaches()
    : pods(api::parse_running_pod), config_maps(parse_config_map), secrets(parse_secret), services(parse_linked_service) {}

void NodeCaches::watch(const StartWatch& start_watch) {
  start_watch({api::resources::pods(), "", "", &pods});
  start_watch({api::resources::config_maps(), "", "", &config_maps});
  start_watch({api::resources::secrets(), "", "", &secrets});
  start_watch({api::resources::services(), "", "", &services});
}

bool NodeCaches::has_synced() const {
  return pods.has_synced() && config_maps.has_synced() && secrets.has_synced() && services.has_synced();
}

void NodeCaches::on_sync(std::function<void()> listener) {
  const auto check = [this, listener = std::move(listener)] {
    if (has_synced()) listener();
  };
  pods.on_sync(check);
  config_maps.on_sync(check);
  secrets.on_sync(check);
  services.on_sync(check);
}

plan::ConfigLookup NodeCaches::lookup(const std::string& namespace_) const {
  const auto find_in = [namespace_](const ObjectCache<ConfigObject>& cache) {
    return [namespace_, &cache](const std::string& name) -> const api::StringMap* {
      const auto found = cache.find(api::ObjectKey{namespace_, name});
      return found ? &found->content : nullptr;  // the cache keeps it
    };
  };
  plan::ConfigLookup result;
  result.config_map = find_in(config_maps);
  result.secret = find_in(secrets);
  result.binary_config_map = [this, namespace_](const std::string& name) -> const api::StringMap* {
    const auto found = config_maps.find(api::ObjectKey{namespace_, name});
    return found ? &found->binary : nullptr;
  };
  result.services = [this, namespace_] {
    std::vector<plan::ServiceFacts> all;
    for (const auto& service : services.in_namespace(namespace_)) all.push_back(service->facts);
    return all;
  };
  return result;
}

}  // namespace canaria::machine
