// A Service with just what a Rollout reads and switches: its selector and the ownership annotation.
#pragma once

#include "api/meta/object_meta.h"
#include "json/value.h"

namespace canaria::api {

struct ServiceSpec {
  StringMap selector;
};
BOOST_DESCRIBE_STRUCT(ServiceSpec, (), (selector))

struct Service {
  ObjectMeta metadata;
  ServiceSpec spec;
};

Service parse_service(const json::Value& object);

}  // namespace canaria::api
