// What the store keeps of an object, and what one write changes.
//
// Objects are kept as compact text, because that is several times smaller than a JSON tree, with only what selectors
// ask for beside it. They are immutable and shared between the current state, the history and the watches.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "base/time.h"
#include "lang/selector.h"

namespace canaria::store {

// The position of a write in the one order of all writes; resourceVersion in its textual form. The first write has 2.
using Revision = std::int64_t;

// A resource in this store: its index in the catalog, kept on disk.
using ResourceId = std::int64_t;

struct StoredObject {
  Revision revision = 0;
  Time written;                     // by the store's clock
  std::string text;                 // compact JSON, metadata.resourceVersion is the revision
  lang::Labels labels;
  std::vector<std::string> fields;  // values of ResourcePolicy::selectable_fields, in that order
};
using ObjectPointer = std::shared_ptr<const StoredObject>;

enum class ChangeKind { kAdded, kModified, kDeleted };

struct Change {
  ChangeKind kind = ChangeKind::kAdded;
  ResourceId resource = 0;
  api::ObjectKey key;
  ObjectPointer object;  // as it is now; for a deletion as it was at last, under the revision of the deletion
  ObjectPointer before;  // null for an addition, and when the version before is no longer known
};

}  // namespace canaria::store
