// What a write makes of the content of an object: types checked, unknown fields pruned, defaults filled in, rules of its kind
// checked, ownership of fields recorded. Pure; names, status and generation are the store's.
//
// Kinds of Kubernetes itself are judged as the API server does it with Go structs: a wrong type cannot even be decoded, null is
// absent. Custom resources are judged by their published schema.
#pragma once

#include <string>
#include <vector>

#include "apiserver/served_resources.h"

namespace canaria::apiserver {

// store::ContentRules for one resource.
Result<json::Value> admitted_content(const ServedResource& served, const store::ContentWrite& write, json::Value wanted);
Result<json::Value> patched_content(const ServedResource& served, const store::ContentWrite& write, PatchKind kind,
                                    const json::Value& patch);

// Whether the metadata of a body can be read at all: names are texts, times are times. kBadRequest in the words of the API
// server.
Status check_metadata_types(const ServedResource& served, const json::Value& object);

// `unknown field "spec.replica"` for every field of the body that would be pruned, for ?fieldValidation=Warn (as warnings) and
// Strict (an error, strict_error). The body is an object, or a merge, strategic or apply patch (directives are no fields).
std::vector<std::string> unknown_fields(const ServedResource& served, const json::Value& body);

// kBadRequest: `Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.a"`
// for a body that is an object. REQUIRES: some unknown fields.
Error strict_error(const ServedResource& served, const std::vector<std::string>& unknown);

}  // namespace canaria::apiserver
