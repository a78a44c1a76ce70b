// What several commands ask of the API: read one Rollout, list a resource to the end, patch with the fall-back for old CRDs.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace canaria::cli {

// The same error, with the API server's text for a missing object: `rollouts.argoproj.io "x" not found`. Tools match on it.
Error named(Error error, const api::Resource& resource, const std::string& name);

Task<Result<json::Value>> get_object(Connection connection, api::Resource resource, std::string name);

// All pages. The objects come without managedFields. An unknown resource (its CRD is not installed) is an empty list.
enum class MissingResource { kIsError, kIsEmpty };
Task<Result<ObjectList>> list_all(std::shared_ptr<ObjectClient> client, api::Resource resource, ListQuery query,
                                  MissingResource missing);

Task<Result<json::Value>> patch_object(Connection connection, api::Resource resource, std::string name, PatchKind kind,
                                       json::Value body, std::string subresource);

// Merge patch of the status subresource; the same on the main resource when the CRD has none (404).
Task<Status> patch_rollout_status(Connection connection, std::string name, json::Value body, json::Value main_body);

json::Value without_managed_fields(json::Value object);

}  // namespace canaria::cli
