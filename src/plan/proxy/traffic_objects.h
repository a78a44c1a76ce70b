// What traffic reads of the objects that describe it: Services and their endpoints, Gateway API routes, Ingresses. Trimmed
// copies; a field that is not here has no influence on traffic.
#pragma once

#include <boost/describe/class.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/meta/object_meta.h"
#include "json/value.h"

namespace canaria::plan::proxy {

struct ServicePort {
  std::string name;
  std::string protocol;
  std::string appProtocol;
  std::int32_t port = 0;
};
BOOST_DESCRIBE_STRUCT(ServicePort, (), (name, protocol, appProtocol, port))
struct ServiceSpec {
  std::string type;
  std::string clusterIP;
  std::vector<ServicePort> ports;
};
BOOST_DESCRIBE_STRUCT(ServiceSpec, (), (type, clusterIP, ports))
struct Service {
  api::ObjectMeta metadata;
  ServiceSpec spec;
};
BOOST_DESCRIBE_STRUCT(Service, (), (metadata, spec))

struct EndpointConditions {
  std::optional<bool> ready;
  std::optional<bool> serving;
  std::optional<bool> terminating;
};
BOOST_DESCRIBE_STRUCT(EndpointConditions, (), (ready, serving, terminating))
struct TargetReference {
  std::string kind;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(TargetReference, (), (kind, name))
struct SliceEndpoint {
  std::vector<std::string> addresses;
  EndpointConditions conditions;
  TargetReference targetRef;
};
BOOST_DESCRIBE_STRUCT(SliceEndpoint, (), (addresses, conditions, targetRef))
struct SlicePort {
  std::string name;
  std::string protocol;
  std::int32_t port = 0;
};
BOOST_DESCRIBE_STRUCT(SlicePort, (), (name, protocol, port))
struct EndpointSlice {
  api::ObjectMeta metadata;
  std::vector<SliceEndpoint> endpoints;
  std::vector<SlicePort> ports;
};
BOOST_DESCRIBE_STRUCT(EndpointSlice, (), (metadata, endpoints, ports))

struct ParentRef {
  std::string group = "gateway.networking.k8s.io";
  std::string kind = "Gateway";
  std::string namespace_;
  std::string name;
  std::string sectionName;
  std::int32_t port = 0;
};
BOOST_DESCRIBE_STRUCT(ParentRef, (), (group, kind, namespace_, name, sectionName, port))
struct TextMatch {
  std::string type = "Exact";
  std::string name;
  std::string value;
  bool operator==(const TextMatch&) const = default;
};
BOOST_DESCRIBE_STRUCT(TextMatch, (), (type, name, value))
struct PathMatch {
  std::string type = "PathPrefix";
  std::string value = "/";
  bool operator==(const PathMatch&) const = default;
};
BOOST_DESCRIBE_STRUCT(PathMatch, (), (type, value))
struct RouteMatch {
  PathMatch path;
  std::vector<TextMatch> headers;
  std::vector<TextMatch> queryParams;
  std::string method;
};
BOOST_DESCRIBE_STRUCT(RouteMatch, (), (path, headers, queryParams, method))
struct NamedValue {
  std::string name;
  std::string value;
  bool operator==(const NamedValue&) const = default;
};
BOOST_DESCRIBE_STRUCT(NamedValue, (), (name, value))
struct HeaderModifier {
  std::vector<NamedValue> set;
  std::vector<NamedValue> add;
  std::vector<std::string> remove;
  bool operator==(const HeaderModifier&) const = default;
};
BOOST_DESCRIBE_STRUCT(HeaderModifier, (), (set, add, remove))
struct PathChange {
  std::string type;
  std::string replaceFullPath;
  std::string replacePrefixMatch;
  bool operator==(const PathChange&) const = default;
};
BOOST_DESCRIBE_STRUCT(PathChange, (), (type, replaceFullPath, replacePrefixMatch))
struct Redirect {
  std::string scheme;
  std::string hostname;
  std::optional<PathChange> path;
  std::int32_t port = 0;
  std::int32_t statusCode = 302;
  bool operator==(const Redirect&) const = default;
};
BOOST_DESCRIBE_STRUCT(Redirect, (), (scheme, hostname, path, port, statusCode))
struct Rewrite {
  std::string hostname;
  std::optional<PathChange> path;
  bool operator==(const Rewrite&) const = default;
};
BOOST_DESCRIBE_STRUCT(Rewrite, (), (hostname, path))
struct RouteFilter {
  std::string type;
  HeaderModifier requestHeaderModifier;
  HeaderModifier responseHeaderModifier;
  Redirect requestRedirect;
  Rewrite urlRewrite;
};
BOOST_DESCRIBE_STRUCT(RouteFilter, (), (type, requestHeaderModifier, responseHeaderModifier, requestRedirect, urlRewrite))
struct BackendRef {
  std::string group;
  std::string kind = "Service";
  std::string namespace_;
  std::string name;
  std::int32_t port = 0;
  std::int32_t weight = 1;
  std::vector<RouteFilter> filters;
};
BOOST_DESCRIBE_STRUCT(BackendRef, (), (group, kind, namespace_, name, port, weight, filters))
struct RouteRule {
  std::vector<RouteMatch> matches;
  std::vector<RouteFilter> filters;
  std::vector<BackendRef> backendRefs;
};
BOOST_DESCRIBE_STRUCT(RouteRule, (), (matches, filters, backendRefs))
struct HttpRouteSpec {
  std::vector<ParentRef> parentRefs;
  std::vector<std::string> hostnames;
  std::vector<RouteRule> rules;
};
BOOST_DESCRIBE_STRUCT(HttpRouteSpec, (), (parentRefs, hostnames, rules))
struct HttpRoute {
  api::ObjectMeta metadata;
  HttpRouteSpec spec;
  json::Value status;
};
BOOST_DESCRIBE_STRUCT(HttpRoute, (), (metadata, spec, status))

struct RouteNamespaces {
  std::string from = "Same";
};
BOOST_DESCRIBE_STRUCT(RouteNamespaces, (), (from))
struct AllowedRoutes {
  RouteNamespaces namespaces;
};
BOOST_DESCRIBE_STRUCT(AllowedRoutes, (), (namespaces))
struct GatewayListener {
  std::string name;
  std::string hostname;
  std::string protocol;
  std::int32_t port = 0;
  AllowedRoutes allowedRoutes;
};
BOOST_DESCRIBE_STRUCT(GatewayListener, (), (name, hostname, protocol, port, allowedRoutes))
struct GatewaySpec {
  std::string gatewayClassName;
  std::vector<GatewayListener> listeners;
};
BOOST_DESCRIBE_STRUCT(GatewaySpec, (), (gatewayClassName, listeners))
struct Gateway {
  api::ObjectMeta metadata;
  GatewaySpec spec;
  json::Value status;
};
BOOST_DESCRIBE_STRUCT(Gateway, (), (metadata, spec, status))

struct IngressPort {
  std::string name;
  std::int32_t number = 0;
};
BOOST_DESCRIBE_STRUCT(IngressPort, (), (name, number))
struct IngressService {
  std::string name;
  IngressPort port;
};
BOOST_DESCRIBE_STRUCT(IngressService, (), (name, port))
struct IngressBackend {
  IngressService service;
};
BOOST_DESCRIBE_STRUCT(IngressBackend, (), (service))
struct IngressPath {
  std::string path;
  std::string pathType;
  IngressBackend backend;
};
BOOST_DESCRIBE_STRUCT(IngressPath, (), (path, pathType, backend))
struct IngressHttp {
  std::vector<IngressPath> paths;
};
BOOST_DESCRIBE_STRUCT(IngressHttp, (), (paths))
struct IngressRule {
  std::string host;
  IngressHttp http;
};
BOOST_DESCRIBE_STRUCT(IngressRule, (), (host, http))
struct IngressSpec {
  std::string ingressClassName;
  std::optional<IngressBackend> defaultBackend;
  std::vector<IngressRule> rules;
};
BOOST_DESCRIBE_STRUCT(IngressSpec, (), (ingressClassName, defaultBackend, rules))
struct Ingress {
  api::ObjectMeta metadata;
  IngressSpec spec;
  json::Value status;
};
BOOST_DESCRIBE_STRUCT(Ingress, (), (metadata, spec, status))

// By namespace and name; null is never among them. Slices of a Service are found by their label.
struct TrafficObjects {
  std::vector<std::shared_ptr<const Service>> services;
  std::vector<std::shared_ptr<const EndpointSlice>> slices;
  std::vector<std::shared_ptr<const HttpRoute>> routes;
  std::vector<std::shared_ptr<const Gateway>> gateways;
  std::vector<std::shared_ptr<const Ingress>> ingresses;
};

// Parses and trims one object of a watch; annotations and labels stay only where they are read.
template <class T>
T parse_traffic_object(const json::Value& object);

}  // namespace canaria::plan::proxy
