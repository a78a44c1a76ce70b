// The traffic routers a canary can drive.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kTrafficRoutingTable = R"(
TrafficRouting {
  istio: IstioTrafficRouting "Istio: VirtualServices and a DestinationRule."
  nginx: NginxTrafficRouting "The Ingress controller of NGINX."
  alb: AlbTrafficRouting "The load balancer of Amazon."
  smi: SmiTrafficRouting "A TrafficSplit of the Service Mesh Interface."
  ambassador: AmbassadorTrafficRouting "Mappings of Ambassador."
  appMesh: AppMeshTrafficRouting "Routes of AWS App Mesh."
  traefik: TraefikTrafficRouting "A TraefikService."
  managedRoutes: [ManagedRoute] atomic "Routes that steps may add, in order of precedence."
  apisix: ApisixTrafficRouting "A route of Apache APISIX."
  plugins: any-object "Settings of further routers, such as the Gateway API, under their names."
  maxTrafficWeight: int32? "What all weights add up to; 100 when unset."
}
ManagedRoute {
  name: string required always "Name of the route."
}
IstioTrafficRouting {
  virtualService: IstioVirtualService "The VirtualService whose weights are set."
  destinationRule: IstioDestinationRule "The DestinationRule whose subsets are set; without it the Services tell the versions apart."
  virtualServices: [IstioVirtualService] atomic "Several VirtualServices; not together with virtualService."
}
IstioVirtualService {
  name: string required always "Name of the VirtualService, also as name.namespace."
  routes: [string] "Names of its HTTP routes; needed when there are several."
  tlsRoutes: [IstioTlsRoute] atomic "Its TLS routes."
  tcpRoutes: [IstioTcpRoute] atomic "Its TCP routes."
}
IstioTlsRoute {
  port: int64 "Port of the route."
  sniHosts: [string] "Host names of the route."
}
IstioTcpRoute {
  port: int64 "Port of the route."
}
IstioDestinationRule {
  name: string required always "Name of the DestinationRule."
  canarySubsetName: string required always "Subset of the new version."
  stableSubsetName: string required always "Subset of the stable version."
  additionalSubsetNames: [string] "Further subsets that are kept."
}
NginxTrafficRouting {
  annotationPrefix: string "Start of the annotations; nginx.ingress.kubernetes.io when unset."
  stableIngress: string "Name of the Ingress of the stable version."
  additionalIngressAnnotations: {string} "Further annotations of the canary Ingress, without the prefix."
  stableIngresses: [string] "Several Ingresses; not together with stableIngress."
  canaryIngressAnnotations: {string} "Annotations of the canary Ingress, as they are."
}
AlbTrafficRouting {
  ingress: string "Name of the Ingress."
  servicePort: int32 required always "Port of the Services in the Ingress."
  rootService: string "Name the Ingress has for the split; that of the stable Service when unset."
  annotationPrefix: string "Start of the annotations; alb.ingress.kubernetes.io when unset."
  stickinessConfig: StickinessConfig "Keeps clients on one version."
  ingresses: [string] "Several Ingresses; not together with ingress."
}
StickinessConfig {
  enabled: bool required always "Whether clients are kept on one version."
  durationSeconds: int64 required always "Seconds they are kept, 1 to 604800."
}
SmiTrafficRouting {
  rootService: string "The Service that clients use; the stable Service when unset."
  trafficSplitName: string "Name of the TrafficSplit; that of the Rollout when unset."
}
AmbassadorTrafficRouting {
  mappings: [string] required always "Names of the Mappings."
}
AppMeshTrafficRouting {
  virtualService: AppMeshVirtualService "The VirtualService of App Mesh."
  virtualNodeGroup: AppMeshVirtualNodeGroup "The VirtualNodes of both versions."
}
AppMeshVirtualService {
  name: string required always "Name of the VirtualService."
  routes: [string] "Names of its routes; needed when there are several."
}
AppMeshVirtualNodeGroup {
  canaryVirtualNodeRef: AppMeshVirtualNodeRef required "The VirtualNode of the new version."
  stableVirtualNodeRef: AppMeshVirtualNodeRef required "The VirtualNode of the stable version."
}
AppMeshVirtualNodeRef {
  name: string required always "Name of the VirtualNode."
}
TraefikTrafficRouting {
  weightedTraefikServiceName: string required always "Name of the TraefikService."
}
ApisixTrafficRouting {
  route: ApisixRoute "The ApisixRoute whose weights are set."
}
ApisixRoute {
  name: string required always "Name of the ApisixRoute."
  rules: [string] "Names of its rules; needed when there are several."
}
)";

}  // namespace canaria::api::schema
