// Who owns which field (metadata.managedFields), and server-side apply, which is decided by it. An applier states the fields it
// wants; the server merges them into the object, removes what the same applier stated before and no longer states, and refuses
// to change what others own unless it is forced. Every ordinary write is recorded too: what it changes becomes its own.
//
// Pure: the time of a write comes as text. The schema's lists decide what an element is (typed_fields.h). One version of a
// kind is stored and served, so owners of other versions are compared as if they were of the same.
#pragma once

#include <string>

#include "base/result.h"
#include "json/schema.h"
#include "json/typed_fields.h"
#include "json/value.h"

namespace canaria::json {

struct FieldManager {
  enum class Operation { kApply, kUpdate };
  std::string name;
  Operation operation = Operation::kUpdate;
  std::string api_version;  // "apps/v1"
  std::string subresource;  // "status", "scale" or empty
  std::string time;         // RFC 3339
};

enum class Force { kNo, kYes };

// The object after a create, update or patch (not an apply) with its metadata.managedFields brought up to date. `before` is null
// on a creation. `after` is the object as it will be stored, defaults included; the managedFields in it are what the client
// sent: used where valid and not empty, as kubectl patches them; absent or empty means those of `before`; [{}] means none. A
// write that changes no field changes no ownership and keeps the times.
Value with_ownership(const Value* before, Value after, const FieldManager& writer, const Schema* schema,
                     Origin origin = Origin::kBuiltIn);

// The object after `writer` applied `applied`, with metadata.managedFields; `live` is null when that creates it. Equal to `live`
// when the apply changes nothing. The caller fills in defaults and checks, and does not call with_ownership on it. Fails with
// kConflict (text and causes of the API server) on fields of others that would change, kBadRequest on a bad object.
Result<Value> server_side_apply(const Value* live, const Value& applied, const FieldManager& writer, Force force,
                                const Schema* schema, Origin origin = Origin::kBuiltIn);

}  // namespace canaria::json
