// The kinds of gateway.networking.k8s.io/v1: GatewayClass, Gateway and HTTPRoute, as the standard channel has them. The Gateway
// API is a set of CRDs, so its defaults are part of the schema.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kGatewayTable = R"(
GatewayClass {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: GatewayClassSpec required
  status: GatewayClassStatus
}
GatewayClassSpec {
  controllerName: string required immutable "The controller of the Gateways of this class. It cannot be changed."
  parametersRef: ParametersReference
  description: string
}
ParametersReference {
  group: string required
  kind: string required
  name: string required
  namespace: string
}
GatewayClassStatus {
  conditions: [Condition] keys(type)
  supportedFeatures: [SupportedFeature] keys(name)
}
SupportedFeature {
  name: string
}
Gateway {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: GatewaySpec required "Where to listen, and for whom."
  status: GatewayStatus "Where it listens."
}
GatewaySpec {
  gatewayClassName: string required "The GatewayClass that serves it."
  listeners: [GatewayListener] required keys(name) "Ports, protocols and host names to listen on."
  addresses: [GatewaySpecAddress] atomic "Addresses to listen on; chosen when unset."
  infrastructure: GatewayInfrastructure
  allowedListeners: AllowedListeners
  tls: GatewayTLSConfig
}
GatewayListener {
  name: string required "Name of the listener; routes refer to it as sectionName."
  hostname: string "The host name to accept; every host when unset."
  port: int32 required "The port to listen on."
  protocol: string required "HTTP, HTTPS, TLS, TCP or UDP."
  tls: ListenerTLSConfig
  allowedRoutes: AllowedRoutes default({"namespaces":{"from":"Same"}}) "Which routes may attach."
}
ListenerTLSConfig {
  mode: string default("Terminate")
  certificateRefs: [SecretObjectReference] atomic
  options: {string}
}
SecretObjectReference {
  group: string default("")
  kind: string default("Secret")
  name: string required
  namespace: string
}
AllowedRoutes {
  namespaces: RouteNamespaces default({"from":"Same"})
  kinds: [RouteGroupKind] atomic
}
RouteNamespaces {
  from: string default("Same")
  selector: LabelSelector
}
RouteGroupKind {
  group: string default("gateway.networking.k8s.io")
  kind: string required
}
GatewaySpecAddress {
  type: string default("IPAddress")
  value: string
}
GatewayInfrastructure {
  labels: {string}
  annotations: {string}
  parametersRef: LocalParametersReference
}
LocalParametersReference {
  group: string required
  kind: string required
  name: string required
}
AllowedListeners {
  namespaces: ListenerNamespaces default({"from":"None"})
}
ListenerNamespaces {
  from: string default("None")
  selector: LabelSelector
}
GatewayTLSConfig {
  backend: GatewayBackendTLS
  frontend: any-object
}
GatewayBackendTLS {
  clientCertificateRef: SecretObjectReference
}
GatewayStatus {
  addresses: [GatewayStatusAddress] atomic
  conditions: [Condition] keys(type) "Accepted and Programmed."
  listeners: [GatewayListenerStatus] keys(name)
  attachedListenerSets: int32
}
GatewayStatusAddress {
  type: string default("IPAddress")
  value: string
}
GatewayListenerStatus {
  name: string
  supportedKinds: [RouteGroupKind] atomic
  attachedRoutes: int32
  conditions: [Condition] keys(type)
}
HTTPRoute {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: HTTPRouteSpec required "Which requests go to which backends, in which shares."
  status: HTTPRouteStatus "Which Gateways serve it."
}
HTTPRouteSpec {
  parentRefs: [ParentReference] atomic "The Gateways to attach to."
  useDefaultGateways: string
  hostnames: [string] atomic "Host names to match; every host when unset."
  rules: [HTTPRouteRule] atomic default([{"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}]) "Matches and backends."
}
ParentReference {
  group: string default("gateway.networking.k8s.io")
  kind: string default("Gateway")
  namespace: string
  name: string required
  sectionName: string
  port: int32
}
HTTPRouteRule {
  name: string
  matches: [HTTPRouteMatch] atomic default([{"path":{"type":"PathPrefix","value":"/"}}]) "Requests the rule is for, one of these."
  filters: [HTTPRouteFilter] atomic "What happens to the requests on their way."
  backendRefs: [HTTPBackendRef] atomic "Services that share the requests by weight."
  timeouts: HTTPRouteTimeouts
  retry: HTTPRouteRetry
  sessionPersistence: SessionPersistence
}
HTTPRouteMatch {
  path: HTTPPathMatch default({"type":"PathPrefix","value":"/"}) "The path, / by prefix when unset."
  headers: [HTTPHeaderMatch] keys(name) "Headers, all of them."
  queryParams: [HTTPQueryParamMatch] keys(name) "Query parameters, all of them."
  method: string "The HTTP method; every method when unset."
}
HTTPPathMatch {
  type: string default("PathPrefix") "Exact, PathPrefix or RegularExpression."
  value: string default("/")
}
HTTPHeaderMatch {
  type: string default("Exact") "Exact or RegularExpression."
  name: string required
  value: string required
}
HTTPQueryParamMatch {
  type: string default("Exact") "Exact or RegularExpression."
  name: string required
  value: string required
}
HTTPRouteFilter {
  type: string required "RequestHeaderModifier, ResponseHeaderModifier, RequestMirror, RequestRedirect, URLRewrite, ExtensionRef."
  requestHeaderModifier: HTTPHeaderFilter
  responseHeaderModifier: HTTPHeaderFilter
  requestMirror: HTTPRequestMirrorFilter
  requestRedirect: HTTPRequestRedirectFilter
  urlRewrite: HTTPURLRewriteFilter
  cors: HTTPCORSFilter
  externalAuth: any-object
  extensionRef: LocalParametersReference
}
HTTPHeaderFilter {
  set: [HTTPRouteHeader] keys(name)
  add: [HTTPRouteHeader] keys(name)
  remove: [string] set
}
HTTPRouteHeader {
  name: string required
  value: string required
}
HTTPRequestMirrorFilter {
  backendRef: BackendObjectReference required
  percent: int32
  fraction: MirrorFraction
}
MirrorFraction {
  numerator: int32 required
  denominator: int32 default(100)
}
HTTPRequestRedirectFilter {
  scheme: string
  hostname: string
  path: HTTPPathModifier
  port: int32
  statusCode: int32 default(302)
}
HTTPURLRewriteFilter {
  hostname: string
  path: HTTPPathModifier
}
HTTPPathModifier {
  type: string required
  replaceFullPath: string
  replacePrefixMatch: string
}
HTTPCORSFilter {
  allowOrigins: [string] set
  allowCredentials: bool
  allowMethods: [string] set
  allowHeaders: [string] set
  exposeHeaders: [string] set
  maxAge: int32 default(5)
}
BackendObjectReference {
  group: string default("")
  kind: string default("Service")
  name: string required
  namespace: string
  port: int32
}
HTTPBackendRef {
  group: string default("")
  kind: string default("Service")
  name: string required "The Service."
  namespace: string
  port: int32 "The port of the Service."
  weight: int32 default(1) "Share of the requests: weight of the sum of all weights; 1 when unset."
  filters: [HTTPRouteFilter] atomic
}
HTTPRouteTimeouts {
  request: string
  backendRequest: string
}
HTTPRouteRetry {
  codes: [int32] atomic
  attempts: int64
  backoff: string
}
SessionPersistence {
  sessionName: string
  absoluteTimeout: string
  idleTimeout: string
  type: string default("Cookie")
  cookieConfig: CookieConfig
}
CookieConfig {
  lifetimeType: string default("Session")
}
HTTPRouteStatus {
  parents: [RouteParentStatus] atomic "One entry for each Gateway and controller."
}
RouteParentStatus {
  parentRef: ParentReference
  controllerName: string
  conditions: [Condition] keys(type)
}
)";

}  // namespace canaria::api::schema
