// Which backends exist: one for each port of each Service, with the endpoints that its slices name.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "plan/proxy/proxy_model.h"

namespace canaria::plan::proxy {

using PortKey = std::pair<api::ObjectKey, std::int32_t>;

class BackendBook {
 public:
  explicit BackendBook(const TrafficObjects& objects);

  // Puts the backends of all Services into the model.
  void fill(std::map<std::string, Backend>& backends) const;
  bool has_service(const api::ObjectKey& service) const { return services_.contains(service); }
  const Service* find(const api::ObjectKey& service) const;
  // The port's number; 0 when the Service has no such port.
  std::int32_t port_number(const api::ObjectKey& service, const IngressPort& port) const;
  static std::string name_of(const api::ObjectKey& service, std::int32_t port);

 private:
  void note_references(const TrafficObjects& objects);
  Backend make(const Service& service, const ServicePort& port) const;
  Protocol protocol_of(const Service& service, const ServicePort& port) const;

  std::map<api::ObjectKey, const Service*> services_;
  std::multimap<api::ObjectKey, const EndpointSlice*> slices_;
  std::set<PortKey> routed_;  // an HTTPRoute or Ingress refers to them
};

// "tcp" ports carry traffic; UDP and SCTP do not.
bool carries_traffic(const ServicePort& port);
// Whether the Service has an address of its own to listen on.
bool has_cluster_address(const Service& service);

}  // namespace canaria::plan::proxy
