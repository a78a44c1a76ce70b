// metadata.managedFields read and written: one entry per writer, operation, version and subresource with the set of fields it
// owns. The rules by which entries change are in server_side_apply.h.
#pragma once

#include <vector>

#include "base/result.h"
#include "json/field_set.h"
#include "json/server_side_apply.h"
#include "json/value.h"

namespace canaria::json {

struct Owner {
  FieldManager writer;  // its time is that of the entry, often empty
  FieldSet fields;
};

// Whether two writers have one entry. Appliers keep theirs across versions, and times do not count.
bool is_same_writer(const FieldManager& left, const FieldManager& right);

// The entries of an object; none when it has no managedFields. Fails with kInvalid when an entry is malformed.
Result<std::vector<Owner>> owners_of(const Value& object);

// Whether the object asks to forget all owners: managedFields: [{}].
bool forgets_owners(const Value& object);

// The object with these entries in the order of the API server (appliers first, then by time and name); owners of nothing are
// left out, and without owners there is no member.
Value with_owners(Value object, std::vector<Owner> owners);

// The fields of an object that belong to nobody (identity and what only the server writes) taken out of a set.
FieldSet without_server_fields(const FieldSet& set);

}  // namespace canaria::json
