// What the store asks about the content of objects before it stores them: schemas, defaults, admission and the patches that
// need a schema live elsewhere, behind this door.
//
// Called on the loop while a batch is judged, so implementations are quick, do no I/O and never wait. Both functions see the
// object as the writes before it in the same batch have left it, so that a patch is atomic.
#pragma once

#include <string>

#include "api/meta/resource.h"
#include "base/result.h"
#include "base/time.h"
#include "json/value.h"
#include "ports/object_client.h"

namespace canaria::store {

// The write that is being judged.
struct ContentWrite {
  const api::Resource& resource;
  const api::ObjectKey& key;       // the name may be empty on a creation with generateName
  const WriteOptions& options;     // subresource, field manager, force
  const json::Value* before;       // the stored object; null on a creation
  Time now;
  bool is_applied = false;         // the wanted object comes from patched(kApply), which has recorded who owns what
};

class ContentRules {
 public:
  virtual ~ContentRules() = default;

  // The object as it is to be stored: unknown fields pruned, defaults filled in, checked, ownership of fields recorded.
  // Asked for creations and for every update or patch of the main object or its status, after the rules of object_rules.h
  // for metadata have been applied except for resourceVersion. Fails with kInvalid (with causes) or kForbidden.
  virtual Result<json::Value> admitted(const ContentWrite& write, json::Value wanted) const = 0;

  // The object after a strategic merge patch or server-side apply. `write.before` is null for an apply that creates.
  // Fails with kBadRequest on a patch that cannot be understood and kConflict (with causes) on fields of other managers.
  virtual Result<json::Value> patched(const ContentWrite& write, PatchKind kind, const json::Value& patch) const = 0;
};

}  // namespace canaria::store
