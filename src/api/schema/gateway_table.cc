// The kinds of gateway.networking.k8s.io/v1: GatewayClass, Gateway and HTTPRoute, as the standard channel has them. The Gateway
// API is a set of CRDs, so its defaults are part of the schema.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kGatewayTable = R"(
GatewayClass {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: GatewayClassSpec required "Who serves Gateways of the class."
  status: GatewayClassStatus "Whether the class is accepted."
}
GatewayClassSpec "Who serves Gateways of a class." {
  controllerName: string required immutable "The controller of the Gateways of this class. It cannot be changed."
  parametersRef: ParametersReference "An object with settings of the controller."
  description: string "What the class is for; at most 64 characters."
}
ParametersReference "An object with settings." {
  group: string required "Group of the object."
  kind: string required "Kind of the object."
  name: string required "Name of the object."
  namespace: string "Namespace of the object; unset for objects of the cluster."
}
GatewayClassStatus "Whether a class is accepted." {
  conditions: [Condition] keys(type) "Accepted and SupportedVersion."
  supportedFeatures: [SupportedFeature] keys(name) "Features of the Gateway API that its controller has."
}
SupportedFeature "A feature of the Gateway API." {
  name: string "Name of the feature."
}
Gateway {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: GatewaySpec required "Where to listen, and for whom."
  status: GatewayStatus "Where it listens."
}
GatewaySpec "Where a Gateway listens, and for whom." {
  gatewayClassName: string required "The GatewayClass that serves it."
  listeners: [GatewayListener] required keys(name) "Ports, protocols and host names to listen on."
  addresses: [GatewaySpecAddress] atomic "Addresses to listen on; chosen when unset."
  infrastructure: GatewayInfrastructure "What is put on the objects made for the Gateway."
  allowedListeners: AllowedListeners "Who may add listeners."
  tls: GatewayTLSConfig "TLS settings for the whole Gateway."
}
GatewayListener "A port with a protocol and a host name." {
  name: string required "Name of the listener; routes refer to it as sectionName."
  hostname: string "The host name to accept; every host when unset."
  port: int32 required "The port to listen on."
  protocol: string required "HTTP, HTTPS, TLS, TCP or UDP."
  tls: ListenerTLSConfig "Certificates and mode, for HTTPS and TLS."
  allowedRoutes: AllowedRoutes default({"namespaces":{"from":"Same"}}) "Which routes may attach."
}
ListenerTLSConfig "How a listener ends TLS." {
  mode: string default("Terminate") "Terminate ends TLS here, Passthrough hands it on; Terminate when unset."
  certificateRefs: [SecretObjectReference] atomic "Secrets with the certificates."
  options: {string} "Settings that only some controllers know."
}
SecretObjectReference "A Secret or an object like it." {
  group: string default("") "Group of the object; the core group when unset."
  kind: string default("Secret") "Kind of the object; Secret when unset."
  name: string required "Name of the object."
  namespace: string "Namespace of the object; the own one when unset."
}
AllowedRoutes "Which routes may attach to a listener." {
  namespaces: RouteNamespaces default({"from":"Same"}) "Namespaces of the routes; the own one when unset."
  kinds: [RouteGroupKind] atomic "Kinds of the routes; those of the protocol when unset."
}
RouteNamespaces "Namespaces of routes." {
  from: string default("Same") "All, Selector, Same or None; Same when unset."
  selector: LabelSelector "Selects the namespaces, for Selector."
}
RouteGroupKind "A kind of routes." {
  group: string default("gateway.networking.k8s.io") "Group of the kind."
  kind: string required "The kind."
}
GatewaySpecAddress "An address to listen on." {
  type: string default("IPAddress") "IPAddress, Hostname, or a name with a domain; IPAddress when unset."
  value: string "The address; chosen when unset."
}
GatewayInfrastructure "What is put on the objects made for a Gateway." {
  labels: {string} "Labels of these objects."
  annotations: {string} "Annotations of these objects."
  parametersRef: LocalParametersReference "An object with settings for this Gateway."
}
LocalParametersReference "An object of the same namespace." {
  group: string required "Group of the object."
  kind: string required "Kind of the object."
  name: string required "Name of the object."
}
AllowedListeners "Who may add listeners to a Gateway." {
  namespaces: ListenerNamespaces default({"from":"None"}) "Namespaces that may; none when unset."
}
ListenerNamespaces "Namespaces that may add listeners." {
  from: string default("None") "All, Selector, Same or None; None when unset."
  selector: LabelSelector "Selects the namespaces, for Selector."
}
GatewayTLSConfig "TLS settings for a whole Gateway." {
  backend: GatewayBackendTLS "Towards the backends."
  frontend: any-object "Towards the clients."
}
GatewayBackendTLS "TLS towards the backends." {
  clientCertificateRef: SecretObjectReference "Certificate the Gateway shows to backends."
}
GatewayStatus "Where a Gateway listens." {
  addresses: [GatewayStatusAddress] atomic "The addresses it has."
  conditions: [Condition] keys(type) "Accepted and Programmed."
  listeners: [GatewayListenerStatus] keys(name) "The state of each listener."
  attachedListenerSets: int32 "Sets of listeners that were added."
}
GatewayStatusAddress "An address of a Gateway." {
  type: string default("IPAddress") "IPAddress, Hostname, or a name with a domain; IPAddress when unset."
  value: string "The address."
}
GatewayListenerStatus "The state of a listener." {
  name: string "Name of the listener."
  supportedKinds: [RouteGroupKind] atomic "Kinds of routes that it serves."
  attachedRoutes: int32 "Number of routes that are attached."
  conditions: [Condition] keys(type) "Accepted, Programmed, ResolvedRefs and others."
}
HTTPRoute {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: HTTPRouteSpec required "Which requests go to which backends, in which shares."
  status: HTTPRouteStatus "Which Gateways serve it."
}
HTTPRouteSpec "Which requests go to which backends." {
  parentRefs: [ParentReference] atomic "The Gateways to attach to."
  useDefaultGateways: string "All attaches to the default Gateways; None when unset."
  hostnames: [string] atomic "Host names to match; every host when unset."
  rules: [HTTPRouteRule] atomic default([{"matches":[{"path":{"type":"PathPrefix","value":"/"}}]}]) "Matches and backends."
}
ParentReference "A Gateway, or one listener of it." {
  group: string default("gateway.networking.k8s.io") "Group of the parent; that of the Gateway API when unset."
  kind: string default("Gateway") "Kind of the parent; Gateway when unset."
  namespace: string "Namespace of the parent; the own one when unset."
  name: string required "Name of the parent."
  sectionName: string "The one listener to attach to; all when unset."
  port: int32 "The port of the listeners to attach to; all when unset."
}
HTTPRouteRule "Requests and what becomes of them." {
  name: string "Name of the rule; unique in the route."
  matches: [HTTPRouteMatch] atomic default([{"path":{"type":"PathPrefix","value":"/"}}]) "Requests the rule is for, one of these."
  filters: [HTTPRouteFilter] atomic "What happens to the requests on their way."
  backendRefs: [HTTPBackendRef] atomic "Services that share the requests by weight."
  timeouts: HTTPRouteTimeouts "How long requests may take."
  retry: HTTPRouteRetry "When failed requests are tried again."
  sessionPersistence: SessionPersistence "Keeps the requests of a session on one backend."
}
HTTPRouteMatch "What a request must fulfill, all of it." {
  path: HTTPPathMatch default({"type":"PathPrefix","value":"/"}) "The path, / by prefix when unset."
  headers: [HTTPHeaderMatch] keys(name) "Headers, all of them."
  queryParams: [HTTPQueryParamMatch] keys(name) "Query parameters, all of them."
  method: string "The HTTP method; every method when unset."
}
HTTPPathMatch "What the path must be." {
  type: string default("PathPrefix") "Exact, PathPrefix or RegularExpression."
  value: string default("/") "The path to compare with; / when unset."
}
HTTPHeaderMatch "What a header must be." {
  type: string default("Exact") "Exact or RegularExpression."
  name: string required "Name of the header; case does not matter."
  value: string required "The value to compare with."
}
HTTPQueryParamMatch "What a query parameter must be." {
  type: string default("Exact") "Exact or RegularExpression."
  name: string required "Name of the parameter."
  value: string required "The value to compare with."
}
HTTPRouteFilter "Something done to requests or answers; the member named by type is set." {
  type: string required "RequestHeaderModifier, ResponseHeaderModifier, RequestMirror, RequestRedirect, URLRewrite, ExtensionRef."
  requestHeaderModifier: HTTPHeaderFilter "Changes headers of the request."
  responseHeaderModifier: HTTPHeaderFilter "Changes headers of the answer."
  requestMirror: HTTPRequestMirrorFilter "Sends a copy of the request elsewhere; its answer is dropped."
  requestRedirect: HTTPRequestRedirectFilter "Answers with a redirect."
  urlRewrite: HTTPURLRewriteFilter "Changes host and path of the request."
  cors: HTTPCORSFilter "Answers and marks requests from other origins."
  externalAuth: any-object "Asks another service whether the request is allowed."
  extensionRef: LocalParametersReference "A filter that only some controllers know."
}
HTTPHeaderFilter "Changes of headers." {
  set: [HTTPRouteHeader] keys(name) "Headers that replace those of the same name."
  add: [HTTPRouteHeader] keys(name) "Headers that are added to those of the same name."
  remove: [string] set "Names of headers that are taken away."
}
HTTPRouteHeader "A header and its value." {
  name: string required "Name of the header; case does not matter."
  value: string required "Value of the header."
}
HTTPRequestMirrorFilter "Sends a copy of requests elsewhere." {
  backendRef: BackendObjectReference required "What gets the copies."
  percent: int32 "Share of the requests in percent, 0 to 100; all when unset."
  fraction: MirrorFraction "Share of the requests as a fraction; not together with percent."
}
MirrorFraction "A fraction." {
  numerator: int32 required "The upper number."
  denominator: int32 default(100) "The lower number; 100 when unset."
}
HTTPRequestRedirectFilter "Answers with a redirect." {
  scheme: string "http or https; that of the request when unset."
  hostname: string "Host to go to; that of the request when unset."
  path: HTTPPathModifier "Path to go to; that of the request when unset."
  port: int32 "Port to go to; that of scheme or listener when unset."
  statusCode: int32 default(302) "301, 302, 303, 307 or 308; 302 when unset."
}
HTTPURLRewriteFilter "Changes host and path of requests." {
  hostname: string "Host the backend sees; unchanged when unset."
  path: HTTPPathModifier "Path the backend sees; unchanged when unset."
}
HTTPPathModifier "A new path; the member named by type is set." {
  type: string required "ReplaceFullPath or ReplacePrefixMatch."
  replaceFullPath: string "The whole path."
  replacePrefixMatch: string "What takes the place of the prefix that matched."
}
HTTPCORSFilter "What other origins may do." {
  allowOrigins: [string] set "Origins that may ask, like https://example.com; * for all."
  allowCredentials: bool "Whether requests may carry credentials."
  allowMethods: [string] set "Methods that may be used; * for all."
  allowHeaders: [string] set "Headers that may be sent; * for all."
  exposeHeaders: [string] set "Headers of the answer that scripts may read."
  maxAge: int32 default(5) "Seconds a client may remember the answer; 5 when unset."
}
BackendObjectReference "A Service or another backend." {
  group: string default("") "Group of the backend; the core group when unset."
  kind: string default("Service") "Kind of the backend; Service when unset."
  name: string required "Name of the backend."
  namespace: string "Namespace of the backend; the own one when unset."
  port: int32 "Port of the Service."
}
HTTPBackendRef "A backend and its share of the requests." {
  group: string default("") "Group of the backend; the core group when unset."
  kind: string default("Service") "Kind of the backend; Service when unset."
  name: string required "The Service."
  namespace: string "Namespace of the backend; the own one when unset."
  port: int32 "The port of the Service."
  weight: int32 default(1) "Share of the requests: weight of the sum of all weights; 1 when unset."
  filters: [HTTPRouteFilter] atomic "What happens to the requests of this backend alone."
}
HTTPRouteTimeouts "How long requests may take, like 10s; 0s is without a limit." {
  request: string "The whole request, as the client sees it."
  backendRequest: string "One request to a backend; at most as long as request."
}
HTTPRouteRetry "When failed requests are tried again." {
  codes: [int32] atomic "Statuses of the answer that count as failed."
  attempts: int64 "How often it is tried again."
  backoff: string "Least time between two attempts, like 500ms."
}
SessionPersistence "Keeps the requests of a session on one backend." {
  sessionName: string "Name of the session, for the cookie or header."
  absoluteTimeout: string "Longest time a session lasts."
  idleTimeout: string "Time without requests after which a session ends."
  type: string default("Cookie") "Cookie or Header; Cookie when unset."
  cookieConfig: CookieConfig "How long the cookie lasts."
}
CookieConfig "How long a cookie lasts." {
  lifetimeType: string default("Session") "Session, or Permanent until absoluteTimeout; Session when unset."
}
HTTPRouteStatus "Which Gateways serve a route." {
  parents: [RouteParentStatus] atomic "One entry for each Gateway and controller."
}
RouteParentStatus "What one controller makes of a route for one parent." {
  parentRef: ParentReference "The Gateway, as in the spec."
  controllerName: string "The controller."
  conditions: [Condition] keys(type) "Accepted, ResolvedRefs and others."
}
)";

}  // namespace canaria::api::schema
