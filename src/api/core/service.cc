#include "api/core/service.h"

#include "json/codec.h"

namespace canaria::api {

Service parse_service(const json::Value& object) {
  Service service;
  if (const auto* metadata = json::find(object, "metadata")) json::decode_into(*metadata, service.metadata);
  if (const auto* spec = json::find(object, "spec")) json::decode_into(*spec, service.spec);
  return service;
}

}  // namespace canaria::api
