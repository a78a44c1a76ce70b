// The defaults the Kubernetes API server fills into pod templates. A live ReplicaSet carries them and a Rollout's template
// does not, so the two are only comparable once both are defaulted. with_pod_defaults() is declared in pod_template.h.
//
// Templates only: what the API server adds to pods alone (requests from limits, enableServiceLinks, priority, tolerations)
// is not here, because no ReplicaSet's template has it.
#pragma once

#include <string_view>

#include "json/value.h"

namespace canaria::api {

// "Always" for an image whose tag is latest or missing, "IfNotPresent" for any other tag and for digests.
std::string_view default_pull_policy(std::string_view image);

// Gives the container ports of a pod on the host network their host port. Compat: API servers before 1.28 filled it into
// templates, later ones only into pods; a comparison sets it on both sides. REQUIRES a canonical pod spec.
void set_host_ports(json::Object& pod_spec);

}  // namespace canaria::api
