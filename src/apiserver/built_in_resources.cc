#include "apiserver/built_in_resources.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "api/autoscaling/autoscaler_forms.h"
#include "api/events/event_forms.h"
#include "api/schema/crds.h"
#include "api/schema/kinds.h"
#include "apiserver/custom_resources.h"

namespace canaria::apiserver {
namespace {

constexpr std::string_view kOurGroup = "argoproj.io";
constexpr std::string_view kGatewayGroup = "gateway.networking.k8s.io";

struct Row {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view plural;
  api::Scope scope = api::Scope::kNamespaced;
  std::vector<std::string> short_names;
  std::vector<std::string> categories;
};

std::vector<Row> rows() {
  constexpr auto kNamespaced = api::Scope::kNamespaced;
  constexpr auto kCluster = api::Scope::kCluster;
  return {
      {"", "v1", "ConfigMap", "configmaps", kNamespaced, {"cm"}, {}},
      {"", "v1", "Endpoints", "endpoints", kNamespaced, {"ep"}, {}},
      {"", "v1", "Event", "events", kNamespaced, {"ev"}, {}},
      {"", "v1", "Namespace", "namespaces", kCluster, {"ns"}, {}},
      {"", "v1", "Node", "nodes", kCluster, {"no"}, {}},
      {"", "v1", "Pod", "pods", kNamespaced, {"po"}, {"all"}},
      {"", "v1", "PodTemplate", "podtemplates", kNamespaced, {}, {}},
      {"", "v1", "Secret", "secrets", kNamespaced, {}, {}},
      {"", "v1", "Service", "services", kNamespaced, {"svc"}, {"all"}},
      {"", "v1", "ServiceAccount", "serviceaccounts", kNamespaced, {"sa"}, {}},
      {"apiextensions.k8s.io",
       "v1",
       "CustomResourceDefinition",
       "customresourcedefinitions",
       kCluster,
       {"crd", "crds"},
       {"api-extensions"}},
      {"apps", "v1", "Deployment", "deployments", kNamespaced, {"deploy"}, {"all"}},
      {"apps", "v1", "ReplicaSet", "replicasets", kNamespaced, {"rs"}, {"all"}},
      {kOurGroup, "v1alpha1", "AnalysisRun", "analysisruns", kNamespaced, {"ar"}, {}},
      {kOurGroup, "v1alpha1", "AnalysisTemplate", "analysistemplates", kNamespaced, {"at"}, {}},
      {kOurGroup, "v1alpha1", "ClusterAnalysisTemplate", "clusteranalysistemplates", kCluster, {"cat"}, {}},
      {kOurGroup, "v1alpha1", "Experiment", "experiments", kNamespaced, {"exp"}, {}},
      {kOurGroup, "v1alpha1", "Rollout", "rollouts", kNamespaced, {"ro"}, {}},
      {"authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", kCluster, {}, {}},
      {"authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", kCluster, {}, {}},
      {"authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", kCluster, {}, {}},
      {"autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", kNamespaced, {"hpa"}, {"all"}},
      {"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", kNamespaced, {"hpa"}, {"all"}},
      {"batch", "v1", "Job", "jobs", kNamespaced, {}, {"all"}},
      {"coordination.k8s.io", "v1", "Lease", "leases", kNamespaced, {}, {}},
      {"discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", kNamespaced, {}, {}},
      {"events.k8s.io", "v1", "Event", "events", kNamespaced, {"ev"}, {}},
      {kGatewayGroup, "v1", "Gateway", "gateways", kNamespaced, {"gtw"}, {"gateway-api"}},
      {kGatewayGroup, "v1", "GatewayClass", "gatewayclasses", kCluster, {"gc"}, {"gateway-api"}},
      {kGatewayGroup, "v1", "HTTPRoute", "httproutes", kNamespaced, {}, {"gateway-api"}},
      {"networking.k8s.io", "v1", "Ingress", "ingresses", kNamespaced, {"ing"}, {}},
      {"networking.k8s.io", "v1", "IngressClass", "ingressclasses", kCluster, {}, {}},
      {"policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", kNamespaced, {"pdb"}, {}},
  };
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& letter : lowered)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return lowered;
}

// What the store's own table does not say.
store::ResourcePolicy policy_of(const api::Resource& resource) {
  store::ResourcePolicy policy = store::default_policy(resource);
  const std::string name = resource.qualified();
  if (name == "nodes") {
    policy.status = store::StatusWrites::kSeparate;
    policy.selectable_fields = {"spec.unschedulable"};
  }
  if (name == "ingressclasses.networking.k8s.io") policy.generation = store::GenerationRule::kSpec;
  if (name == "endpointslices.discovery.k8s.io") policy.generation = store::GenerationRule::kContent;
  if (name == "jobs.batch") policy.selectable_fields = {"status.successful"};
  if (name == "replicasets.apps") policy.selectable_fields = {"status.replicas"};
  // Of our kinds only Rollouts have subresources, as everywhere they are installed.
  if (resource.group == kOurGroup && resource.kind != "Rollout") policy.status = store::StatusWrites::kWithObject;
  return policy;
}

std::optional<ScalePaths> scale_of(const api::Resource& resource) {
  const std::string name = resource.qualified();
  if (name == "deployments.apps" || name == "replicasets.apps") return ScalePaths{};
  if (name == "rollouts.argoproj.io") return ScalePaths{"spec.replicas", "status.HPAReplicas", "status.selector"};
  return std::nullopt;
}

void add_pod_subresources(std::vector<Subresource>& list) {
  list.push_back({"binding", "", "v1", "Binding", {"create"}});
  list.push_back({"eviction", "policy", "v1", "Eviction", {"create"}});
  list.push_back({"log", "", "v1", "Pod", {"get"}});
}

// The definitions of our kinds: large, so they are made once and not kept.
using Definitions = std::vector<json::Value>;

// The one version in the definition of a kind of ours; null for others.
const json::Value& our_version(const Definitions& definitions, std::string_view kind) {
  static const json::Value kNone;
  for (const json::Value& definition : definitions)
    if (json::text_at(definition, "spec.names.kind") == kind) return json::find(definition, "spec.versions")->get_array().front();
  return kNone;
}

// The columns of the kinds that are custom resources elsewhere.
std::vector<PrintColumn> columns_of(const api::Resource& resource, const Definitions& definitions) {
  const auto condition = [](std::string name) {
    return PrintColumn{
        name, "string", "", "The condition of this name.", 0, ".status.conditions[?(@.type==\"" + name + "\")].status"};
  };
  const PrintColumn age{"Age", "date", "", "Time since creation", 0, ".metadata.creationTimestamp"};
  if (resource.kind == "GatewayClass")
    return {{"Controller", "string", "", "Who carries out its Gateways.", 0, ".spec.controllerName"},
            condition("Accepted"),
            age,
            {"Description", "string", "", "What the class is for.", 1, ".spec.description"}};
  if (resource.kind == "Gateway")
    return {{"Class", "string", "", "The GatewayClass.", 0, ".spec.gatewayClassName"},
            {"Address", "string", "", "Where it is reached.", 0, ".status.addresses[*].value"},
            condition("Programmed"),
            age};
  if (resource.kind == "HTTPRoute")
    return {{"Hostnames", "string", "", "Hosts that the route is for.", 0, ".spec.hostnames"}, age};
  if (resource.group != kOurGroup) return {};
  return print_columns(our_version(definitions, resource.kind));
}

std::string description_of(const api::Resource& resource, const Definitions& definitions) {
  if (resource.group == kOurGroup)
    return std::string(json::text_at(our_version(definitions, resource.kind), "schema.openAPIV3Schema.description"));
  static const std::map<std::string_view, std::string_view> kDescriptions = {
      {"ConfigMap", "A ConfigMap holds configuration for pods."},
      {"Endpoints", "Endpoints are the addresses behind a Service; EndpointSlices replace them."},
      {"Event", "An Event reports what happened to an object."},
      {"Namespace", "A Namespace is a scope for names."},
      {"Node", "A Node is a machine that runs pods."},
      {"Pod", "A Pod is a set of containers that run together; here, processes with an address of their own."},
      {"PodTemplate", "A PodTemplate describes pods that are yet to be made."},
      {"Secret", "A Secret holds confidential values for pods."},
      {"Service", "A Service is one address for a set of pods."},
      {"ServiceAccount", "A ServiceAccount is an identity for pods."},
      {"CustomResourceDefinition", "A CustomResourceDefinition adds a kind to this API."},
      {"Deployment", "A Deployment runs pods and replaces them gradually when its template changes."},
      {"ReplicaSet", "A ReplicaSet keeps a number of equal pods running."},
      {"SelfSubjectReview", "A SelfSubjectReview tells a client who it is."},
      {"SelfSubjectAccessReview", "A SelfSubjectAccessReview tells a client whether it may do something."},
      {"SelfSubjectRulesReview", "A SelfSubjectRulesReview tells a client what it may do."},
      {"HorizontalPodAutoscaler", "A HorizontalPodAutoscaler keeps the number of pods of an object between two numbers."},
      {"Job", "A Job runs pods until enough of them have succeeded."},
      {"Lease", "A Lease says who leads, and until when."},
      {"EndpointSlice", "An EndpointSlice lists addresses behind a Service."},
      {"Gateway", "A Gateway is where traffic enters: addresses and listeners."},
      {"GatewayClass", "A GatewayClass says who carries out its Gateways."},
      {"HTTPRoute", "An HTTPRoute leads HTTP requests from a Gateway to Services, by matches and weights."},
      {"Ingress", "An Ingress leads HTTP requests to Services, by host and path."},
      {"IngressClass", "An IngressClass says who carries out its Ingresses."},
      {"PodDisruptionBudget", "A PodDisruptionBudget limits how many pods may be disrupted at once."},
  };
  const auto found = kDescriptions.find(resource.kind);
  return found == kDescriptions.end() ? "" : std::string(found->second);
}

// What only shows objects of another resource.
std::optional<StoredForm> stored_form_of(const api::Resource& resource) {
  if (resource.api_version() == "autoscaling/v1")
    return StoredForm{api::resources::horizontal_pod_autoscalers(), api::autoscaler_as_v1, api::autoscaler_as_v2, {}};
  if (resource.api_version() == "events.k8s.io/v1")
    return StoredForm{api::resources::events(),
                      api::event_as_grouped,
                      api::event_as_core,
                      {{"regarding.kind", "involvedObject.kind"},
                       {"regarding.namespace", "involvedObject.namespace"},
                       {"regarding.name", "involvedObject.name"},
                       {"regarding.uid", "involvedObject.uid"},
                       {"regarding.apiVersion", "involvedObject.apiVersion"},
                       {"regarding.resourceVersion", "involvedObject.resourceVersion"},
                       {"regarding.fieldPath", "involvedObject.fieldPath"},
                       {"reportingController", "reportingComponent"}}};
  return std::nullopt;
}

Definer definer_of(std::string_view group) {
  return group == kOurGroup || group == kGatewayGroup ? Definer::kBuiltInCustom : Definer::kKubernetes;
}

ServedResource served_of(const Row& row, const Definitions& definitions) {
  ServedResource served;
  served.resource = {std::string(row.group), std::string(row.version), std::string(row.kind), std::string(row.plural), row.scope};
  served.singular = lower(row.kind);
  served.list_kind = std::string(row.kind) + "List";
  served.short_names = row.short_names;
  served.categories = row.categories;
  served.schema = api::find_schema(served.resource.api_version(), row.kind);
  served.policy = policy_of(served.resource);
  served.scale = scale_of(served.resource);
  served.definer = definer_of(row.group);
  served.description = description_of(served.resource, definitions);
  served.columns = columns_of(served.resource, definitions);
  served.storage_version = served.resource.version;
  if (row.group == "authentication.k8s.io" || row.group == "authorization.k8s.io") served.keeping = Keeping::kAnswered;
  served.stored_form = stored_form_of(served.resource);
  served.has_other_versions = served.stored_form.has_value();
  served.subresources = general_subresources(served);
  if (served.resource.qualified() == "pods") add_pod_subresources(served.subresources);
  std::ranges::sort(served.subresources, {}, &Subresource::name);
  return served;
}

}  // namespace

std::vector<Subresource> general_subresources(const ServedResource& served) {
  const std::vector<std::string> verbs = {"get", "patch", "update"};
  std::vector<Subresource> list;
  if (served.scale) list.push_back({"scale", "autoscaling", "v1", "Scale", verbs});
  if (served.has_status())
    list.push_back({"status", served.resource.group, served.resource.version, served.resource.kind, verbs});
  return list;
}

std::vector<ServedResource> built_in_resources() {
  std::vector<ServedResource> list;
  const Definitions definitions = api::custom_resource_definitions();
  for (const Row& row : rows()) list.push_back(served_of(row, definitions));
  return list;
}

}  // namespace canaria::apiserver
