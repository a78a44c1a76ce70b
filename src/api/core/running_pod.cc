#include "api/core/running_pod.h"

#include "json/codec.h"
#include "json/write.h"

namespace canaria::api {

RunningPod parse_running_pod(const json::Value& object) {
  RunningPod pod;
  if (const auto* metadata = json::find(object, "metadata")) {
    json::decode_into(*metadata, pod.metadata);
    if (const auto* seconds = json::find(*metadata, "deletionGracePeriodSeconds"))
      json::decode_into(*seconds, pod.deletion_grace_seconds);
  }
  pod.metadata.annotations.erase("kubectl.kubernetes.io/last-applied-configuration");
  if (const auto* spec = json::find(object, "spec")) json::decode_into(*spec, pod.spec);
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, pod.status);
  return pod;
}

std::string quantity_text(const json::Value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (value.is_number()) return json::write(value);
  return {};
}

}  // namespace canaria::api
