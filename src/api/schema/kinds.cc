// See kinds.h. The set is leaked on purpose: schemas live as long as the program.
#include "api/schema/kinds.h"

#include "api/schema/tables.h"
#include "lang/quantity.h"

namespace canaria::api {

const json::Schema& schema_of(std::string_view type) {
  using namespace schema;
  static const auto& set = *new json::SchemaSet({kObjectMetaTable, kPodSpecTable, kContainerTable, kVolumeTable, kPlacementTable,
                                                 kJobTable, kRolloutTable, kRolloutStatusTable, kStrategyTable, kStepTable,
                                                 kTrafficRoutingTable, kAnalysisTable, kMetricProviderTable, kExperimentTable},
                                                lang::canonical_quantity);
  return set[type];
}

}  // namespace canaria::api
