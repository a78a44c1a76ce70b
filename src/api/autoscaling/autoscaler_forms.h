// A HorizontalPodAutoscaler in the forms of autoscaling/v2, in which it is stored, and of autoscaling/v1, which only knows one
// target of cpu: whatever else there is travels in annotations, as on a Kubernetes API server, so that a client of the old form
// that reads and writes an object loses nothing.
#pragma once

#include "json/value.h"

namespace canaria::api {

// Total: members of the wrong type are left as they are, for validation to find.
json::Value autoscaler_as_v1(json::Value object);
json::Value autoscaler_as_v2(json::Value object);

}  // namespace canaria::api
