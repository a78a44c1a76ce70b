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
PodStatus "What a pod does now, as the node reports it." {
  allocatedResources: {quantity} "Amounts the node has set aside for the pod."
  conditions: [PodCondition] keys(type) "PodScheduled, Initialized, ContainersReady, Ready and others."
  containerStatuses: [ContainerStatus] atomic "The state of each container."
  ephemeralContainerStatuses: [ContainerStatus] atomic "The state of each ephemeral container."
  extendedResourceClaimStatus: PodExtendedResourceClaimStatus "Claims that were made for extended resources."
  hostIP: string "The address of its node."
  hostIPs: [HostIP] keys(ip) "All addresses of its node."
  initContainerStatuses: [ContainerStatus] atomic "The state of each init container."
  message: string "Why it is in this state."
  nodeAllocatableResourceClaimStatuses: [NodeAllocatableResourceClaimStatus] atomic "Amounts of the node that its claims take."
  nominatedNodeName: string "Node where pods of lower priority are being removed for this one."
  observedGeneration: int64 "Generation of the spec that this status is about."
  phase: string "Pending, Running, Succeeded, Failed or Unknown."
  podIP: string "The first address of the pod."
  podIPs: [PodIP] keys(ip) "All addresses of the pod, at most one of each family."
  qosClass: string "Guaranteed, Burstable or BestEffort."
  reason: string "Why it is in this state, in one word."
  resize: string "State of a change of amounts: Deferred or Infeasible. Conditions replace it."
  resourceClaimStatuses: [PodResourceClaimStatus] keys(name) "The claims made from templates."
  resources: ResourceRequirements "Amounts that are in effect for the pod as a whole."
  startTime: time "When the node accepted the pod."
}
PodCondition "One aspect of the state of a pod." {
  type: string "What it is about."
  lastProbeTime: time "When it was checked last."
  lastTransitionTime: time "When the status changed last."
  message: string "Why it is so, for people."
  observedGeneration: int64 "Generation of the spec that it is about."
  reason: string "Why it is so, in one word."
  status: string "True, False or Unknown."
}
ContainerStatus "The state of one container." {
  name: string "Name of the container."
  allocatedResources: {quantity} "Amounts the node has set aside for it."
  allocatedResourcesStatus: [ResourceStatus] keys(name) "Health of its devices."
  containerID: string "Identity of the running container, with the runtime in front."
  image: string "The image that runs."
  imageID: string "Identity of the image that runs."
  lastState: ContainerState "How it ended before."
  ready: bool "Whether the readiness probe passes."
  resources: ResourceRequirements "Amounts that are in effect."
  restartCount: int32 "How often the container was restarted."
  started: bool "Whether the startup probe has passed, if there is one, and the postStart hook."
  state: ContainerState "What the container does now."
  stopSignal: string "The signal that asks it to stop."
  user: ContainerUser "The user it runs as."
  volumeMounts: [VolumeMountStatus] keys(mountPath) "How its volumes are mounted."
}
ResourceStatus "Health of the devices of one resource." {
  name: string "Name of the resource, for claims claim:name/request."
  resources: [ResourceHealth] keys(resourceID) "Health of each device."
}
ResourceHealth "Health of one device." {
  health: string "Healthy, Unhealthy or Unknown."
  message: string "Why it is so."
  resourceID: string "Identity of the device."
}
ContainerState "What a container does; exactly one of these." {
  running: ContainerStateRunning "It runs."
  terminated: ContainerStateTerminated "It has ended."
  waiting: ContainerStateWaiting "It has not started yet."
}
ContainerStateRunning "A container that runs." {
  startedAt: time "When it was started."
}
ContainerStateTerminated "A container that has ended." {
  containerID: string "Identity of the container that ended."
  exitCode: int32 "The exit code."
  finishedAt: time "When it ended."
  message: string "What the container left in its termination message."
  reason: string "Why it ended, in one word."
  signal: int32 "Number of the signal that ended it."
  startedAt: time "When it had been started."
}
ContainerStateWaiting "A container that has not started yet." {
  message: string "Why it waits."
  reason: string "Why it waits, in one word."
}
ContainerUser "The user a container runs as." {
  linux: LinuxContainerUser "User and groups, on Linux."
}
LinuxContainerUser "User and groups of the first process." {
  gid: int64 "Numeric primary group."
  supplementalGroups: [int64] atomic "Numeric further groups."
  uid: int64 "Numeric user."
}
VolumeMountStatus "How a volume is mounted." {
  name: string "Name of the volume."
  mountPath: string "Path inside the container."
  readOnly: bool "Whether writing is forbidden."
  recursiveReadOnly: string "Whether mounts below are read-only too: Disabled or Enabled."
  volumeStatus: VolumeStatus "What is known of the volume itself."
}
VolumeStatus "What is known of a mounted volume." {
  image: ImageVolumeStatus "About a volume made of an image."
}
ImageVolumeStatus "A mounted image." {
  imageRef: string "Digest of the image."
}
PodExtendedResourceClaimStatus "The claim made for extended resources of a pod." {
  requestMappings: [ContainerExtendedResourceRequest] atomic "Which request serves which container and resource."
  resourceClaimName: string "Name of the claim."
}
ContainerExtendedResourceRequest "A request of a claim and what it is for." {
  containerName: string "The container."
  requestName: string "The request of the claim."
  resourceName: string "The extended resource."
}
HostIP "An address of a node." {
  ip: string "The address."
}
NodeAllocatableResourceClaimStatus "Amounts of a node that one claim takes." {
  containers: [string] set "The containers that use the claim."
  resourceClaimName: string "Name of the claim."
  resources: {quantity} "The amounts."
}
PodIP "An address of a pod." {
  ip: string "The address."
}
PodResourceClaimStatus "The claim made for an entry of spec.resourceClaims." {
  name: string "Name of the entry."
  resourceClaimName: string "Name of the claim; empty when none was needed."
}
)";

}  // namespace canaria::api::schema
