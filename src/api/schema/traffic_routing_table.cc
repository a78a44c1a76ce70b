// The traffic routers a canary can drive.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kTrafficRoutingTable = R"(
TrafficRouting {
  istio: IstioTrafficRouting
  nginx: NginxTrafficRouting
  alb: AlbTrafficRouting
  smi: SmiTrafficRouting
  ambassador: AmbassadorTrafficRouting
  appMesh: AppMeshTrafficRouting
  traefik: TraefikTrafficRouting
  managedRoutes: [ManagedRoute] atomic
  apisix: ApisixTrafficRouting
  plugins: any-object
  maxTrafficWeight: int32?
}
ManagedRoute {
  name: string required always
}
IstioTrafficRouting {
  virtualService: IstioVirtualService
  destinationRule: IstioDestinationRule
  virtualServices: [IstioVirtualService] atomic
}
IstioVirtualService {
  name: string required always
  routes: [string]
  tlsRoutes: [IstioTlsRoute] atomic
  tcpRoutes: [IstioTcpRoute] atomic
}
IstioTlsRoute {
  port: int64
  sniHosts: [string]
}
IstioTcpRoute {
  port: int64
}
IstioDestinationRule {
  name: string required always
  canarySubsetName: string required always
  stableSubsetName: string required always
  additionalSubsetNames: [string]
}
NginxTrafficRouting {
  annotationPrefix: string
  stableIngress: string
  additionalIngressAnnotations: {string}
  stableIngresses: [string]
  canaryIngressAnnotations: {string}
}
AlbTrafficRouting {
  ingress: string
  servicePort: int32 required always
  rootService: string
  annotationPrefix: string
  stickinessConfig: StickinessConfig
  ingresses: [string]
}
StickinessConfig {
  enabled: bool required always
  durationSeconds: int64 required always
}
SmiTrafficRouting {
  rootService: string
  trafficSplitName: string
}
AmbassadorTrafficRouting {
  mappings: [string] required always
}
AppMeshTrafficRouting {
  virtualService: AppMeshVirtualService
  virtualNodeGroup: AppMeshVirtualNodeGroup
}
AppMeshVirtualService {
  name: string required always
  routes: [string]
}
AppMeshVirtualNodeGroup {
  canaryVirtualNodeRef: AppMeshVirtualNodeRef required
  stableVirtualNodeRef: AppMeshVirtualNodeRef required
}
AppMeshVirtualNodeRef {
  name: string required always
}
TraefikTrafficRouting {
  weightedTraefikServiceName: string required always
}
ApisixTrafficRouting {
  route: ApisixRoute
}
ApisixRoute {
  name: string required always
  rules: [string]
}
)";

}  // namespace canaria::api::schema
