// The simple JSONPath of printer columns: `.spec.replicas`, `.metadata.labels['app.kubernetes.io/name']`, `.status.list[0]`,
// `.status.addresses[*].value`, `.status.conditions[?(@.type=="Ready")].status`. No scripts, slices or recursive descent.
#pragma once

#include <string_view>

#include "json/value.h"

namespace canaria::apiserver {

// The first value that the path leads to; null when there is none or the path is malformed.
const json::Value* value_at_path(const json::Value& object, std::string_view path);

}  // namespace canaria::apiserver
