// Ingress and IngressClass of networking.k8s.io/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kNetworkingTable = R"(
Ingress {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: IngressSpec "Which requests go to which Service."
  status: IngressStatus "Where it can be reached."
}
IngressSpec {
  defaultBackend: IngressBackend "What gets requests that no rule matches."
  ingressClassName: string "The IngressClass that serves it."
  rules: [IngressRule] atomic "Which hosts and paths go where."
  tls: [IngressTLS] atomic "Hosts and their certificates."
}
IngressBackend {
  resource: TypedLocalObjectReference
  service: IngressServiceBackend
}
IngressServiceBackend {
  name: string required
  port: ServiceBackendPort
}
ServiceBackendPort atomic {
  name: string
  number: int32
}
IngressRule {
  host: string "The host name; every host when unset."
  http: HTTPIngressRuleValue
}
HTTPIngressRuleValue {
  paths: [HTTPIngressPath] required atomic
}
HTTPIngressPath {
  backend: IngressBackend required "What gets the requests."
  path: string "The path to match."
  pathType: string required "Exact, Prefix or ImplementationSpecific."
}
IngressTLS {
  hosts: [string] atomic
  secretName: string
}
IngressStatus {
  loadBalancer: IngressLoadBalancerStatus
}
IngressLoadBalancerStatus {
  ingress: [IngressLoadBalancerIngress] atomic
}
IngressLoadBalancerIngress {
  hostname: string
  ip: string
  ports: [IngressPortStatus] atomic
}
IngressPortStatus {
  error: string
  port: int32
  protocol: string
}
IngressClass {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: IngressClassSpec
}
IngressClassSpec {
  controller: string
  parameters: IngressClassParametersReference
}
IngressClassParametersReference {
  kind: string required
  name: string required
  namespace: string
  apiGroup: string
  scope: string
}
)";

}  // namespace canaria::api::schema
