// The schema of each kind by its name: where parsed field tables are found.
//
// There are two sets. Our own kinds are CRDs, and their set says what a CRD can say: parts of a pod are published without a type.
// The built-in kinds (Pod, Deployment, Service ..., and the Gateway API) have the same pod tables with every type in force.
#pragma once

#include <string_view>
#include <vector>

#include "api/meta/resource.h"
#include "json/schema.h"

namespace canaria::api {

// The schema of a kind ("Rollout", "AnalysisTemplate", "Deployment", "Event" ...) or of a type inside one ("PodTemplateSpec",
// "CanarySteps", "JobSpec" ...). A type that is in both sets is the one of our own kinds. Parsed once, on first use. REQUIRES
// that the type exists.
const json::Schema& schema_of(std::string_view type);

// The type of that name as the built-in kinds have it, with descriptions; null when they have none.
const json::Schema* built_in_type(std::string_view type);

// The schema of the objects of this apiVersion and kind; null when there is none.
//
// Beware with json::check() on built-in kinds: what Kubernetes asks of them is in built_in_validation.h. Of check() only unknown
// fields and wrong types apply: `required` is for readers, and most lists with keys may hold a key twice.
const json::Schema* find_schema(std::string_view api_version, std::string_view kind);

// Whether a kind is a CRD of ours, built into a Kubernetes API server (or one of the Gateway API), or neither.
enum class KindOrigin { kUnknown, kCanaria, kBuiltIn };
KindOrigin origin_of(std::string_view api_version, std::string_view kind);

}  // namespace canaria::api
