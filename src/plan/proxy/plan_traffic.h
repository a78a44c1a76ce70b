// From the objects to what the proxy has to look like, and to what their status says about it. Pure.
//
// A Service port is HTTP when appProtocol or its name says so ("http", "http-api", "grpc" not), or an HTTPRoute or Ingress
// refers to it; any other is passed on as TCP. Every Service with a cluster IP gets a listener there; a Gateway listener of
// protocol HTTP gets one at the Gateway's address, whatever its class is, because nobody else would serve it; all Ingresses
// share one address. An HTTPRoute may also name a Service as parent: its rules then apply at the Service's own address.
//
// The first principle is that nobody is sent to a version that cannot serve. Where the Gateway API answers 503 for the share
// of a backend without ready endpoints, here the other backends of the rule take its share, and the route's status says so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/proxy/proxy_model.h"

namespace canaria::plan::proxy {

// The addresses that were given to Gateways (by key) and to all Ingresses together.
struct GivenAddresses {
  std::map<api::ObjectKey, std::string> gateways;
  std::string ingress;
};

// One condition, without its times.
struct Verdict {
  bool is_true = true;
  std::string reason;
  std::string message;
  bool operator==(const Verdict&) const = default;
};

struct ParentReport {
  ParentRef parent;
  Verdict accepted{true, "Accepted", ""};
  std::vector<std::string> listeners;  // names in the model that this parent put rules into
};
struct RouteReport {
  std::vector<ParentReport> parents;
  Verdict resolved{true, "ResolvedRefs", ""};
  std::vector<std::string> without_endpoints;  // Services with a weight but nobody to serve, whose share others take
};
struct ListenerReport {
  std::string name;           // in the Gateway
  std::string model_listener; // empty when refused
  std::int32_t attached_routes = 0;
  Verdict accepted{true, "Accepted", ""};
};
struct GatewayReport {
  std::vector<ListenerReport> listeners;
};

struct TrafficPlan {
  ProxyModel model;
  std::map<api::ObjectKey, RouteReport> routes;
  std::map<api::ObjectKey, GatewayReport> gateways;
};

// Regular expressions the proxy has refused; the routes that use them are not accepted.
using RefusedPatterns = std::map<std::string, std::string>;

TrafficPlan plan_traffic(const TrafficObjects& objects, const GivenAddresses& addresses, const RefusedPatterns& refused = {});

// Every regular expression of the routes, to be tried before a plan uses them.
std::vector<std::string> patterns_of(const TrafficObjects& objects);

}  // namespace canaria::plan::proxy
