// See built_in_validation.h: the table of kinds.
#include "api/built_in_validation.h"

#include <array>

#include "api/kind_validation.h"
#include "api/schema/kinds.h"

namespace canaria::api {

namespace {

struct KindRules {
  std::string_view api_version;
  std::string_view kind;
  void (*apply)(const json::Object& object, const json::Object* before, FieldProblems& problems);
};

constexpr std::string_view kGatewayVersion = "gateway.networking.k8s.io/v1";
void no_more_rules(const json::Object&, const json::Object*, FieldProblems&) {}

constexpr std::array kRules{
    KindRules{"v1", "Pod", validate_pod},
    KindRules{"v1", "PodTemplate", validate_pod_template_object},
    KindRules{"v1", "Service", validate_service},
    KindRules{"v1", "ConfigMap", validate_config_map},
    KindRules{"v1", "Secret", validate_secret},
    KindRules{"v1", "Namespace", validate_namespace},
    KindRules{"v1", "Node", validate_node},
    KindRules{"v1", "Event", validate_event},
    KindRules{"events.k8s.io/v1", "Event", validate_grouped_event},
    KindRules{"apps/v1", "ReplicaSet", validate_replica_set},
    KindRules{"apps/v1", "Deployment", validate_deployment},
    KindRules{"batch/v1", "Job", validate_job},
    KindRules{"autoscaling/v2", "HorizontalPodAutoscaler", validate_autoscaler},
    KindRules{"coordination.k8s.io/v1", "Lease", validate_lease},
    KindRules{"policy/v1", "PodDisruptionBudget", validate_disruption_budget},
    KindRules{"discovery.k8s.io/v1", "EndpointSlice", validate_endpoint_slice},
    KindRules{"networking.k8s.io/v1", "Ingress", validate_ingress},
    KindRules{"networking.k8s.io/v1", "IngressClass", validate_ingress_class},
    KindRules{kGatewayVersion, "GatewayClass", no_more_rules},
    KindRules{kGatewayVersion, "Gateway", validate_gateway},
    KindRules{kGatewayVersion, "HTTPRoute", validate_http_route},
};

// Of CRDs, what their schema requires counts as well; metadata has rules of its own.
void check_schema(std::string_view kind, const json::Value& object, FieldProblems& problems) {
  for (json::FieldError& error : json::check(object, *find_schema(kGatewayVersion, kind))) {
    const bool counts = error.problem == json::Problem::kRequired || error.problem == json::Problem::kDuplicate;
    if (counts && !error.path.starts_with("metadata")) problems.add(error.problem, error.path, error.text);
  }
}

}  // namespace

std::vector<json::FieldError> validate(std::string_view api_version, std::string_view kind, const json::Value& object,
                                       const json::Value* before) {
  FieldProblems problems;
  const json::Object* content = object.if_object();
  if (!content) return {};
  for (const KindRules& rules : kRules) {
    if (rules.kind != kind || rules.api_version != api_version) continue;
    if (api_version == kGatewayVersion) check_schema(kind, object, problems);
    rules.apply(*content, before ? before->if_object() : nullptr, problems);
  }
  return problems.take();
}

}  // namespace canaria::api
