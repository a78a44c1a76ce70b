// What the Kubernetes API asks of metadata beside the name: labels, annotations, finalizers and owner references.
#pragma once

#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace canaria::apiserver {

// Every problem, in the order and words of the API server.
std::vector<ErrorCause> metadata_problems(const json::Value& object);

}  // namespace canaria::apiserver
