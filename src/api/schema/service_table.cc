// The Service and its addresses: Endpoints of core/v1 and EndpointSlice of discovery.k8s.io/v1.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kServiceTable = R"(
Service {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: ServiceSpec "Which pods get the traffic, on which ports."
  status: ServiceStatus "Addresses of load balancers."
}
ServiceSpec {
  type: string "ClusterIP, NodePort, LoadBalancer or ExternalName; ClusterIP when unset."
  allocateLoadBalancerNodePorts: bool
  clusterIP: string "The address of the Service; chosen when unset, None for no address."
  clusterIPs: [string] atomic
  externalIPs: [string] atomic
  externalName: string "The host name an ExternalName Service stands for."
  externalTrafficPolicy: string
  healthCheckNodePort: int32
  internalTrafficPolicy: string
  ipFamilies: [string] atomic
  ipFamilyPolicy: string
  loadBalancerClass: string
  loadBalancerIP: string
  loadBalancerSourceRanges: [string] atomic
  ports: [ServicePort] keys(port,protocol) "The ports the Service listens on."
  publishNotReadyAddresses: bool "True sends traffic also to pods that are not ready."
  selector: {string} atomic "Labels of the pods that get the traffic."
  sessionAffinity: string "ClientIP keeps a client on one pod; None when unset."
  sessionAffinityConfig: SessionAffinityConfig
  trafficDistribution: string
}
ServicePort {
  name: string "Name of the port; required when there are several."
  appProtocol: string
  nodePort: int32 "Port on every node, for NodePort and LoadBalancer."
  port: int32 required "The port the Service listens on."
  protocol: string default("TCP") "TCP, UDP or SCTP; TCP when unset."
  targetPort: int-or-string "Number or name of the port of the pods; port when unset."
}
SessionAffinityConfig {
  clientIP: ClientIPConfig
}
ClientIPConfig {
  timeoutSeconds: int32
}
ServiceStatus {
  conditions: [Condition] keys(type)
  loadBalancer: LoadBalancerStatus
}
Condition {
  type: string required
  lastTransitionTime: time required
  message: string required
  observedGeneration: int64
  reason: string required
  status: string required
}
LoadBalancerStatus {
  ingress: [LoadBalancerIngress] atomic
}
LoadBalancerIngress {
  hostname: string
  ip: string
  ipMode: string
  ports: [LoadBalancerPortStatus] atomic
}
LoadBalancerPortStatus {
  error: string
  port: int32
  protocol: string
}
Endpoints {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  subsets: [EndpointSubset] atomic
}
EndpointSubset {
  addresses: [EndpointAddress] atomic
  notReadyAddresses: [EndpointAddress] atomic
  ports: [EndpointsPort] atomic
}
EndpointAddress atomic {
  hostname: string
  ip: string required
  nodeName: string
  targetRef: ObjectReference
}
EndpointsPort atomic {
  name: string
  appProtocol: string
  port: int32 required
  protocol: string
}
EndpointSlice {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  addressType: string required "IPv4, IPv6 or FQDN; it cannot be changed."
  endpoints: [Endpoint] atomic "The pods behind the Service."
  ports: [EndpointPort] atomic "The ports of these pods."
}
Endpoint {
  addresses: [string] required set "Addresses of one pod."
  conditions: EndpointConditions
  deprecatedTopology: {string}
  hints: EndpointHints
  hostname: string
  nodeName: string
  targetRef: ObjectReference "The pod behind the addresses."
  zone: string
}
EndpointConditions {
  ready: bool "Whether it gets traffic."
  serving: bool "Whether it would answer."
  terminating: bool "Whether it is shutting down."
}
EndpointHints {
  forNodes: [ForNode] atomic
  forZones: [ForZone] atomic
}
ForNode {
  name: string required
}
ForZone {
  name: string required
}
EndpointPort atomic {
  name: string
  appProtocol: string
  port: int32
  protocol: string
}
)";

}  // namespace canaria::api::schema
