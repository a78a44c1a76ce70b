// The Node: what a machine offers and how it is.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kNodeTable = R"(
Node {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: NodeSpec "How the node is to be used."
  status: NodeStatus "What the node offers and how it is."
}
NodeSpec {
  configSource: NodeConfigSource
  externalID: string
  podCIDR: string
  podCIDRs: [string] set
  providerID: string
  taints: [Taint] atomic "What keeps pods without a matching toleration away."
  unschedulable: bool "True keeps new pods away."
}
NodeConfigSource {
  configMap: ConfigMapNodeConfigSource
}
ConfigMapNodeConfigSource {
  name: string required
  namespace: string required
  kubeletConfigKey: string required
  resourceVersion: string
  uid: string
}
Taint {
  effect: string required
  key: string required
  timeAdded: time
  value: string
}
NodeStatus {
  addresses: [NodeAddress] keys(type) "Where the node can be reached."
  allocatable: {quantity} "Resources for pods."
  capacity: {quantity} "Resources of the whole node."
  conditions: [NodeCondition] keys(type) "How the node is: Ready and others."
  config: NodeConfigStatus
  daemonEndpoints: NodeDaemonEndpoints
  declaredFeatures: [string] atomic
  features: NodeFeatures
  images: [ContainerImage] atomic
  nodeInfo: NodeSystemInfo
  phase: string
  runtimeHandlers: [NodeRuntimeHandler] atomic
  volumesAttached: [AttachedVolume] atomic
  volumesInUse: [string] atomic
}
NodeAddress {
  type: string required
  address: string required
}
NodeCondition {
  type: string
  lastHeartbeatTime: time
  lastTransitionTime: time
  message: string
  reason: string
  status: string
}
NodeConfigStatus {
  active: NodeConfigSource
  assigned: NodeConfigSource
  error: string
  lastKnownGood: NodeConfigSource
}
NodeDaemonEndpoints {
  kubeletEndpoint: DaemonEndpoint
}
DaemonEndpoint {
  Port: int32 required
}
NodeFeatures {
  supplementalGroupsPolicy: bool
}
ContainerImage {
  names: [string] atomic
  sizeBytes: int64
}
NodeSystemInfo {
  architecture: string required
  bootID: string required
  containerRuntimeVersion: string required
  kernelVersion: string required
  kubeProxyVersion: string required
  kubeletVersion: string required
  machineID: string required
  operatingSystem: string required
  osImage: string required
  swap: NodeSwapStatus
  systemUUID: string required
}
NodeSwapStatus {
  capacity: int64
}
NodeRuntimeHandler {
  name: string
  features: NodeRuntimeHandlerFeatures
}
NodeRuntimeHandlerFeatures {
  recursiveReadOnlyMounts: bool
  userNamespaces: bool
}
AttachedVolume {
  name: string required
  devicePath: string required
}
)";

}  // namespace canaria::api::schema
