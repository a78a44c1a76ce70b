// A Pod with just what restarts and metadata injection read.
#pragma once

#include "api/meta/object_meta.h"
#include "json/value.h"

namespace canaria::api {

struct PodCondition {
  std::string type;
  std::string status;
};
BOOST_DESCRIBE_STRUCT(PodCondition, (), (type, status))

struct PodStatus {
  std::string phase;
  std::vector<PodCondition> conditions;
};
BOOST_DESCRIBE_STRUCT(PodStatus, (), (phase, conditions))

struct Pod {
  ObjectMeta metadata;
  PodStatus status;

  bool is_ready() const;
};

Pod parse_pod(const json::Value& object);

}  // namespace canaria::api
