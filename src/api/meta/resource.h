// Names of things on the API: which resource (group, version, plural) and which object (namespace, name).
#pragma once

#include <compare>
#include <functional>
#include <string>

namespace canaria::api {

enum class Scope { kNamespaced, kCluster };

struct Resource {
  std::string group;  // empty for core
  std::string version;
  std::string kind;
  std::string plural;
  Scope scope = Scope::kNamespaced;

  std::string api_version() const { return group.empty() ? version : group + "/" + version; }
  // "rollouts.argoproj.io": how the API server names it in its messages.
  std::string qualified() const { return group.empty() ? plural : plural + "." + group; }
  bool operator==(const Resource&) const = default;
};

struct ObjectKey {
  std::string namespace_;  // empty for cluster-scoped objects
  std::string name;

  // "namespace/name", or "name" alone for a cluster-scoped object.
  std::string text() const { return namespace_.empty() ? name : namespace_ + "/" + name; }
  auto operator<=>(const ObjectKey&) const = default;
};

// Every resource the program itself reads or writes.
namespace resources {
const Resource& rollouts();
const Resource& replica_sets();
const Resource& pods();
const Resource& services();
const Resource& events();
const Resource& leases();
const Resource& deployments();
const Resource& pod_templates();
const Resource& config_maps();
const Resource& custom_resource_definitions();
const Resource& experiments();
const Resource& analysis_runs();
const Resource& analysis_templates();
const Resource& cluster_analysis_templates();
const Resource& jobs();
const Resource& namespaces();
const Resource& nodes();
const Resource& secrets();
const Resource& endpoints();
const Resource& service_accounts();
const Resource& endpoint_slices();
const Resource& ingresses();
const Resource& ingress_classes();
const Resource& pod_disruption_budgets();
const Resource& gateway_classes();
const Resource& gateways();
const Resource& http_routes();
const Resource& horizontal_pod_autoscalers();
}  // namespace resources

// The resource of an apiVersion and kind among those above; null when it is none of them.
const Resource* find_resource(std::string_view api_version, std::string_view kind);

}  // namespace canaria::api

template <>
struct std::hash<canaria::api::ObjectKey> {
  std::size_t operator()(const canaria::api::ObjectKey& key) const noexcept {
    return std::hash<std::string>()(key.namespace_) * 31 + std::hash<std::string>()(key.name);
  }
};
