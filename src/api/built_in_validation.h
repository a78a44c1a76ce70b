// Whether an object of a built-in kind makes sense, in the words of a Kubernetes API server: what users actually get wrong,
// and what may not change once an object exists.
//
// Not here: metadata (names, labels, finalizers: the same for every kind, checked by whoever stores objects), unknown fields
// and wrong types (json/schema.h), and our own kinds, which are CRDs without rules beside their schema.
#pragma once

#include <string_view>
#include <vector>

#include "json/schema.h"
#include "json/value.h"

namespace canaria::api {

// Every broken rule, with the path and the text that the API server prints. `object` has its defaults (with_defaults()) and
// the types of its schema; `before` is the stored object, null on a creation. Empty for kinds that have no rules.
std::vector<json::FieldError> validate(std::string_view api_version, std::string_view kind, const json::Value& object,
                                       const json::Value* before);

}  // namespace canaria::api
