// The Pod around its spec: the kind and its status.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPodStatusTable = R"(
Pod {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  spec: PodSpec "What is to run."
  status: PodStatus "What runs."
}
PodStatus {
  allocatedResources: {quantity}
  conditions: [PodCondition] keys(type) "PodScheduled, Initialized, ContainersReady, Ready and others."
  containerStatuses: [ContainerStatus] atomic "The state of each container."
  ephemeralContainerStatuses: [ContainerStatus] atomic
  extendedResourceClaimStatus: PodExtendedResourceClaimStatus
  hostIP: string "The address of its node."
  hostIPs: [HostIP] keys(ip)
  initContainerStatuses: [ContainerStatus] atomic "The state of each init container."
  message: string "Why it is in this state."
  nodeAllocatableResourceClaimStatuses: [NodeAllocatableResourceClaimStatus] atomic
  nominatedNodeName: string
  observedGeneration: int64
  phase: string "Pending, Running, Succeeded, Failed or Unknown."
  podIP: string "The first address of the pod."
  podIPs: [PodIP] keys(ip)
  qosClass: string "Guaranteed, Burstable or BestEffort."
  reason: string "Why it is in this state, in one word."
  resize: string
  resourceClaimStatuses: [PodResourceClaimStatus] keys(name)
  resources: ResourceRequirements
  startTime: time "When the node accepted the pod."
}
PodCondition {
  type: string
  lastProbeTime: time
  lastTransitionTime: time
  message: string
  observedGeneration: int64
  reason: string
  status: string
}
ContainerStatus {
  name: string
  allocatedResources: {quantity}
  allocatedResourcesStatus: [ResourceStatus] keys(name)
  containerID: string
  image: string "The image that runs."
  imageID: string
  lastState: ContainerState "How it ended before."
  ready: bool "Whether the readiness probe passes."
  resources: ResourceRequirements
  restartCount: int32 "How often the container was restarted."
  started: bool
  state: ContainerState "What the container does now."
  stopSignal: string
  user: ContainerUser
  volumeMounts: [VolumeMountStatus] keys(mountPath)
}
ResourceStatus {
  name: string
  resources: [ResourceHealth] keys(resourceID)
}
ResourceHealth {
  health: string
  message: string
  resourceID: string
}
ContainerState {
  running: ContainerStateRunning
  terminated: ContainerStateTerminated
  waiting: ContainerStateWaiting
}
ContainerStateRunning {
  startedAt: time
}
ContainerStateTerminated {
  containerID: string
  exitCode: int32 "The exit code."
  finishedAt: time
  message: string
  reason: string
  signal: int32
  startedAt: time
}
ContainerStateWaiting {
  message: string
  reason: string "Why it waits, in one word."
}
ContainerUser {
  linux: LinuxContainerUser
}
LinuxContainerUser {
  gid: int64
  supplementalGroups: [int64] atomic
  uid: int64
}
VolumeMountStatus {
  name: string
  mountPath: string
  readOnly: bool
  recursiveReadOnly: string
  volumeStatus: VolumeStatus
}
VolumeStatus {
  image: ImageVolumeStatus
}
ImageVolumeStatus {
  imageRef: string
}
PodExtendedResourceClaimStatus {
  requestMappings: [ContainerExtendedResourceRequest] atomic
  resourceClaimName: string
}
ContainerExtendedResourceRequest {
  containerName: string
  requestName: string
  resourceName: string
}
HostIP {
  ip: string
}
NodeAllocatableResourceClaimStatus {
  containers: [string] set
  resourceClaimName: string
  resources: {quantity}
}
PodIP {
  ip: string
}
PodResourceClaimStatus {
  name: string
  resourceClaimName: string
}
)";

}  // namespace canaria::api::schema
