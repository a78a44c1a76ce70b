// Who controls what: the rules by which a controller takes objects that match its selector and lets go of those that no longer
// do. The same for a ReplicaSet and its pods, a Deployment and its ReplicaSets, a Job and its pods.
#pragma once

#include "api/meta/object_meta.h"
#include "json/value.h"
#include "lang/selector.h"

namespace canaria::plan::workload {

enum class Claim {
  kNone,     // somebody else's, or nobody's that fits
  kOwned,    // ours and it fits
  kAdopt,    // nobody's, and it fits
  kRelease,  // ours, but its labels no longer fit
};

Claim claim_on(const api::ObjectMeta& object, const api::ObjectMeta& owner, const lang::Requirements& selector);

// What a selector of a spec requires. An absent, empty or unusable selector matches nothing: it would claim a whole namespace.
lang::Requirements claim_selector(const std::optional<lang::LabelSelector>& selector);

// The reference that makes `owner` the controller.
api::OwnerReference controller_reference(const api::Resource& kind, const api::ObjectMeta& owner);
// Merge patches that set or remove it; the UID guards against another object of the same name.
json::Value adoption_patch(const api::ObjectMeta& object, const api::Resource& kind, const api::ObjectMeta& owner);
json::Value release_patch(const api::ObjectMeta& object, const api::ObjectMeta& owner);

}  // namespace canaria::plan::workload
