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
ServiceSpec "Which pods get the traffic of a Service, and how." {
  type: string "ClusterIP, NodePort, LoadBalancer or ExternalName; ClusterIP when unset."
  allocateLoadBalancerNodePorts: bool "False gives a LoadBalancer no ports on the nodes; true when unset."
  clusterIP: string "The address of the Service; chosen when unset, None for no address."
  clusterIPs: [string] atomic "All addresses of the Service, one of each family; the first is clusterIP."
  externalIPs: [string] atomic "Further addresses, which somebody else leads to the nodes."
  externalName: string "The host name an ExternalName Service stands for."
  externalTrafficPolicy: string "Local keeps traffic from outside on the node it reached, Cluster spreads it; Cluster when unset."
  healthCheckNodePort: int32 "Port on every node that tells a load balancer whether pods are there; for externalTrafficPolicy Local."
  internalTrafficPolicy: string "Local keeps traffic from inside on the node it comes from, Cluster spreads it; Cluster when unset."
  ipFamilies: [string] atomic "Families of the addresses: IPv4, IPv6 or both; those of the cluster when unset."
  ipFamilyPolicy: string "SingleStack, PreferDualStack or RequireDualStack; SingleStack when unset."
  loadBalancerClass: string "Which kind of load balancer serves it; the default one when unset. It cannot be changed."
  loadBalancerIP: string "Address the load balancer is asked for; not every one can."
  loadBalancerSourceRanges: [string] atomic "Address ranges of the clients a load balancer lets in; all when unset."
  ports: [ServicePort] keys(port,protocol) "The ports the Service listens on."
  publishNotReadyAddresses: bool "True sends traffic also to pods that are not ready."
  selector: {string} atomic "Labels of the pods that get the traffic."
  sessionAffinity: string "ClientIP keeps a client on one pod; None when unset."
  sessionAffinityConfig: SessionAffinityConfig "How long a client stays on one pod."
  trafficDistribution: string "Which pods are preferred: PreferSameZone, PreferSameNode or PreferClose; no preference when unset."
}
ServicePort "One port of a Service." {
  name: string "Name of the port; required when there are several."
  appProtocol: string "What is spoken on the port, like http or kubernetes.io/h2c; a hint for proxies."
  nodePort: int32 "Port on every node, for NodePort and LoadBalancer."
  port: int32 required "The port the Service listens on."
  protocol: string default("TCP") "TCP, UDP or SCTP; TCP when unset."
  targetPort: int-or-string "Number or name of the port of the pods; port when unset."
}
SessionAffinityConfig "How long a client stays on one pod." {
  clientIP: ClientIPConfig "For sessionAffinity ClientIP."
}
ClientIPConfig "How long an address stays on one pod." {
  timeoutSeconds: int32 "Seconds after the last connection, 1 to 86400; 10800 when unset."
}
ServiceStatus "Where a Service is reached from outside." {
  conditions: [Condition] keys(type) "What is known of it."
  loadBalancer: LoadBalancerStatus "Addresses of the load balancer."
}
Condition "One aspect of the state of an object." {
  type: string required "What it is about."
  lastTransitionTime: time required "When the status changed last."
  message: string required "Why it is so, for people."
  observedGeneration: int64 "Generation of the spec that it is about."
  reason: string required "Why it is so, in one word."
  status: string required "True, False or Unknown."
}
LoadBalancerStatus "Where a load balancer listens." {
  ingress: [LoadBalancerIngress] atomic "The addresses."
}
LoadBalancerIngress "One address of a load balancer." {
  hostname: string "Host name, for load balancers that have one."
  ip: string "Address, for load balancers that have one."
  ipMode: string "VIP when the address is kept as destination, Proxy when it is not."
  ports: [LoadBalancerPortStatus] atomic "State of each port."
}
LoadBalancerPortStatus "State of a port of a load balancer." {
  error: string "Why the port does not work, in one word."
  port: int32 "Number of the port."
  protocol: string "TCP, UDP or SCTP."
}
Endpoints {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  subsets: [EndpointSubset] atomic "The addresses, in groups that have the same ports."
}
EndpointSubset "Addresses that have the same ports." {
  addresses: [EndpointAddress] atomic "Addresses of pods that are ready."
  notReadyAddresses: [EndpointAddress] atomic "Addresses of pods that are not ready."
  ports: [EndpointsPort] atomic "Ports of these addresses."
}
EndpointAddress atomic "One address behind a Service." {
  hostname: string "Host name of the pod."
  ip: string required "The address."
  nodeName: string "The node it is on."
  targetRef: ObjectReference "The pod behind it."
}
EndpointsPort atomic "A port of the addresses." {
  name: string "Name of the port; that of the Service's port."
  appProtocol: string "What is spoken on the port."
  port: int32 required "Number of the port."
  protocol: string "TCP, UDP or SCTP; TCP when unset."
}
EndpointSlice {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  addressType: string required "IPv4, IPv6 or FQDN; it cannot be changed."
  endpoints: [Endpoint] atomic "The pods behind the Service."
  ports: [EndpointPort] atomic "The ports of these pods."
}
Endpoint "One pod behind a Service." {
  addresses: [string] required set "Addresses of one pod."
  conditions: EndpointConditions "Its state."
  deprecatedTopology: {string} "Not used any more."
  hints: EndpointHints "Who should use it."
  hostname: string "Host name of the pod."
  nodeName: string "The node it is on."
  targetRef: ObjectReference "The pod behind the addresses."
  zone: string "The zone it is in."
}
EndpointConditions "The state of an endpoint." {
  ready: bool "Whether it gets traffic."
  serving: bool "Whether it would answer."
  terminating: bool "Whether it is shutting down."
}
EndpointHints "Who should use an endpoint." {
  forNodes: [ForNode] atomic "Nodes whose clients should."
  forZones: [ForZone] atomic "Zones whose clients should."
}
ForNode "A node." {
  name: string required "Name of the node."
}
ForZone "A zone." {
  name: string required "Name of the zone."
}
EndpointPort atomic "A port of the endpoints." {
  name: string "Name of the port; that of the Service's port."
  appProtocol: string "What is spoken on the port."
  port: int32 "Number of the port."
  protocol: string "TCP, UDP or SCTP; TCP when unset."
}
)";

}  // namespace canaria::api::schema
