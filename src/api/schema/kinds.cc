// See kinds.h. The sets are leaked on purpose: schemas live as long as the program.
#include "api/schema/kinds.h"

#include <array>
#include <string>

#include "api/schema/tables.h"
#include "lang/quantity.h"

namespace canaria::api {

namespace {

struct KnownKind {
  std::string_view api_version;
  std::string_view kind;
  KindOrigin origin;
  std::string_view type = {};  // in the tables, where it is not called like the kind
};

constexpr std::string_view kOwnVersion = "argoproj.io/v1alpha1";
constexpr std::string_view kGatewayVersion = "gateway.networking.k8s.io/v1";
constexpr std::array kKinds{
    KnownKind{kOwnVersion, "Rollout", KindOrigin::kCanaria},
    KnownKind{kOwnVersion, "AnalysisTemplate", KindOrigin::kCanaria},
    KnownKind{kOwnVersion, "ClusterAnalysisTemplate", KindOrigin::kCanaria},
    KnownKind{kOwnVersion, "AnalysisRun", KindOrigin::kCanaria},
    KnownKind{kOwnVersion, "Experiment", KindOrigin::kCanaria},
    KnownKind{"v1", "Namespace", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Node", KindOrigin::kBuiltIn},
    KnownKind{"v1", "ConfigMap", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Secret", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Service", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Endpoints", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Pod", KindOrigin::kBuiltIn},
    KnownKind{"v1", "PodTemplate", KindOrigin::kBuiltIn},
    KnownKind{"v1", "ServiceAccount", KindOrigin::kBuiltIn},
    KnownKind{"v1", "Event", KindOrigin::kBuiltIn},
    KnownKind{"events.k8s.io/v1", "Event", KindOrigin::kBuiltIn, "EventOfGroup"},
    KnownKind{"authorization.k8s.io/v1", "SelfSubjectAccessReview", KindOrigin::kBuiltIn},
    KnownKind{"authorization.k8s.io/v1", "SelfSubjectRulesReview", KindOrigin::kBuiltIn},
    KnownKind{"authentication.k8s.io/v1", "SelfSubjectReview", KindOrigin::kBuiltIn},
    KnownKind{"apps/v1", "ReplicaSet", KindOrigin::kBuiltIn},
    KnownKind{"apps/v1", "Deployment", KindOrigin::kBuiltIn},
    KnownKind{"batch/v1", "Job", KindOrigin::kBuiltIn},
    KnownKind{"autoscaling/v1", "Scale", KindOrigin::kBuiltIn},
    KnownKind{"autoscaling/v2", "HorizontalPodAutoscaler", KindOrigin::kBuiltIn},
    KnownKind{"autoscaling/v1", "HorizontalPodAutoscaler", KindOrigin::kBuiltIn, "HorizontalPodAutoscalerV1"},
    KnownKind{"discovery.k8s.io/v1", "EndpointSlice", KindOrigin::kBuiltIn},
    KnownKind{"coordination.k8s.io/v1", "Lease", KindOrigin::kBuiltIn},
    KnownKind{"networking.k8s.io/v1", "Ingress", KindOrigin::kBuiltIn},
    KnownKind{"networking.k8s.io/v1", "IngressClass", KindOrigin::kBuiltIn},
    KnownKind{"policy/v1", "PodDisruptionBudget", KindOrigin::kBuiltIn},
    KnownKind{"policy/v1", "Eviction", KindOrigin::kBuiltIn},
    KnownKind{"apiextensions.k8s.io/v1", "CustomResourceDefinition", KindOrigin::kBuiltIn},
    KnownKind{kGatewayVersion, "GatewayClass", KindOrigin::kBuiltIn},
    KnownKind{kGatewayVersion, "Gateway", KindOrigin::kBuiltIn},
    KnownKind{kGatewayVersion, "HTTPRoute", KindOrigin::kBuiltIn},
};

// CRDs have no texts about pods: each is part of five of them, which are to stay small enough for a plain `kubectl apply`.
const json::SchemaSet& own_set() {
  using namespace schema;
  static const auto& set = *new json::SchemaSet(
      {kRolloutTable, kRolloutStatusTable, kStrategyTable, kStepTable, kTrafficRoutingTable, kAnalysisTable, kMetricProviderTable,
       kExperimentTable},
      lang::canonical_quantity,
      json::TableReading{
          .built_in = false,
          .undescribed = {kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable, kJobTable}});
  return set;
}

const json::SchemaSet& built_in_set() {
  using namespace schema;
  static const auto& set =
      *new json::SchemaSet({kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable, kJobTable,
                            kCoreTable, kNodeTable, kServiceTable, kPodStatusTable, kEventTable, kWorkloadTable, kNetworkingTable,
                            kPolicyTable, kAutoscalingTable, kReviewTable, kCrdTable, kGatewayTable},
                           lang::canonical_quantity, json::TableReading{.built_in = true, .undescribed = {}});
  return set;
}

}  // namespace

const json::Schema& schema_of(std::string_view type) {
  const json::Schema* own = own_set().find(type);
  return own ? *own : built_in_set()[type];
}

const json::Schema* built_in_type(std::string_view type) { return built_in_set().find(type); }

KindOrigin origin_of(std::string_view api_version, std::string_view kind) {
  for (const KnownKind& known : kKinds)
    if (known.kind == kind && known.api_version == api_version) return known.origin;
  return KindOrigin::kUnknown;
}

const json::Schema* find_schema(std::string_view api_version, std::string_view kind) {
  for (const KnownKind& known : kKinds) {
    if (known.kind != kind || known.api_version != api_version) continue;
    const std::string_view type = known.type.empty() ? kind : known.type;
    return known.origin == KindOrigin::kCanaria ? &own_set()[type] : &built_in_set()[type];
  }
  return nullptr;
}

}  // namespace canaria::api
