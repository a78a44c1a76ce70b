// Containers of a pod: environment, ports, resources, probes, hooks, security. Quantities of containers are published
// without a type, as the reference does, so that numbers pass.
#include "api/schema/tables.h"

namespace canaria::api::schema {

const std::string_view kContainerTable = R"(
Container {
  name: string required always
  image: string
  command: [string] atomic
  args: [string] atomic
  workingDir: string
  ports: [ContainerPort] keys(containerPort,protocol)
  envFrom: [EnvFromSource] atomic
  env: [EnvVar] keys(name)
  resources: ContainerResources always
  resizePolicy: [ContainerResizePolicy] atomic
  restartPolicy: string?
  restartPolicyRules: [ContainerRestartRule] atomic
  volumeMounts: [VolumeMount] keys(mountPath)
  volumeDevices: [VolumeDevice] keys(devicePath)
  livenessProbe: Probe
  readinessProbe: Probe
  startupProbe: Probe
  lifecycle: Lifecycle
  terminationMessagePath: string
  terminationMessagePolicy: string
  imagePullPolicy: string
  securityContext: SecurityContext
  stdin: bool
  stdinOnce: bool
  tty: bool
}
EphemeralContainer {
  name: string required always
  image: string
  command: [string] atomic
  args: [string] atomic
  workingDir: string
  ports: [ContainerPort] keys(containerPort,protocol)
  envFrom: [EnvFromSource] atomic
  env: [EnvVar] keys(name)
  resources: ContainerResources always
  resizePolicy: [ContainerResizePolicy] atomic
  restartPolicy: string?
  restartPolicyRules: [ContainerRestartRule] atomic
  volumeMounts: [VolumeMount] keys(mountPath)
  volumeDevices: [VolumeDevice] keys(devicePath)
  livenessProbe: Probe
  readinessProbe: Probe
  startupProbe: Probe
  lifecycle: Lifecycle
  terminationMessagePath: string
  terminationMessagePolicy: string
  imagePullPolicy: string
  securityContext: SecurityContext
  stdin: bool
  stdinOnce: bool
  tty: bool
  targetContainerName: string
}
ContainerPort {
  name: string
  hostPort: int32
  containerPort: int32 required always
  protocol: string default("TCP")
  hostIP: string
}
EnvFromSource {
  prefix: string
  configMapRef: ConfigMapEnvSource
  secretRef: SecretEnvSource
}
ConfigMapEnvSource {
  name: string default("")
  optional: bool?
}
SecretEnvSource {
  name: string default("")
  optional: bool?
}
EnvVar {
  name: string required always
  value: string
  valueFrom: EnvVarSource
}
EnvVarSource {
  fieldRef: ObjectFieldSelector
  resourceFieldRef: ResourceFieldSelector
  configMapKeyRef: ConfigMapKeySelector
  secretKeyRef: SecretKeySelector
  fileKeyRef: FileKeySelector
}
ObjectFieldSelector atomic {
  apiVersion: string
  fieldPath: string required always
}
ResourceFieldSelector atomic {
  containerName: string
  resource: string required always
  divisor: quantity always
}
ConfigMapKeySelector atomic {
  name: string default("")
  key: string required always
  optional: bool?
}
SecretKeySelector atomic {
  name: string default("")
  key: string required always
  optional: bool?
}
FileKeySelector atomic {
  volumeName: string required always
  path: string required always
  key: string required always
  optional: bool? default(false)
}
ContainerResources {
  limits: {quantity} opaque
  requests: {quantity} opaque
  claims: [ResourceClaim] keys(name)
}
ContainerResizePolicy {
  resourceName: string required always
  restartPolicy: string required always
}
ContainerRestartRule {
  action: string required
  exitCodes: ContainerRestartRuleOnExitCodes
}
ContainerRestartRuleOnExitCodes {
  operator: string required
  values: [int32] set
}
VolumeMount {
  name: string required always
  readOnly: bool
  recursiveReadOnly: string?
  mountPath: string required always
  subPath: string
  mountPropagation: string?
  subPathExpr: string
}
VolumeDevice {
  name: string required always
  devicePath: string required always
}
Probe {
  exec: ExecAction
  httpGet: HTTPGetAction
  tcpSocket: TCPSocketAction
  grpc: GRPCAction
  initialDelaySeconds: int32
  timeoutSeconds: int32
  periodSeconds: int32
  successThreshold: int32
  failureThreshold: int32
  terminationGracePeriodSeconds: int64?
}
ExecAction {
  command: [string] atomic
}
HTTPGetAction {
  path: string
  port: int-or-string required always
  host: string
  scheme: string
  httpHeaders: [HTTPHeader] atomic
}
HTTPHeader {
  name: string required always
  value: string required always
}
TCPSocketAction {
  port: int-or-string required always
  host: string
}
GRPCAction {
  port: int32 required always
  service: string? always default("")
}
Lifecycle {
  postStart: LifecycleHandler
  preStop: LifecycleHandler
  stopSignal: string?
}
LifecycleHandler {
  exec: ExecAction
  httpGet: HTTPGetAction
  tcpSocket: TCPSocketAction
  sleep: SleepAction
}
SleepAction {
  seconds: int64 required always
}
SecurityContext {
  capabilities: Capabilities
  privileged: bool?
  seLinuxOptions: SELinuxOptions
  windowsOptions: WindowsSecurityContextOptions
  runAsUser: int64?
  runAsGroup: int64?
  runAsNonRoot: bool?
  readOnlyRootFilesystem: bool?
  allowPrivilegeEscalation: bool?
  procMount: string?
  seccompProfile: SeccompProfile
  appArmorProfile: AppArmorProfile
}
Capabilities {
  add: [string] atomic
  drop: [string] atomic
}
)";

}  // namespace canaria::api::schema
