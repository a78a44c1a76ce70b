// The field tables of every kind, one constant per file; kinds.cc reads them together. The language is that of json/schema.h.
#pragma once

#include <string_view>

namespace canaria::api::schema {

extern const std::string_view kObjectMetaTable;
extern const std::string_view kPodSpecTable;
extern const std::string_view kContainerTable;
extern const std::string_view kVolumeTable;
extern const std::string_view kPlacementTable;
extern const std::string_view kJobTable;
extern const std::string_view kRolloutTable;
extern const std::string_view kRolloutStatusTable;
extern const std::string_view kStrategyTable;
extern const std::string_view kStepTable;
extern const std::string_view kTrafficRoutingTable;
extern const std::string_view kAnalysisTable;
extern const std::string_view kMetricProviderTable;
extern const std::string_view kExperimentTable;

// Kinds that a Kubernetes API server knows by itself, and those of the Gateway API.
extern const std::string_view kCoreTable;
extern const std::string_view kNodeTable;
extern const std::string_view kServiceTable;
extern const std::string_view kPodStatusTable;
extern const std::string_view kEventTable;
extern const std::string_view kWorkloadTable;
extern const std::string_view kNetworkingTable;
extern const std::string_view kPolicyTable;
extern const std::string_view kAutoscalingTable;
extern const std::string_view kReviewTable;
extern const std::string_view kCrdTable;
extern const std::string_view kGatewayTable;

}  // namespace canaria::api::schema
