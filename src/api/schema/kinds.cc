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
    KnownKind{"apps/v1", "ReplicaSet", KindOrigin::kBuiltIn},
    KnownKind{"apps/v1", "Deployment", KindOrigin::kBuiltIn},
    KnownKind{"batch/v1", "Job", KindOrigin::kBuiltIn},
    KnownKind{"autoscaling/v1", "Scale", KindOrigin::kBuiltIn},
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

const json::SchemaSet& own_set() {
  using namespace schema;
  static const auto& set = *new json::SchemaSet({kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable,
                                                 kJobTable, kRolloutTable, kRolloutStatusTable, kStrategyTable, kStepTable,
                                                 kTrafficRoutingTable, kAnalysisTable, kMetricProviderTable, kExperimentTable},
                                                lang::canonical_quantity);
  return set;
}

// The table without what only restricts the published form of a CRD, and with the selectors that Kubernetes replaces as a whole.
std::string unrestricted(std::string_view table) {
  std::string text(table);
  constexpr std::string_view kSelector = "\nLabelSelector {";
  if (const auto at = text.find(kSelector); at != std::string::npos)
    text.replace(at, kSelector.size(), "\nLabelSelector atomic {");
  for (const std::string_view attribute : {" opaque", " only(labels,annotations)"})
    for (auto at = text.find(attribute); at != std::string::npos; at = text.find(attribute, at)) text.erase(at, attribute.size());
  return text;
}

const json::SchemaSet& built_in_set() {
  using namespace schema;
  static const auto& set = []() -> const json::SchemaSet& {
    std::vector<std::string> shared;
    for (const auto table : {kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable, kJobTable})
      shared.push_back(unrestricted(table));
    std::vector<std::string_view> tables(shared.begin(), shared.end());
    for (const auto table : {kCoreTable, kNodeTable, kServiceTable, kPodStatusTable, kEventTable, kWorkloadTable,
                             kNetworkingTable, kPolicyTable, kCrdTable, kGatewayTable})
      tables.push_back(table);
    return *new json::SchemaSet(tables, lang::canonical_quantity);
  }();
  return set;
}

}  // namespace

const json::Schema& schema_of(std::string_view type) {
  const json::Schema* own = own_set().find(type);
  return own ? *own : built_in_set()[type];
}

KindOrigin origin_of(std::string_view api_version, std::string_view kind) {
  for (const KnownKind& known : kKinds)
    if (known.kind == kind && known.api_version == api_version) return known.origin;
  return KindOrigin::kUnknown;
}

const json::Schema* find_schema(std::string_view api_version, std::string_view kind) {
  switch (origin_of(api_version, kind)) {
    case KindOrigin::kCanaria: return &own_set()[kind];
    case KindOrigin::kBuiltIn: return &built_in_set()[kind];
    case KindOrigin::kUnknown: return nullptr;
  }
  return nullptr;
}

}  // namespace canaria::api
