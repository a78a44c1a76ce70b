// What the controller adds to a ReplicaSet's pod template beyond the user's: the hash label, anti-affinity against the stable
// version, and metadata that depends on the role. The reverse is here too, so that a template can be recognised again.
#pragma once

#include <string>

#include "plan/rollout/pass.h"

namespace canaria::plan {

// The canonical template of a ReplicaSet without injected metadata and injected anti-affinity; the hash label stays.
std::string without_injected_parts(const api::ReplicaSet& set);

// The affinity that the new ReplicaSet's template should have, given the user's template: the user's affinity plus one term
// against the stable version while one is being replaced. Null when there is none at all.
json::Value wanted_affinity(const View& view);

// Whether the term in the new ReplicaSet names another hash than it should (and is therefore to be rewritten).
bool is_affinity_outdated(const View& view);

// The metadata for the new, or for the stable ReplicaSet; null when neither is configured.
struct RoleMetadata {
  bool is_configured = false;
  api::EphemeralMetadata new_set;
  api::EphemeralMetadata stable;
};
RoleMetadata role_metadata(const View& view);

// The annotation that records what was injected; empty text for nothing.
std::string ephemeral_annotation(const api::EphemeralMetadata& metadata);
api::EphemeralMetadata parse_ephemeral_annotation(const std::string& text);

// Brings the metadata of the new and the stable ReplicaSet and of their running pods in line with their roles.
void plan_role_metadata(const View& view, Pass& pass);

}  // namespace canaria::plan
