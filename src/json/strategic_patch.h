// Strategic merge patch: the patch format of `kubectl apply`, `edit`, `set` and `rollout undo` for built-in kinds. A merge
// patch (patch.h) that knows from the schema which lists are merged by a key, and that carries directives:
//
//   $patch: replace | delete            in an object, or as an element of a list (delete: with the merge key)
//   $retainKeys: [a, b]                 members of the object that are not named disappear
//   $deleteFromPrimitiveList/<field>    values to remove from a list of scalars
//   $setElementOrder/<field>            the order of the merged list
//
// A list that the tables mark keys(a,b) is merged by `a`, a `set` is merged as scalars, every other list is replaced. Whether
// a resource takes this format at all is the server's business: Kubernetes refuses it for custom resources (415).
#pragma once

#include "base/result.h"
#include "json/schema.h"
#include "json/value.h"

namespace canaria::json {

// The target with the patch applied. Without a schema (null) it is a JSON merge patch in which directives still work. Fails
// with kBadRequest and the words of the API server when the patch makes no sense. Limits: depth 200.
Result<Value> strategic_merge_patch(const Value& target, const Value& patch, const Schema* schema);

}  // namespace canaria::json
