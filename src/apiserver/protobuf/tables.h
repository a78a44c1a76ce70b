// The message tables, one constant for each API group and version or a part of one; messages.cc reads them together.
#pragma once

#include <string_view>

namespace canaria::apiserver::protobuf {

extern const std::string_view kMetaTable;
extern const std::string_view kCoreTable;
extern const std::string_view kPodTable;
extern const std::string_view kVolumeTable;
extern const std::string_view kAppsTable;
extern const std::string_view kBatchTable;
extern const std::string_view kAutoscalingV1Table;
extern const std::string_view kAutoscalingV2Table;
extern const std::string_view kCoordinationTable;
extern const std::string_view kDiscoveryTable;
extern const std::string_view kNetworkingTable;
extern const std::string_view kPolicyTable;
extern const std::string_view kDefinitionTable;
extern const std::string_view kAuthenticationTable;
extern const std::string_view kAuthorizationTable;
extern const std::string_view kEventsTable;

}  // namespace canaria::apiserver::protobuf
