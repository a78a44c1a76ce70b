// Objects as sets of fields, seen through their schema: objects and maps are granular, lists with keys and sets have elements
// of their own, everything else (scalars, plain and atomic lists, atomic objects) is one field. Where the schema says nothing,
// objects are granular and lists atomic. The floor under server-side apply (server_side_apply.h).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "json/field_set.h"
#include "json/schema.h"
#include "json/value.h"

namespace canaria::json {

// Whether a member that the table marks `always` counts as there (empty) when the stored object lacks it: so it is with
// built-in kinds, which the API server holds as Go structs; custom resources are plain documents.
enum class Origin { kBuiltIn, kCustom };

struct FieldChanges {
  FieldSet added;
  FieldSet modified;
  FieldSet removed;
  bool empty() const { return added.empty() && modified.empty() && removed.empty(); }
};

// Every field that the object sets. Keys of list elements that are missing count with their default.
FieldSet field_set_of(const Value& object, const Schema* schema);

// What a write has done, `before` null for a creation. Added and removed hold also the objects and lists on the way.
FieldChanges field_changes(const Value& before, const Value& after, const Schema* schema, Origin origin);

// The live object with everything the applied one says: scalars and atomic parts replaced, the rest merged. Elements of lists
// come in the applied order, live ones keep their place before the next common one.
Value merge_fields(const Value& live, const Value& applied, const Schema* schema);

// The object without the paths of the set (and what lies below them).
Value without_fields(const Value& object, const FieldSet& set, const Schema* schema);

// The set with every named field of the schema that has members below it.
FieldSet with_named_fields(const FieldSet& set, const Schema* schema);

// What the API server objects to in an applied object before it looks at the live one, in its words: a list with two elements
// of the same keys (.spec.ports: duplicate entries for key [port=80]), a field the schema does not know. Fails with kInternal,
// as the API server does.
Status check_applied(const Value& object, const Schema* schema);

}  // namespace canaria::json
