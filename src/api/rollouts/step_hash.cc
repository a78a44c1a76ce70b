// See step_hash.h. The order of the members is in api/schema/step_table.cc.
#include "api/rollouts/step_hash.h"

#include "api/schema/kinds.h"
#include "base/hash.h"

namespace canaria::api {

std::string step_hash(const json::Value& steps) {
  const json::Array* list = steps.if_array();
  if (!list || list->empty()) return safe_encode(fnv1a_32("null"));
  static const json::Schema& schema = *schema_of("CanarySteps").field("steps")->schema;
  return safe_encode(fnv1a_32(json::canonical(steps, schema)));
}

}  // namespace canaria::api
