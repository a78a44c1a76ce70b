// Containers of a pod: environment, ports, resources, probes, hooks, security. Quantities of containers are published
// without a type, as the reference does, so that numbers pass.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kContainerTable = R"(
Container "One process of a pod: image, command, environment and rules." {
  name: string required always "Name of the container, a DNS label that is unique in the pod and cannot be changed."
  image: string "The image to run, with tag or digest."
  command: [string] atomic "The program and its first arguments, instead of the entrypoint of the image; $(NAME) is replaced from the environment."
  args: [string] atomic "Arguments of the program, instead of those of the image; $(NAME) is replaced from the environment."
  workingDir: string "Folder the program starts in; that of the image when unset."
  ports: [ContainerPort] keys(containerPort,protocol) "Ports the program listens on; for information and to give them names."
  envFrom: [EnvFromSource] atomic "ConfigMaps and Secrets whose keys become environment variables; env wins, then the last source."
  env: [EnvVar] keys(name) "Environment variables; a name that is there twice has its last value."
  resources: ContainerResources always "Amounts of cpu, memory and others that are reserved and allowed."
  resizePolicy: [ContainerResizePolicy] atomic "Whether the container restarts when its amounts change; it does not when unset."
  restartPolicy: string? "Overrides the pod's restartPolicy; Always turns an init container into one that keeps running beside the others."
  restartPolicyRules: [ContainerRestartRule] atomic "Rules by exit code that are asked before restartPolicy; the first that matches decides."
  volumeMounts: [VolumeMount] keys(mountPath) "Where volumes of the pod appear in the container."
  volumeDevices: [VolumeDevice] keys(devicePath) "Where block devices of the pod appear in the container."
  livenessProbe: Probe "The container is restarted when this probe fails."
  readinessProbe: Probe "The pod gets traffic only while this probe passes."
  startupProbe: Probe "The other probes wait until this one has passed; the container is restarted when it does not."
  lifecycle: Lifecycle "What is called after the start and before the stop."
  terminationMessagePath: string "File whose content becomes the message of the ended container; /dev/termination-log when unset."
  terminationMessagePolicy: string "Where that message comes from: File, or FallbackToLogsOnError for the end of the log as well; File when unset."
  imagePullPolicy: string "When the image is fetched: Always, IfNotPresent or Never; Always for the tag latest, else IfNotPresent."
  securityContext: SecurityContext "Rights of this container; they win over those of the pod."
  stdin: bool "True keeps standard input open; without it reading ends at once."
  stdinOnce: bool "True closes standard input after the first session that was attached."
  tty: bool "True gives the program a terminal; needs stdin."
}
EphemeralContainer "A container added to a running pod for debugging; it is never restarted and reserves nothing." {
  name: string required always "Name of the container, a DNS label that is unique in the pod and cannot be changed."
  image: string "The image to run, with tag or digest."
  command: [string] atomic "The program and its first arguments, instead of the entrypoint of the image; $(NAME) is replaced from the environment."
  args: [string] atomic "Arguments of the program, instead of those of the image; $(NAME) is replaced from the environment."
  workingDir: string "Folder the program starts in; that of the image when unset."
  ports: [ContainerPort] keys(containerPort,protocol) "Ports the program listens on; for information and to give them names."
  envFrom: [EnvFromSource] atomic "ConfigMaps and Secrets whose keys become environment variables; env wins, then the last source."
  env: [EnvVar] keys(name) "Environment variables; a name that is there twice has its last value."
  resources: ContainerResources always "Amounts of cpu, memory and others that are reserved and allowed."
  resizePolicy: [ContainerResizePolicy] atomic "Whether the container restarts when its amounts change; it does not when unset."
  restartPolicy: string? "Overrides the pod's restartPolicy; Always turns an init container into one that keeps running beside the others."
  restartPolicyRules: [ContainerRestartRule] atomic "Rules by exit code that are asked before restartPolicy; the first that matches decides."
  volumeMounts: [VolumeMount] keys(mountPath) "Where volumes of the pod appear in the container."
  volumeDevices: [VolumeDevice] keys(devicePath) "Where block devices of the pod appear in the container."
  livenessProbe: Probe "The container is restarted when this probe fails."
  readinessProbe: Probe "The pod gets traffic only while this probe passes."
  startupProbe: Probe "The other probes wait until this one has passed; the container is restarted when it does not."
  lifecycle: Lifecycle "What is called after the start and before the stop."
  terminationMessagePath: string "File whose content becomes the message of the ended container; /dev/termination-log when unset."
  terminationMessagePolicy: string "Where that message comes from: File, or FallbackToLogsOnError for the end of the log as well; File when unset."
  imagePullPolicy: string "When the image is fetched: Always, IfNotPresent or Never; Always for the tag latest, else IfNotPresent."
  securityContext: SecurityContext "Rights of this container; they win over those of the pod."
  stdin: bool "True keeps standard input open; without it reading ends at once."
  stdinOnce: bool "True closes standard input after the first session that was attached."
  tty: bool "True gives the program a terminal; needs stdin."
  targetContainerName: string "The container whose processes it can see; only its own when unset."
}
ContainerPort "A port on which a container listens." {
  name: string "Name of the port for Services and probes: at most 15 lower case letters, digits and dashes; unique in the pod."
  hostPort: int32 "Port of the node that leads here, 1 to 65535; with hostNetwork it equals containerPort."
  containerPort: int32 required always "The port, 1 to 65535."
  protocol: string default("TCP") "TCP, UDP or SCTP; TCP when unset."
  hostIP: string "Address of the node that hostPort is bound to."
}
EnvFromSource "All keys of a ConfigMap or of a Secret, as environment variables." {
  prefix: string "Text in front of each name."
  configMapRef: ConfigMapEnvSource "The ConfigMap."
  secretRef: SecretEnvSource "The Secret."
}
ConfigMapEnvSource "A ConfigMap whose keys become environment variables." {
  name: string default("") "Name of the ConfigMap in the namespace of the pod."
  optional: bool? "True starts the container also when the ConfigMap is missing."
}
SecretEnvSource "A Secret whose keys become environment variables." {
  name: string default("") "Name of the Secret in the namespace of the pod."
  optional: bool? "True starts the container also when the Secret is missing."
}
EnvVar "One environment variable." {
  name: string required always "Name of the variable."
  value: string "Its value, empty when unset; $(NAME) is replaced by variables above it, $$ stands for one dollar sign."
  valueFrom: EnvVarSource "Takes the value from somewhere else; not together with value."
}
EnvVarSource "Where the value of a variable comes from; exactly one of these." {
  fieldRef: ObjectFieldSelector "A field of the pod."
  resourceFieldRef: ResourceFieldSelector "An amount of resources of a container."
  configMapKeyRef: ConfigMapKeySelector "A key of a ConfigMap."
  secretKeyRef: SecretKeySelector "A key of a Secret."
  fileKeyRef: FileKeySelector "A variable in a file of a volume."
}
ObjectFieldSelector atomic "A field of the pod itself." {
  apiVersion: string "Version of the API the path is written for; v1 when unset."
  fieldPath: string required always "Path of the field, like metadata.name, metadata.labels['app'], status.podIP or spec.nodeName."
}
ResourceFieldSelector atomic "An amount of resources of a container." {
  containerName: string "The container; for environment variables the one they are in."
  resource: string required always "The amount: limits.cpu, requests.memory and so on."
  divisor: quantity always "The unit: the amount is divided by this and rounded up; 1 when unset."
}
ConfigMapKeySelector atomic "One key of a ConfigMap." {
  name: string default("") "Name of the ConfigMap."
  key: string required always "The key."
  optional: bool? "True leaves the variable out when the ConfigMap or the key is missing."
}
SecretKeySelector atomic "One key of a Secret." {
  name: string default("") "Name of the Secret."
  key: string required always "The key."
  optional: bool? "True leaves the variable out when the Secret or the key is missing."
}
FileKeySelector atomic "One variable of an environment file in a volume." {
  volumeName: string required always "The volume, an emptyDir, in which the file is."
  path: string required always "Path of the file inside the volume; relative and without dot-dot."
  key: string required always "Name of the variable in the file."
  optional: bool? default(false) "True leaves the variable out when the file or the key is missing."
}
ContainerResources "Amounts that a container reserves and may use at most." {
  limits: {quantity} opaque "The most the container may use, by resource (cpu, memory, ephemeral-storage ...)."
  requests: {quantity} opaque "What is reserved for the container, by resource; the limit when unset."
  claims: [ResourceClaim] keys(name) "Claims of the pod whose devices the container may use."
}
ContainerResizePolicy "What a change of one amount does to the running container." {
  resourceName: string required always "The resource: cpu or memory."
  restartPolicy: string required always "NotRequired or RestartContainer."
}
ContainerRestartRule "What happens after certain exit codes." {
  action: string required "Restart or RestartAllContainers."
  exitCodes: ContainerRestartRuleOnExitCodes "The exit codes the rule is for."
}
ContainerRestartRuleOnExitCodes "A set of exit codes." {
  operator: string required "In or NotIn."
  values: [int32] set "The exit codes, 0 to 255; at most 255 of them."
}
VolumeMount "Where a volume appears in a container." {
  name: string required always "Name of a volume of the pod."
  readOnly: bool "True forbids writing; false when unset."
  recursiveReadOnly: string? "Whether mounts below are read-only too: Disabled, IfPossible or Enabled; needs readOnly."
  mountPath: string required always "Path inside the container; unique in it and without a colon."
  subPath: string "Path inside the volume that is mounted instead of its root."
  mountPropagation: string? "Which later mounts are seen on the other side: None, HostToContainer or Bidirectional; None when unset."
  subPathExpr: string "Like subPath, with $(NAME) replaced from the environment; not together with subPath."
}
VolumeDevice "Where a block device appears in a container." {
  name: string required always "Name of a volume of the pod with a claim of volumeMode Block."
  devicePath: string required always "Path of the device inside the container."
}
Probe "A check of a container that is repeated: exactly one of exec, httpGet, tcpSocket and grpc." {
  exec: ExecAction "Passes when the command ends with exit code 0."
  httpGet: HTTPGetAction "Passes when the answer has a status from 200 to 399."
  tcpSocket: TCPSocketAction "Passes when a connection can be opened."
  grpc: GRPCAction "Passes when the gRPC health service answers SERVING."
  initialDelaySeconds: int32 "Seconds after the start of the container before the first check; 0 when unset."
  timeoutSeconds: int32 "Seconds after which a check without an answer has failed; 1 when unset."
  periodSeconds: int32 "Seconds between two checks; 10 when unset."
  successThreshold: int32 "Checks in a row that must pass after a failure; 1 when unset and always for liveness and startup."
  failureThreshold: int32 "Checks in a row that must fail before the probe counts as failed; 3 when unset."
  terminationGracePeriodSeconds: int64? "Seconds to stop after a failure, instead of those of the pod; not for readiness."
}
ExecAction "A command run inside the container, without a shell." {
  command: [string] atomic "The program and its arguments; the folder is the root of the container."
}
HTTPGetAction "An HTTP GET request." {
  path: string "Path of the request; / when unset."
  port: int-or-string required always "Number or name of a port of the container."
  host: string "Host to connect to; the address of the pod when unset."
  scheme: string "HTTP or HTTPS, which does not check the certificate; HTTP when unset."
  httpHeaders: [HTTPHeader] atomic "Further headers of the request."
}
HTTPHeader "A header of an HTTP request." {
  name: string required always "Name of the header; case does not matter."
  value: string required always "Value of the header."
}
TCPSocketAction "An attempt to open a TCP connection." {
  port: int-or-string required always "Number or name of a port of the container."
  host: string "Host to connect to; the address of the pod when unset."
}
GRPCAction "A call of the gRPC health service." {
  port: int32 required always "Number of the port."
  service: string? always default("") "Name of the service to ask about; the server as a whole when empty."
}
Lifecycle "Hooks of a container." {
  postStart: LifecycleHandler "Called right after the start; the container is killed when it fails."
  preStop: LifecycleHandler "Called before the signal to stop; the grace period runs meanwhile."
  stopSignal: string? "Signal that asks the container to stop, like SIGTERM; that of the image when unset. Needs spec.os.name."
}
LifecycleHandler "What a hook does; exactly one of these." {
  exec: ExecAction "Runs a command in the container."
  httpGet: HTTPGetAction "Sends an HTTP request."
  tcpSocket: TCPSocketAction "Accepted for old objects; always fails."
  sleep: SleepAction "Waits."
}
SleepAction "A pause." {
  seconds: int64 required always "How long to wait."
}
SecurityContext "Rights of one container." {
  capabilities: Capabilities "Linux capabilities that are added or taken away."
  privileged: bool? "True gives the container all rights of the node."
  seLinuxOptions: SELinuxOptions "SELinux label of the process."
  windowsOptions: WindowsSecurityContextOptions "Settings that only Windows knows."
  runAsUser: int64? "Numeric user id of the process; that of the image when unset."
  runAsGroup: int64? "Numeric primary group of the process."
  runAsNonRoot: bool? "True refuses to start the container as user 0."
  readOnlyRootFilesystem: bool? "True forbids writing outside of volumes."
  allowPrivilegeEscalation: bool? "False keeps the process from getting more rights than its parent has."
  procMount: string? "How /proc is mounted: Default, or Unmasked, which needs hostUsers false."
  seccompProfile: SeccompProfile "The filter of system calls."
  appArmorProfile: AppArmorProfile "The AppArmor profile."
}
Capabilities "Linux capabilities on top of, or away from, those of the runtime." {
  add: [string] atomic "Capabilities to add."
  drop: [string] atomic "Capabilities to take away; ALL for every one."
}
)";

}  // namespace canaria::api::schema
