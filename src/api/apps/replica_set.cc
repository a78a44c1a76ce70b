#include "api/apps/replica_set.h"

#include <charconv>

#include "api/core/pod_template.h"
#include "json/codec.h"

namespace canaria::api {

std::optional<std::int64_t> ReplicaSet::revision() const {
  const auto found = metadata.annotations.find(kRevisionAnnotation);
  if (found == metadata.annotations.end()) return std::nullopt;
  std::int64_t value = 0;
  const char* const end = found->second.data() + found->second.size();
  const auto parsed = std::from_chars(found->second.data(), end, value);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return value;
}

ReplicaSet parse_replica_set(const json::Value& object) {
  ReplicaSet set;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, set.metadata);
  if (const auto* spec = json::find(object, "spec")) json::decode_into(*spec, set.spec);
  if (const auto* status = json::find(object, "status")) json::decode_into(*status, set.status);
  const auto* pod_template = json::find(object, "spec.template");
  set.pod_template = canonical_pod_template(pod_template ? *pod_template : json::Value(nullptr));
  return set;
}

}  // namespace canaria::api
