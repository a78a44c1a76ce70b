// The pod template and the pod itself, as Kubernetes 1.34 orders their fields.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPodSpecTable = R"(
PodTemplateSpec {
  metadata: ObjectMeta always only(labels,annotations)
  spec: PodSpec always
}
PodSpec {
  volumes: [Volume] opaque keys(name) retain-keys
  initContainers: [Container] keys(name)
  containers: [Container] required always keys(name)
  ephemeralContainers: [EphemeralContainer] keys(name)
  restartPolicy: string
  terminationGracePeriodSeconds: int64?
  activeDeadlineSeconds: int64?
  dnsPolicy: string
  nodeSelector: {string} atomic
  serviceAccountName: string
  serviceAccount: string
  automountServiceAccountToken: bool?
  nodeName: string
  hostNetwork: bool
  hostPID: bool
  hostIPC: bool
  shareProcessNamespace: bool?
  securityContext: PodSecurityContext
  imagePullSecrets: [LocalObjectReference] keys(name)
  hostname: string
  subdomain: string
  affinity: Affinity
  schedulerName: string
  tolerations: [Toleration] atomic
  hostAliases: [HostAlias] keys(ip)
  priorityClassName: string
  priority: int32?
  dnsConfig: PodDNSConfig
  readinessGates: [PodReadinessGate] atomic
  runtimeClassName: string?
  enableServiceLinks: bool?
  preemptionPolicy: string?
  overhead: {quantity}
  topologySpreadConstraints: [TopologySpreadConstraint] keys(topologyKey,whenUnsatisfiable)
  setHostnameAsFQDN: bool?
  os: PodOS
  hostUsers: bool?
  schedulingGates: [PodSchedulingGate] keys(name)
  resourceClaims: [PodResourceClaim] keys(name) retain-keys
  resources: ResourceRequirements
  hostnameOverride: string?
}
PodSecurityContext {
  seLinuxOptions: SELinuxOptions
  windowsOptions: WindowsSecurityContextOptions
  runAsUser: int64?
  runAsGroup: int64?
  runAsNonRoot: bool?
  supplementalGroups: [int64] atomic
  supplementalGroupsPolicy: string?
  fsGroup: int64?
  sysctls: [Sysctl] atomic
  fsGroupChangePolicy: string?
  seccompProfile: SeccompProfile
  appArmorProfile: AppArmorProfile
  seLinuxChangePolicy: string?
}
SELinuxOptions {
  user: string
  role: string
  type: string
  level: string
}
WindowsSecurityContextOptions {
  gmsaCredentialSpecName: string?
  gmsaCredentialSpec: string?
  runAsUserName: string?
  hostProcess: bool?
}
SeccompProfile {
  type: string required always
  localhostProfile: string?
}
AppArmorProfile {
  type: string required always
  localhostProfile: string?
}
Sysctl {
  name: string required always
  value: string required always
}
LocalObjectReference atomic {
  name: string default("")
}
HostAlias {
  ip: string required always
  hostnames: [string] atomic
}
PodDNSConfig {
  nameservers: [string] atomic
  searches: [string] atomic
  options: [PodDNSConfigOption] atomic
}
PodDNSConfigOption {
  name: string
  value: string?
}
PodReadinessGate {
  conditionType: string required always
}
PodOS {
  name: string required always
}
PodSchedulingGate {
  name: string required always
}
PodResourceClaim {
  name: string required always
  resourceClaimName: string?
  resourceClaimTemplateName: string?
}
ResourceRequirements {
  limits: {quantity}
  requests: {quantity}
  claims: [ResourceClaim] keys(name)
}
ResourceClaim {
  name: string required always
  request: string
}
)";

}  // namespace canaria::api::schema
