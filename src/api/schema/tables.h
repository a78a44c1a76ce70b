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

}  // namespace canaria::api::schema
