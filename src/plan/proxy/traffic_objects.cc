#include "plan/proxy/traffic_objects.h"

#include "json/codec.h"

namespace canaria::plan::proxy {

template <class T>
T parse_traffic_object(const json::Value& object) {
  T parsed = json::decode<T>(object);
  parsed.metadata.annotations.clear();
  parsed.metadata.ownerReferences.clear();
  std::erase_if(parsed.metadata.labels, [](const auto& label) { return label.first != "kubernetes.io/service-name"; });
  return parsed;
}

template Service parse_traffic_object<Service>(const json::Value&);
template EndpointSlice parse_traffic_object<EndpointSlice>(const json::Value&);
template HttpRoute parse_traffic_object<HttpRoute>(const json::Value&);
template Gateway parse_traffic_object<Gateway>(const json::Value&);
template Ingress parse_traffic_object<Ingress>(const json::Value&);

}  // namespace canaria::plan::proxy
