// How a resource behaves beyond what all objects share: the few facts about kinds that an object store has to know.
//
// The store asks for a policy through a door when it first meets a resource, so that a resource defined at run time can
// bring its own. The table of the built-in kinds is here. Schemas, defaults and validation are not.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "base/time.h"

namespace canaria::store {

// kSeparate: status is written only through the status subresource, everything else only outside of it.
enum class StatusWrites { kWithObject, kSeparate };
// What raises metadata.generation: nothing, a change of spec, or a change of anything but metadata and status.
enum class GenerationRule { kNone, kSpec, kContent };
// Whether an update may leave resourceVersion out.
enum class UnconditionalUpdate { kAllowed, kRefused };
// kGraceful: a deletion first sets deletionTimestamp; who runs the object removes it with a grace period of zero.
// kWithContents: a Namespace; it is Terminating until spec.finalizers is empty, that is until its contents are gone.
// kWithInstances: a CustomResourceDefinition; it gets a finalizer and is Terminating until its objects are gone.
enum class DeletionRule { kImmediate, kGraceful, kWithContents, kWithInstances };
// What metadata.name has to be: a segment of a path, or a name of DNS.
enum class NameRule { kPathSegment, kSubdomain, kLabel, kServiceLabel };

struct ResourcePolicy {
  StatusWrites status = StatusWrites::kWithObject;
  GenerationRule generation = GenerationRule::kNone;
  UnconditionalUpdate unconditional_update = UnconditionalUpdate::kAllowed;
  DeletionRule deletion = DeletionRule::kImmediate;
  NameRule name = NameRule::kSubdomain;
  std::optional<Seconds> time_to_live;         // since the last write
  std::vector<std::string> selectable_fields;  // dotted paths, beside metadata.name and metadata.namespace
};

using PolicyDoor = std::function<ResourcePolicy(const api::Resource&)>;

// The built-in kinds as the Kubernetes API serves them; for any other group a custom resource with a status subresource.
ResourcePolicy default_policy(const api::Resource& resource);

}  // namespace canaria::store
