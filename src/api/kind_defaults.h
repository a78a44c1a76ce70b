// The parts of with_defaults(), each beside its kind. Private to api. All take an object without null members and leave alone
// what has the wrong type: validation has words for that.
#pragma once

#include "json/value.h"

namespace canaria::api {

// core/pod_object_defaults.cc
void default_pod_object(json::Object& pod);

// core/service_defaults.cc
void default_service(json::Object& service);
void keep_allocations(json::Object& service, const json::Object& before);

// batch/job_defaults.cc
void default_job(json::Object& job);

// autoscaling/autoscaler_defaults.cc
void default_autoscaler(json::Object& autoscaler);

// apps/workload_defaults.cc
void default_replica_set(json::Object& set);
void default_deployment(json::Object& deployment);

}  // namespace canaria::api
