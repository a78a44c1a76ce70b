// What a write makes of an object: the rules of the Kubernetes API for metadata, generation, status and deletion, as pure
// functions from (stored object, request, time) to the new object or an error.
//
// Nothing here knows of revisions beyond comparing them, of other objects or of disks. Schemas, defaults and validation of
// the content come before. The error texts are those of the Kubernetes API server: scripts and people know them.
#pragma once

#include <optional>
#include <string>

#include "api/meta/resource.h"
#include "base/result.h"
#include "base/time.h"
#include "json/value.h"
#include "ports/object_client.h"
#include "store/resource_policy.h"

namespace canaria::store {

// Texts that several callers need.
Error not_found(const api::Resource& resource, const api::ObjectKey& key);
Error already_exists(const api::Resource& resource, const api::ObjectKey& key);

// Who finds out that a name is not spelled as it must be: creation itself, or the content rules, which tell what is wrong with
// the rest in the same breath.
enum class NameCheck { kHere, kByContentRules };

struct CreateStamp {
  Time now;
  std::string uid;
  std::string suffix;  // what generateName is completed with
  NameCheck names = NameCheck::kHere;
};

// The object as it is stored: named, with a uid, creation time and generation 1, without what only the system may set.
// Fails with kInvalid on a missing or impossible name and on a namespace other than that of the key.
Result<json::Value> created_object(const api::Resource& resource, const ResourcePolicy& policy, const api::ObjectKey& key,
                                   json::Value object, const CreateStamp& stamp);

enum class Effect {
  kNone,     // nothing differs: no revision, no event
  kChanged,
  kRemoved,  // the object is gone; it shows the last state
};
struct Outcome {
  json::Value object;
  Effect effect = Effect::kNone;
};

// kFinalize: the finalizers in the spec of a Namespace, which nothing else changes.
enum class Part { kMain, kStatus, kFinalize };

// kMain for "" and for "scale" (the write holds the object, not a Scale), kStatus for "status" where the policy has it. Fails
// with kNotFound; with kInvalid on "eviction", which is another kind and not a part of an object.
Result<Part> part_of(const api::Resource& resource, const ResourcePolicy& policy, const std::string& subresource);

// An update in two steps, because what content rules make of an object comes between them.
//
// The stored object with the part of `wanted` that the request may change. Fails with kConflict when `wanted` names another
// resourceVersion or uid, and with kBadRequest when it names another object.
Result<json::Value> proposed_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                                    json::Value wanted, Part part);
// Generation and effect of a proposal. One that takes the last finalizer off an object that is being deleted removes it.
Outcome settled_object(const ResourcePolicy& policy, const json::Value& current, json::Value proposed, Part part);

// Both steps at once: the stored object after an update to `wanted`.
Result<Outcome> updated_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               json::Value wanted, Part part);

// What a patch wants: the whole object with the patch applied, before any rule. Fails with kInvalid on the kinds of patches
// that need content rules (store/content_rules.h).
Result<json::Value> patched_wish(const json::Value& current, PatchKind kind, const json::Value& patch);

// The stored object after a patch; the patched object goes through the rules of an update.
Result<Outcome> patched_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               PatchKind kind, const json::Value& patch, Part part);

struct DeleteOptions {
  DeleteOptions() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  Propagation propagation = Propagation::kBackground;
  std::optional<std::string> uid;               // precondition
  std::optional<std::string> resource_version;  // precondition
  std::optional<Seconds> grace_period;
  DryRun dry_run = DryRun::kNo;
};

// Removes the object, or marks it as being deleted when finalizers or its runner still have work with it.
Result<Outcome> deleted_object(const api::Resource& resource, const ResourcePolicy& policy, const json::Value& current,
                               const DeleteOptions& options, Time now);

// The finalizers by which a deletion waits for the collector.
constexpr std::string_view kForegroundFinalizer = "foregroundDeletion";
constexpr std::string_view kOrphanFinalizer = "orphan";

}  // namespace canaria::store
