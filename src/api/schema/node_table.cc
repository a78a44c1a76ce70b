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
NodeSpec "How a node is to be used." {
  configSource: NodeConfigSource "Not used any more."
  externalID: string "Not used any more."
  podCIDR: string "Range of the addresses of its pods."
  podCIDRs: [string] set "Ranges of the addresses of its pods, at most one of each family."
  providerID: string "Identity of the node at its cloud provider."
  taints: [Taint] atomic "What keeps pods without a matching toleration away."
  unschedulable: bool "True keeps new pods away."
}
NodeConfigSource "A source of configuration of the kubelet; not used any more." {
  configMap: ConfigMapNodeConfigSource "The ConfigMap."
}
ConfigMapNodeConfigSource "A ConfigMap with configuration of the kubelet; not used any more." {
  name: string required "Name of the ConfigMap."
  namespace: string required "Namespace of the ConfigMap."
  kubeletConfigKey: string required "Key with the configuration."
  resourceVersion: string "Version of the ConfigMap."
  uid: string "Identity of the ConfigMap."
}
Taint "Keeps pods away from a node that do not tolerate it." {
  effect: string required "NoSchedule, PreferNoSchedule, or NoExecute to remove pods that run as well."
  key: string required "Key of the taint."
  timeAdded: time "When it was added."
  value: string "Value of the taint."
}
NodeStatus "What a node offers and how it is." {
  addresses: [NodeAddress] keys(type) "Where the node can be reached."
  allocatable: {quantity} "Resources for pods."
  capacity: {quantity} "Resources of the whole node."
  conditions: [NodeCondition] keys(type) "How the node is: Ready and others."
  config: NodeConfigStatus "Not used any more."
  daemonEndpoints: NodeDaemonEndpoints "Ports of the daemons of the node."
  declaredFeatures: [string] atomic "Features that depend on the node."
  features: NodeFeatures "What the runtime of the node can do."
  images: [ContainerImage] atomic "Images that are on the node."
  nodeInfo: NodeSystemInfo "Identities and versions of the node."
  phase: string "Not used any more."
  runtimeHandlers: [NodeRuntimeHandler] atomic "The runtimes that the node has."
  volumesAttached: [AttachedVolume] atomic "Volumes attached to the node."
  volumesInUse: [string] atomic "Volumes that pods of the node have mounted."
}
NodeAddress "An address of a node." {
  type: string required "Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS."
  address: string required "The address."
}
NodeCondition "One aspect of the state of a node." {
  type: string "What it is about."
  lastHeartbeatTime: time "When it was reported last."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
NodeConfigStatus "Configuration of the kubelet; not used any more." {
  active: NodeConfigSource "The configuration in use."
  assigned: NodeConfigSource "The configuration to use."
  error: string "What is wrong with it."
  lastKnownGood: NodeConfigSource "The configuration to go back to."
}
NodeDaemonEndpoints "Ports of the daemons of a node." {
  kubeletEndpoint: DaemonEndpoint "Where the kubelet listens."
}
DaemonEndpoint "A port." {
  Port: int32 required "Number of the port."
}
NodeFeatures "What the runtime of a node can do." {
  supplementalGroupsPolicy: bool "Whether it knows supplementalGroupsPolicy."
}
ContainerImage "An image on a node." {
  names: [string] atomic "Names of the image, with tags and digests."
  sizeBytes: int64 "Size in bytes."
}
NodeSystemInfo "Identities and versions of a node." {
  architecture: string required "The processor, like amd64."
  bootID: string required "Identity of this boot."
  containerRuntimeVersion: string required "Name and version of the container runtime."
  kernelVersion: string required "Version of the kernel."
  kubeProxyVersion: string required "Not used any more."
  kubeletVersion: string required "Version of the kubelet."
  machineID: string required "Identity of the machine."
  operatingSystem: string required "linux or windows."
  osImage: string required "Name and version of the operating system."
  swap: NodeSwapStatus "Swap space of the node."
  systemUUID: string required "Identity of the hardware."
}
NodeSwapStatus "Swap space of a node." {
  capacity: int64 "Size in bytes."
}
NodeRuntimeHandler "A runtime of a node." {
  name: string "Name of the runtime; empty for the default one."
  features: NodeRuntimeHandlerFeatures "What it can do."
}
NodeRuntimeHandlerFeatures "What a runtime can do." {
  recursiveReadOnlyMounts: bool "Whether it knows recursiveReadOnly."
  userNamespaces: bool "Whether it knows hostUsers false."
}
AttachedVolume "A volume attached to a node." {
  name: string required "Name of the volume."
  devicePath: string required "Path of the device on the node."
}
)";

}  // namespace canaria::api::schema
