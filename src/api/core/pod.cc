#include "api/core/pod.h"

#include "json/codec.h"

namespace canaria::api {

bool Pod::is_ready() const {
  for (const PodCondition& condition : status.conditions)
    if (condition.type == "Ready") return condition.status == "True";
  return false;
}

Pod parse_pod(const json::Value& object) {
  Pod pod;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, pod.metadata);
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, pod.status);
  return pod;
}

}  // namespace canaria::api
