#include "api/meta/resource.h"

#include <array>

namespace canaria::api {
namespace {

// In the order of the accessors below.
const std::array<Resource, 28>& table() {
  static const std::array<Resource, 28> kResources = {{
      {"argoproj.io", "v1alpha1", "Rollout", "rollouts", Scope::kNamespaced},
      {"apps", "v1", "ReplicaSet", "replicasets", Scope::kNamespaced},
      {"", "v1", "Pod", "pods", Scope::kNamespaced},
      {"", "v1", "Service", "services", Scope::kNamespaced},
      {"", "v1", "Event", "events", Scope::kNamespaced},
      {"coordination.k8s.io", "v1", "Lease", "leases", Scope::kNamespaced},
      {"apps", "v1", "Deployment", "deployments", Scope::kNamespaced},
      {"", "v1", "PodTemplate", "podtemplates", Scope::kNamespaced},
      {"", "v1", "ConfigMap", "configmaps", Scope::kNamespaced},
      {"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", Scope::kCluster},
      {"argoproj.io", "v1alpha1", "Experiment", "experiments", Scope::kNamespaced},
      {"argoproj.io", "v1alpha1", "AnalysisRun", "analysisruns", Scope::kNamespaced},
      {"argoproj.io", "v1alpha1", "AnalysisTemplate", "analysistemplates", Scope::kNamespaced},
      {"argoproj.io", "v1alpha1", "ClusterAnalysisTemplate", "clusteranalysistemplates", Scope::kCluster},
      {"batch", "v1", "Job", "jobs", Scope::kNamespaced},
      {"", "v1", "Namespace", "namespaces", Scope::kCluster},
      {"", "v1", "Node", "nodes", Scope::kCluster},
      {"", "v1", "Secret", "secrets", Scope::kNamespaced},
      {"", "v1", "Endpoints", "endpoints", Scope::kNamespaced},
      {"", "v1", "ServiceAccount", "serviceaccounts", Scope::kNamespaced},
      {"discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", Scope::kNamespaced},
      {"networking.k8s.io", "v1", "Ingress", "ingresses", Scope::kNamespaced},
      {"networking.k8s.io", "v1", "IngressClass", "ingressclasses", Scope::kCluster},
      {"policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", Scope::kNamespaced},
      {"gateway.networking.k8s.io", "v1", "GatewayClass", "gatewayclasses", Scope::kCluster},
      {"gateway.networking.k8s.io", "v1", "Gateway", "gateways", Scope::kNamespaced},
      {"gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", Scope::kNamespaced},
      {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", Scope::kNamespaced},
  }};
  return kResources;
}

}  // namespace

namespace resources {
const Resource& rollouts() { return table()[0]; }
const Resource& replica_sets() { return table()[1]; }
const Resource& pods() { return table()[2]; }
const Resource& services() { return table()[3]; }
const Resource& events() { return table()[4]; }
const Resource& leases() { return table()[5]; }
const Resource& deployments() { return table()[6]; }
const Resource& pod_templates() { return table()[7]; }
const Resource& config_maps() { return table()[8]; }
const Resource& custom_resource_definitions() { return table()[9]; }
const Resource& experiments() { return table()[10]; }
const Resource& analysis_runs() { return table()[11]; }
const Resource& analysis_templates() { return table()[12]; }
const Resource& cluster_analysis_templates() { return table()[13]; }
const Resource& jobs() { return table()[14]; }
const Resource& namespaces() { return table()[15]; }
const Resource& nodes() { return table()[16]; }
const Resource& secrets() { return table()[17]; }
const Resource& endpoints() { return table()[18]; }
const Resource& service_accounts() { return table()[19]; }
const Resource& endpoint_slices() { return table()[20]; }
const Resource& ingresses() { return table()[21]; }
const Resource& ingress_classes() { return table()[22]; }
const Resource& pod_disruption_budgets() { return table()[23]; }
const Resource& gateway_classes() { return table()[24]; }
const Resource& gateways() { return table()[25]; }
const Resource& http_routes() { return table()[26]; }
const Resource& horizontal_pod_autoscalers() { return table()[27]; }
}  // namespace resources

const Resource* find_resource(std::string_view api_version, std::string_view kind) {
  for (const Resource& resource : table())
    if (resource.kind == kind && resource.api_version() == api_version) return &resource;
  return nullptr;
}

}  // namespace canaria::api
