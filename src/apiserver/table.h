// How `kubectl get` shows objects: a meta.k8s.io/v1 Table with the columns that users know, made on the server.
//
// Kinds of Kubernetes have code for their cells (table_cells*.cc), custom resources take theirs from paths (PrintColumn).
#pragma once

#include <vector>

#include "apiserver/served_resources.h"
#include "base/time.h"
#include "json/value.h"

namespace canaria::apiserver {

// What a row carries beside its cells (?includeObject=): clients sort and match by it.
enum class IncludeObject { kNone, kMetadata, kObject };

// A Table without metadata; whoever lists adds resourceVersion and continue, whoever watches leaves columnDefinitions out of
// every event but the first. Ages are counted up to `now`.
json::Value table_of(const ServedResource& served, const std::vector<json::Value>& objects, Time now, IncludeObject include);

}  // namespace canaria::apiserver
