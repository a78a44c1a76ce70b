// What the API server says of a custom resource beside its schema: numbers that the scale subresource could not read, and rules
// that were left out because the object is not even well-formed.
#pragma once

#include <vector>

#include "apiserver/served_resources.h"
#include "base/result.h"
#include "json/value.h"

namespace canaria::apiserver {

// What is wrong with the number of replicas where the scale subresource looks for it; nothing when the resource has no scale.
std::vector<ErrorCause> scale_problems(const ServedResource& served, const json::Value& object);

// A last remark when the definition has rules (x-kubernetes-validations) and the problems found so far kept them from being
// checked; nothing otherwise.
std::vector<ErrorCause> unchecked_rules(const ServedResource& served, const std::vector<ErrorCause>& causes);

}  // namespace canaria::apiserver
