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
IngressSpec "Which requests go to which Service." {
  defaultBackend: IngressBackend "What gets requests that no rule matches."
  ingressClassName: string "The IngressClass that serves it."
  rules: [IngressRule] atomic "Which hosts and paths go where."
  tls: [IngressTLS] atomic "Hosts and their certificates."
}
IngressBackend "What gets requests: exactly one of service and resource." {
  resource: TypedLocalObjectReference "An object of the same namespace, for controllers that know its kind."
  service: IngressServiceBackend "A Service of the same namespace."
}
IngressServiceBackend "A port of a Service." {
  name: string required "Name of the Service."
  port: ServiceBackendPort "The port."
}
ServiceBackendPort atomic "A port: exactly one of name and number." {
  name: string "Name of the port."
  number: int32 "Number of the port."
}
IngressRule "The paths of one host." {
  host: string "The host name; every host when unset."
  http: HTTPIngressRuleValue "Paths and where they go."
}
HTTPIngressRuleValue "Paths and where they go." {
  paths: [HTTPIngressPath] required atomic "The paths; the longest that matches wins."
}
HTTPIngressPath "One path and where it goes." {
  backend: IngressBackend required "What gets the requests."
  path: string "The path to match."
  pathType: string required "Exact, Prefix or ImplementationSpecific."
}
IngressTLS "The certificate of some hosts." {
  hosts: [string] atomic "Host names in the certificate; every host when unset."
  secretName: string "Secret with the certificate and its key."
}
IngressStatus "Where an Ingress can be reached." {
  loadBalancer: IngressLoadBalancerStatus "Addresses of the load balancer."
}
IngressLoadBalancerStatus "Where a load balancer listens." {
  ingress: [IngressLoadBalancerIngress] atomic "The addresses."
}
IngressLoadBalancerIngress "One address of a load balancer." {
  hostname: string "Host name, for load balancers that have one."
  ip: string "Address, for load balancers that have one."
  ports: [IngressPortStatus] atomic "State of each port."
}
IngressPortStatus "State of a port of a load balancer." {
  error: string "Why the port does not work, in one word."
  port: int32 "Number of the port."
  protocol: string "TCP, UDP or SCTP."
}
IngressClass {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: IngressClassSpec "Who serves Ingresses of the class."
}
IngressClassSpec "Who serves Ingresses of a class." {
  controller: string "Name of the controller, with a domain. It cannot be changed."
  parameters: IngressClassParametersReference "An object with further settings."
}
IngressClassParametersReference "An object with settings of a class." {
  kind: string required "Kind of the object."
  name: string required "Name of the object."
  namespace: string "Namespace of the object; needed with scope Namespace and only then."
  apiGroup: string "Group of the object; the core group when unset."
  scope: string "Cluster or Namespace; Cluster when unset."
}
)";

}  // namespace canaria::api::schema
