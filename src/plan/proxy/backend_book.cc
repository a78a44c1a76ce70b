#include "plan/proxy/backend_book.h"

#include <algorithm>

namespace canaria::plan::proxy {
namespace {

constexpr const char* kServiceLabel = "kubernetes.io/service-name";

std::string or_own(const std::string& namespace_, const api::ObjectMeta& owner) {
  return namespace_.empty() ? owner.namespace_ : namespace_;
}

}  // namespace

bool carries_traffic(const ServicePort& port) { return port.protocol.empty() || port.protocol == "TCP"; }

bool has_cluster_address(const Service& service) {
  return !service.spec.clusterIP.empty() && service.spec.clusterIP != "None" && service.spec.type != "ExternalName";
}

BackendBook::BackendBook(const TrafficObjects& objects) {
  for (const auto& service : objects.services) services_.emplace(service->metadata.key(), service.get());
  for (const auto& slice : objects.slices)
    slices_.emplace(api::ObjectKey{slice->metadata.namespace_, slice->metadata.label(kServiceLabel)}, slice.get());
  note_references(objects);
}

void BackendBook::note_references(const TrafficObjects& objects) {
  for (const auto& route : objects.routes) {
    for (const RouteRule& rule : route->spec.rules)
      for (const BackendRef& ref : rule.backendRefs)
        routed_.insert({{or_own(ref.namespace_, route->metadata), ref.name}, ref.port});
    for (const ParentRef& parent : route->spec.parentRefs) {
      if (parent.kind != "Service") continue;
      const api::ObjectKey key{or_own(parent.namespace_, route->metadata), parent.name};
      const Service* service = find(key);
      for (const ServicePort& port : service ? service->spec.ports : std::vector<ServicePort>())
        if (parent.port == 0 || parent.port == port.port) routed_.insert({key, port.port});
    }
  }
  for (const auto& ingress : objects.ingresses) {
    const auto note = [&](const IngressBackend& backend) {
      const api::ObjectKey key{ingress->metadata.namespace_, backend.service.name};
      routed_.insert({key, port_number(key, backend.service.port)});
    };
    if (ingress->spec.defaultBackend) note(*ingress->spec.defaultBackend);
    for (const IngressRule& rule : ingress->spec.rules)
      for (const IngressPath& path : rule.http.paths) note(path.backend);
  }
}

const Service* BackendBook::find(const api::ObjectKey& service) const {
  const auto found = services_.find(service);
  return found == services_.end() ? nullptr : found->second;
}

std::int32_t BackendBook::port_number(const api::ObjectKey& service, const IngressPort& port) const {
  const Service* found = find(service);
  if (!found) return 0;
  for (const ServicePort& candidate : found->spec.ports)
    if (port.name.empty() ? candidate.port == port.number : candidate.name == port.name) return candidate.port;
  return 0;
}

std::string BackendBook::name_of(const api::ObjectKey& service, std::int32_t port) {
  return service.namespace_ + "." + service.name + ":" + std::to_string(port);
}

Protocol BackendBook::protocol_of(const Service& service, const ServicePort& port) const {
  if (routed_.contains({service.metadata.key(), port.port})) return Protocol::kHttp;
  if (!port.appProtocol.empty()) return port.appProtocol == "http" ? Protocol::kHttp : Protocol::kTcp;
  return port.name == "http" || port.name.starts_with("http-") ? Protocol::kHttp : Protocol::kTcp;
}

Backend BackendBook::make(const Service& service, const ServicePort& port) const {
  Backend backend;
  backend.service = service.metadata.key();
  backend.port = port.port;
  backend.name = name_of(backend.service, port.port);
  backend.protocol = protocol_of(service, port);
  std::map<std::string, Endpoint> by_place;  // a pod may be in two slices while it moves from one to the other
  const auto [first, last] = slices_.equal_range(backend.service);
  for (auto at = first; at != last; ++at) {
    const EndpointSlice& slice = *at->second;
    const auto slice_port = std::find_if(slice.ports.begin(), slice.ports.end(), [&](const SlicePort& candidate) {
      return candidate.name == port.name && (candidate.protocol.empty() || candidate.protocol == "TCP") && candidate.port > 0;
    });
    if (slice_port == slice.ports.end()) continue;
    for (const SliceEndpoint& endpoint : slice.endpoints) {
      const bool is_ready = endpoint.conditions.ready.value_or(true);
      const bool is_serving = endpoint.conditions.serving.value_or(is_ready);
      if (endpoint.addresses.empty() || (!is_ready && !is_serving)) continue;
      Endpoint found{endpoint.addresses.front(), slice_port->port, endpoint.targetRef.name,
                     is_ready ? EndpointState::kReady : EndpointState::kDraining};
      const auto [known, is_new] = by_place.emplace(found.place(), found);
      if (!is_new && is_ready) known->second = found;
    }
  }
  for (auto& [place, endpoint] : by_place) backend.endpoints.push_back(std::move(endpoint));
  return backend;
}

void BackendBook::fill(std::map<std::string, Backend>& backends) const {
  for (const auto& [key, service] : services_) {
    if (service->spec.type == "ExternalName") continue;
    for (const ServicePort& port : service->spec.ports) {
      if (!carries_traffic(port)) continue;
      Backend backend = make(*service, port);
      backends.emplace(backend.name, std::move(backend));
    }
  }
}

}  // namespace canaria::plan::proxy
