// The pod template and the pod itself, as Kubernetes 1.34 orders their fields.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kPodSpecTable = R"(
PodTemplateSpec "The pods that a controller makes: labels, annotations and spec." {
  metadata: ObjectMeta always only(labels,annotations) "Labels and annotations that the pods get."
  spec: PodSpec always "What the pods run."
}
PodSpec "What a pod runs, where, and how it is treated." {
  volumes: [Volume] opaque keys(name) retain-keys "Storage that the containers of the pod can mount; names are unique."
  initContainers: [Container] keys(name) "Containers that run to their end, one after another, before the others; with restartPolicy Always they stay."
  containers: [Container] required always keys(name) "The containers that run side by side; at least one."
  ephemeralContainers: [EphemeralContainer] keys(name) "Containers added to a running pod for debugging, through the ephemeralcontainers subresource."
  restartPolicy: string "When ended containers are started again: Always, OnFailure or Never; Always when unset."
  terminationGracePeriodSeconds: int64? "Seconds between the signal to stop and the kill; 30 when unset, 0 kills at once."
  activeDeadlineSeconds: int64? "Seconds after startTime at which the pod is stopped and marked Failed; no limit when unset."
  dnsPolicy: string "Which name servers the containers ask: ClusterFirst, ClusterFirstWithHostNet, Default or None; ClusterFirst when unset."
  nodeSelector: {string} atomic "Labels a node must have to be chosen for the pod."
  serviceAccountName: string "The ServiceAccount the pod runs as; default when unset."
  serviceAccount: string "Former name of serviceAccountName; kept equal to it."
  automountServiceAccountToken: bool? "False keeps the token of the ServiceAccount out of the containers."
  nodeName: string "The node the pod is bound to; set by the scheduler when unset."
  hostNetwork: bool "True uses the network of the node instead of one of its own; host ports must then equal container ports."
  hostPID: bool "True lets the containers see the processes of the node."
  hostIPC: bool "True shares the inter-process communication of the node."
  shareProcessNamespace: bool? "True lets the containers of the pod see each other's processes; not together with hostPID."
  securityContext: PodSecurityContext "Rights of all containers; what a container sets itself wins."
  imagePullSecrets: [LocalObjectReference] keys(name) "Secrets with credentials for the registries of the images."
  hostname: string "Host name inside the pod; the name of the pod when unset."
  subdomain: string "Makes the full host name hostname.subdomain.namespace.svc and the domain of the cluster."
  affinity: Affinity "Preferred and required places, by nodes and by other pods."
  schedulerName: string "The scheduler that places the pod; default-scheduler when unset."
  tolerations: [Toleration] atomic "Taints of nodes that do not keep this pod away."
  hostAliases: [HostAlias] keys(ip) "Further lines for /etc/hosts of the containers."
  priorityClassName: string "The PriorityClass that decides who yields when room is short."
  priority: int32? "The number behind priorityClassName; higher is more important. Filled in by the server."
  dnsConfig: PodDNSConfig "Name servers, search domains and options on top of those of dnsPolicy."
  readinessGates: [PodReadinessGate] atomic "Conditions beside the containers that must be True before the pod is Ready."
  runtimeClassName: string? "The RuntimeClass whose runtime runs the containers; the node's default when unset."
  enableServiceLinks: bool? "False leaves out the environment variables about Services of the namespace; true when unset."
  preemptionPolicy: string? "Whether pods of lower priority may be removed for this one: PreemptLowerPriority or Never."
  overhead: {quantity} "Resources the runtime itself needs for the pod; filled in from the RuntimeClass."
  topologySpreadConstraints: [TopologySpreadConstraint] keys(topologyKey,whenUnsatisfiable) "How evenly the pods are spread over zones, nodes or other domains."
  setHostnameAsFQDN: bool? "True makes the full name with subdomain the host name of the containers."
  os: PodOS "The operating system of the containers."
  hostUsers: bool? "False runs the containers in a user namespace of their own; true when unset."
  schedulingGates: [PodSchedulingGate] keys(name) "While one of these is left the pod is not placed on a node; they can only be taken away."
  resourceClaims: [PodResourceClaim] keys(name) retain-keys "Devices that are reserved before the pod may start."
  resources: ResourceRequirements "Requests and limits of the pod as a whole: cpu, memory and huge pages."
  hostnameOverride: string? "Host name inside the pod that wins over hostname and subdomain; at most 64 characters."
}
PodSecurityContext "Rights that all containers of a pod start with." {
  seLinuxOptions: SELinuxOptions "SELinux label of the processes; chosen by the runtime when unset."
  windowsOptions: WindowsSecurityContextOptions "Settings that only Windows knows; not together with os.name linux."
  runAsUser: int64? "Numeric user id of the processes; that of the image when unset."
  runAsGroup: int64? "Numeric primary group of the processes; that of the runtime when unset."
  runAsNonRoot: bool? "True refuses to start a container as user 0."
  supplementalGroups: [int64] atomic "Further numeric groups of the first process of each container."
  supplementalGroupsPolicy: string? "Whether groups of the image count too: Merge or Strict; Merge when unset."
  fsGroup: int64? "Numeric group that owns the files of volumes which allow it; containers are members of it."
  sysctls: [Sysctl] atomic "Kernel settings of the pod's namespaces."
  fsGroupChangePolicy: string? "When files are given to fsGroup: OnRootMismatch or Always; Always when unset."
  seccompProfile: SeccompProfile "The filter of system calls."
  appArmorProfile: AppArmorProfile "The AppArmor profile."
  seLinuxChangePolicy: string? "How volumes get their SELinux label: MountOption or Recursive."
}
SELinuxOptions "The parts of an SELinux label." {
  user: string "The user part of the label."
  role: string "The role part of the label."
  type: string "The type part of the label."
  level: string "The level part of the label."
}
WindowsSecurityContextOptions "Rights of Windows containers." {
  gmsaCredentialSpecName: string? "Name of the group managed account whose specification is used."
  gmsaCredentialSpec: string? "The specification of the group managed account itself."
  runAsUserName: string? "Name of the Windows user that runs the process."
  hostProcess: bool? "True runs the container with the rights of the host; then all containers of the pod do."
}
SeccompProfile "Which filter of system calls applies." {
  type: string required always "RuntimeDefault, Unconfined, or Localhost for a file on the node."
  localhostProfile: string? "File below the seccomp folder of the node; required with type Localhost and only then."
}
AppArmorProfile "Which AppArmor profile applies." {
  type: string required always "RuntimeDefault, Unconfined, or Localhost for a profile loaded on the node."
  localhostProfile: string? "Name of a profile that is loaded on the node; required with type Localhost and only then."
}
Sysctl "One kernel setting." {
  name: string required always "Name of the setting, with dots or slashes."
  value: string required always "Its value, as text."
}
LocalObjectReference atomic "An object of the same namespace, by name." {
  name: string default("") "Name of the object."
}
HostAlias "One line of /etc/hosts." {
  ip: string required always "The address."
  hostnames: [string] atomic "Host names that lead to it."
}
PodDNSConfig "What resolv.conf of the pod says on top of dnsPolicy." {
  nameservers: [string] atomic "Addresses of further name servers; at most 3 in all."
  searches: [string] atomic "Further search domains; at most 32 in all."
  options: [PodDNSConfigOption] atomic "Further resolver options; the same name replaces one of dnsPolicy."
}
PodDNSConfigOption "One option of the resolver." {
  name: string "Name of the option."
  value: string? "Value of the option, if it has one."
}
PodReadinessGate "A condition that readiness waits for." {
  conditionType: string required always "Type of a condition in status.conditions of the pod."
}
PodOS "The operating system a pod is for." {
  name: string required always "linux or windows."
}
PodSchedulingGate "Something that holds back the placement of a pod." {
  name: string required always "Name of the gate; unique in the list."
}
PodResourceClaim "A reservation of devices, by its own name or by the template it is made of." {
  name: string required always "Name by which containers refer to the claim; unique in the list."
  resourceClaimName: string? "A ResourceClaim of the namespace; exactly one of this and resourceClaimTemplateName."
  resourceClaimTemplateName: string? "A ResourceClaimTemplate from which the pod gets a claim of its own."
}
ResourceRequirements "Amounts that are reserved and that may be used at most." {
  limits: {quantity} "The most that may be used, by resource."
  requests: {quantity} "What is reserved, by resource; equal to the limit when unset."
  claims: [ResourceClaim] keys(name) "Claims of spec.resourceClaims that are used."
}
ResourceClaim "A use of one of the pod's claims." {
  name: string required always "Name of an entry of spec.resourceClaims."
  request: string "The one request of the claim that is meant; all of them when unset."
}
)";

}  // namespace canaria::api::schema
