// What the Kubernetes API asks of metadata: names, labels, annotations, owner references and finalizers.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "store/resource_policy.h"

namespace canaria::apiserver {

// Finalizers of custom resources may be any qualified name, those of built-in kinds have a domain.
enum class FinalizerNames { kAny, kWithDomain };

struct MetadataRules {
  FinalizerNames finalizers = FinalizerNames::kWithDomain;
  std::optional<store::NameRule> name;  // of a new object; names do not change later
};

// Every problem, in the order and words of the API server.
std::vector<ErrorCause> metadata_problems(const json::Value& object, const MetadataRules& rules);

}  // namespace canaria::apiserver
