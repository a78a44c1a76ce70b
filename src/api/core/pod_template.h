// The pod template as identity: its canonical text, its hash, and the question "is this the same template?".
//
// A pod template is kept as canonical text, not as structs: planning only compares it, hashes it and copies it into
// ReplicaSets. Canonical means the bytes Go's encoding/json writes for the typed PodTemplateSpec of Kubernetes 1.34: field
// order of the model, sorted map keys, empty optional fields left out, quantities in canonical form, unknown fields dropped.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "json/value.h"

namespace canaria::api {

// The canonical text of a PodTemplateSpec; `{"metadata":{},"spec":{"containers":null}}` for null or {}.
std::string canonical_pod_template(const json::Value& pod_template);

// Why a template cannot be carried out as it is written ("spec.template.spec...resources.limits[cpu]: Invalid value: ..."):
// its first value that the canonical text has to leave out. Empty when there is none. The API server lets such values
// through where the published schema is open (volumes, resource amounts).
std::string pod_template_problem(const json::Value& pod_template);

// The value of the label rollouts-pod-template-hash for a canonical pod template.
// Compat: FNV-1a over the canonical text, then collision_count as 4 bytes little endian and 4 zero bytes when it is set.
std::string pod_template_hash(std::string_view canonical, std::optional<std::int32_t> collision_count);

// Whether a live ReplicaSet's template (defaulted by the API server, with hash label, injected metadata and injected
// affinity already removed by the caller) is the desired one. Applies the Kubernetes pod defaults to both sides, ignores the
// hash label and the deprecated serviceAccount, compares quantities by value and null like empty.
bool same_pod_template(std::string_view live_canonical, std::string_view desired_canonical);

// A copy with every default the Kubernetes API server would fill in (restartPolicy, probes, ports, volumes ...).
json::Value with_pod_defaults(json::Value pod_template);

}  // namespace canaria::api
