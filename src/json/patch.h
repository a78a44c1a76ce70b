// The two patch formats that Kubernetes takes over HTTP: JSON merge patch (RFC 7386) and JSON patch (RFC 6902).
//
// All functions work on values: the target goes in, the patched one comes out, and a failed patch changes nothing.
// Patches that need a schema are elsewhere: strategic_patch.h, server_side_apply.h.
#pragma once

#include "base/result.h"
#include "json/value.h"

namespace canaria::json {

// The target with the merge patch applied: objects are merged, null removes, everything else replaces.
Value merge_patch(Value target, const Value& patch);

// The smallest merge patch that turns `before` into `after`; {} when they are equal. Lists are replaced as a whole.
// A null inside an object cannot be expressed by a merge patch: `after` is taken as if such members were missing.
Value merge_diff(const Value& before, const Value& after);

// Whether two values mean the same JSON: member order does not matter, 1 equals 1.0.
bool same_json(const Value& left, const Value& right);

// The target after all operations in order. Fails with kInvalid, naming the operation by its number, when one is
// malformed, when its path does not exist, or when a `test` does not hold. Limits: 10 000 operations, depth 200, and a
// bound on what `copy` may multiply.
Result<Value> apply_json_patch(Value target, const Value& operations);

}  // namespace canaria::json
