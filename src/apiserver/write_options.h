// Bodies and options of writes as requests carry them: notation of the body, dryRun, fieldManager, fieldValidation, kinds of
// patches, DeleteOptions.
#pragma once

#include <string>
#include <vector>

#include "apiserver/api_request.h"
#include "json/value.h"
#include "store/object_store.h"

namespace canaria::apiserver {

// An answer instead of what was asked for, where an Error cannot say it (415).
struct BodyRefusal {
  int status = 400;
  std::string reason;
  std::string message;
};

// The body as an object of the resource, apiVersion and kind filled in. Fails with kBadRequest; a notation that cannot be read
// is told by is_readable_body.
Result<json::Value> object_body(const ApiRequest& request);
std::optional<BodyRefusal> unreadable_body(const ApiRequest& request);

struct PatchBody {
  PatchKind kind = PatchKind::kMerge;
  json::Value patch;
};
std::optional<BodyRefusal> unreadable_patch(const ApiRequest& request);
// REQUIRES: not unreadable_patch. Fails with kBadRequest, and kInvalid on options that do not go with the kind.
Result<PatchBody> patch_body(const ApiRequest& request);

// Fails with kBadRequest or kInvalid on malformed options.
Result<WriteOptions> write_options(const ApiRequest& request);
// DeleteOptions from the body and the query, which wins.
Result<store::DeleteOptions> delete_options(const ApiRequest& request);

// Compat: an object that a patch has made unreadable is a problem of the patch, not a bad request.
Error patch_error(const ApiRequest& request, Error error);

// An apply may only name fields of the schema, whatever fieldValidation says. Compat: an internal error without a reason.
std::optional<BodyRefusal> undeclared_fields(const ApiRequest& request, const PatchBody& body);

// What ?fieldValidation= makes of fields that nobody knows: warnings, or a refusal. A JSON patch is not looked at.
struct FieldCheck {
  std::vector<std::string> warnings;
};
Result<FieldCheck> check_fields(const ApiRequest& request, const json::Value& body);

void add_warnings(net::ServerResponse& response, const std::vector<std::string>& warnings);

}  // namespace canaria::apiserver
