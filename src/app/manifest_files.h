// Manifests from files and folders, as `kubectl apply -f` reads them, and applying them to an API.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/meta/resource.h"
#include "async/task.h"
#include "base/result.h"
#include "json/value.h"
#include "ports/object_client.h"

namespace canaria::app {

struct Manifest {
  std::string source;  // "shop/web.yaml:12", for messages
  json::Value object;
};

// The objects of all files: *.yaml, *.yml and *.json of a folder in order of their names (not of its subfolders), or a file as
// it is; `-` is standard input. Lists are taken apart. Fails when a file cannot be read or understood, with a line for each.
Result<std::vector<Manifest>> read_manifests(const std::vector<std::string>& paths);

// Sorts so that what others need comes first: definitions, namespaces, configuration, the rest in the given order.
void sort_for_creation(std::vector<Manifest>& manifests);

// Finds the resource of an apiVersion and kind; null when it is not served.
using FindResource = std::function<const api::Resource*(const std::string& api_version, const std::string& kind)>;

// Creates or updates every object by server-side apply as "canaria-up", which takes over what others have set. Kinds that a
// definition among them has just added are waited for a moment. `on_applied` gets "rollout.argoproj.io/web". An object that is
// refused does not keep the others from being applied, as with kubectl; the error has a line for each of them.
Task<Status> apply_manifests(ObjectClient* client, std::vector<Manifest> manifests, FindResource find_resource,
                             std::function<void(std::string)> on_applied);

}  // namespace canaria::app
