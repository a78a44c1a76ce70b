// Leases, EndpointSlices, Ingresses and what limits disruption: the small groups. The language is that of messages.h.
#include "apiserver/protobuf/tables.h"

namespace canaria::apiserver::protobuf {

const std::string_view kCoordinationTable = R"(
LeaseSpec {
  1 holderIdentity string?, 2 leaseDurationSeconds int32?, 3 acquireTime micro-time?, 4 renewTime micro-time?,
  5 leaseTransitions int32?, 6 strategy string?, 7 preferredHolder string?
}
coordination.k8s.io/v1 Lease { 1 metadata ObjectMeta, 2 spec LeaseSpec }
)";

const std::string_view kDiscoveryTable = R"(
EndpointPort { 1 name string?, 2 protocol string?, 3 port int32?, 4 appProtocol string? }
Endpoint {
  1 addresses [string]!, 2 conditions EndpointConditions, 3 hostname string?, 4 targetRef ObjectReference?,
  5 deprecatedTopology {string}, 6 nodeName string?, 7 zone string?, 8 hints EndpointHints?
}
EndpointConditions { 1 ready bool?, 2 serving bool?, 3 terminating bool? }
EndpointHints { 1 forZones [ForZone], 2 forNodes [ForNode] }
ForNode { 1 name string! }
ForZone { 1 name string! }
discovery.k8s.io/v1 EndpointSlice {
  1 metadata ObjectMeta, 2 endpoints [Endpoint]!, 3 ports [EndpointPort]!, 4 addressType string!
}
)";

const std::string_view kNetworkingTable = R"(
HTTPIngressPath { 1 path string, 2 backend IngressBackend, 3 pathType string?! }
HTTPIngressRuleValue { 1 paths [HTTPIngressPath]! }
IngressBackend { 3 resource TypedLocalObjectReference?, 4 service IngressServiceBackend? }
IngressClassParametersReference { 1 apiGroup string?, 2 kind string!, 3 name string!, 4 scope string?!, 5 namespace string? }
IngressClassSpec { 1 controller string, 2 parameters IngressClassParametersReference? }
IngressLoadBalancerIngress { 1 ip string, 2 hostname string, 4 ports [IngressPortStatus] }
IngressLoadBalancerStatus { 1 ingress [IngressLoadBalancerIngress] }
IngressPortStatus { 1 port int32!, 2 protocol string!, 3 error string? }
IngressRule { 1 host string, 2 inline IngressRuleValue }
IngressRuleValue { 1 http HTTPIngressRuleValue? }
IngressServiceBackend { 1 name string!, 2 port ServiceBackendPort }
IngressSpec { 1 defaultBackend IngressBackend?, 2 tls [IngressTLS], 3 rules [IngressRule], 4 ingressClassName string? }
IngressStatus { 1 loadBalancer IngressLoadBalancerStatus }
IngressTLS { 1 hosts [string], 2 secretName string }
ServiceBackendPort { 1 name string, 2 number int32 }
networking.k8s.io/v1 Ingress { 1 metadata ObjectMeta, 2 spec IngressSpec, 3 status IngressStatus }
networking.k8s.io/v1 IngressClass { 1 metadata ObjectMeta, 2 spec IngressClassSpec }
)";

const std::string_view kPolicyTable = R"(
PodDisruptionBudgetSpec {
  1 minAvailable int-or-string?, 2 selector LabelSelector?, 3 maxUnavailable int-or-string?,
  4 unhealthyPodEvictionPolicy string?
}
PodDisruptionBudgetStatus {
  1 observedGeneration int64, 2 disruptedPods {time}, 3 disruptionsAllowed int32!, 4 currentHealthy int32!,
  5 desiredHealthy int32!, 6 expectedPods int32!, 7 conditions [Condition]
}
policy/v1 Eviction { 1 metadata ObjectMeta, 2 deleteOptions DeleteOptions? }
policy/v1 PodDisruptionBudget { 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec, 3 status PodDisruptionBudgetStatus }
)";

}  // namespace canaria::apiserver::protobuf
