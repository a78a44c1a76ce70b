// A Pod as the node that runs it sees it: every field of the spec that has an effect here, and the whole status it writes.
//
// Reading is tolerant (json/codec.h); whether the object is well formed has been judged by the API server. Fields that no
// runtime of this program honours (affinity, tolerations, DNS ...) are left out.
#pragma once

#include <cstdint>

#include "api/core/pod_volumes.h"
#include "api/meta/object_meta.h"
#include "json/value.h"

namespace canaria::api {

// ---- spec

struct ContainerPort {
  std::string name;
  std::int32_t containerPort = 0;
  std::string protocol;
};
BOOST_DESCRIBE_STRUCT(ContainerPort, (), (name, containerPort, protocol))

// A key of a ConfigMap or Secret; without key the whole object.
struct ContentRef {
  std::string name;
  std::string key;
  bool optional = false;
};
BOOST_DESCRIBE_STRUCT(ContentRef, (), (name, key, optional))

struct EnvValueSource {
  std::optional<PodFieldRef> fieldRef;
  std::optional<ContainerResourceRef> resourceFieldRef;
  std::optional<ContentRef> configMapKeyRef;
  std::optional<ContentRef> secretKeyRef;
};
BOOST_DESCRIBE_STRUCT(EnvValueSource, (), (fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef))

struct EnvVariable {
  std::string name;
  std::string value;
  std::optional<EnvValueSource> valueFrom;
};
BOOST_DESCRIBE_STRUCT(EnvVariable, (), (name, value, valueFrom))

struct EnvFromSource {
  std::string prefix;
  std::optional<ContentRef> configMapRef;
  std::optional<ContentRef> secretRef;
};
BOOST_DESCRIBE_STRUCT(EnvFromSource, (), (prefix, configMapRef, secretRef))

struct ProbeHeader {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(ProbeHeader, (), (name, value))

struct HttpGetAction {
  std::string path;
  json::Value port;    // a number, or the name of a port of the container
  std::string host;    // empty: the pod's address
  std::string scheme;  // "HTTP" (also when empty) or "HTTPS"
  std::vector<ProbeHeader> httpHeaders;
};
BOOST_DESCRIBE_STRUCT(HttpGetAction, (), (path, port, host, scheme, httpHeaders))

struct TcpSocketAction {
  json::Value port;
  std::string host;
};
BOOST_DESCRIBE_STRUCT(TcpSocketAction, (), (port, host))

struct ExecAction {
  std::vector<std::string> command;
};
BOOST_DESCRIBE_STRUCT(ExecAction, (), (command))

struct SleepAction {
  std::int64_t seconds = 0;
};
BOOST_DESCRIBE_STRUCT(SleepAction, (), (seconds))

struct Probe {
  std::optional<HttpGetAction> httpGet;
  std::optional<TcpSocketAction> tcpSocket;
  std::optional<ExecAction> exec;
  json::Value grpc;  // set: refused
  std::int32_t initialDelaySeconds = 0;
  std::int32_t timeoutSeconds = 1;
  std::int32_t periodSeconds = 10;
  std::int32_t successThreshold = 1;
  std::int32_t failureThreshold = 3;
  std::optional<std::int64_t> terminationGracePeriodSeconds;
};
BOOST_DESCRIBE_STRUCT(Probe, (),
                      (httpGet, tcpSocket, exec, grpc, initialDelaySeconds, timeoutSeconds, periodSeconds, successThreshold,
                       failureThreshold, terminationGracePeriodSeconds))

struct LifecycleHook {
  std::optional<ExecAction> exec;
  std::optional<HttpGetAction> httpGet;
  std::optional<SleepAction> sleep;
};
BOOST_DESCRIBE_STRUCT(LifecycleHook, (), (exec, httpGet, sleep))

struct Lifecycle {
  std::optional<LifecycleHook> postStart;
  std::optional<LifecycleHook> preStop;
};
BOOST_DESCRIBE_STRUCT(Lifecycle, (), (postStart, preStop))

struct ResourceNeeds {
  std::map<std::string, json::Value> limits;  // quantities: texts, or numbers as people write them
  std::map<std::string, json::Value> requests;
};
BOOST_DESCRIBE_STRUCT(ResourceNeeds, (), (limits, requests))

struct RunAs {
  std::optional<std::int64_t> runAsUser;
  std::optional<std::int64_t> runAsGroup;
};
BOOST_DESCRIBE_STRUCT(RunAs, (), (runAsUser, runAsGroup))

struct Container {
  std::string name;
  std::string image;
  std::vector<std::string> command;
  std::vector<std::string> args;
  std::string workingDir;
  std::vector<ContainerPort> ports;
  std::vector<EnvVariable> env;
  std::vector<EnvFromSource> envFrom;
  ResourceNeeds resources;
  std::vector<VolumeMount> volumeMounts;
  std::optional<Probe> livenessProbe;
  std::optional<Probe> readinessProbe;
  std::optional<Probe> startupProbe;
  Lifecycle lifecycle;
  RunAs securityContext;
  std::string restartPolicy;  // of an init container: "Always" makes it a sidecar
};
BOOST_DESCRIBE_STRUCT(Container, (),
                      (name, image, command, args, workingDir, ports, env, envFrom, resources, volumeMounts, livenessProbe,
                       readinessProbe, startupProbe, lifecycle, securityContext, restartPolicy))

struct ReadinessGate {
  std::string conditionType;
};
BOOST_DESCRIBE_STRUCT(ReadinessGate, (), (conditionType))

struct RunningPodSpec {
  std::string nodeName;
  std::string restartPolicy = "Always";
  std::string serviceAccountName;
  std::string hostname;
  std::int64_t terminationGracePeriodSeconds = 30;
  std::optional<std::int64_t> activeDeadlineSeconds;
  bool enableServiceLinks = true;
  bool hostNetwork = false;
  std::vector<Container> initContainers;
  std::vector<Container> containers;
  std::vector<Volume> volumes;
  std::vector<ReadinessGate> readinessGates;
  RunAs securityContext;
};
BOOST_DESCRIBE_STRUCT(RunningPodSpec, (),
                      (nodeName, restartPolicy, serviceAccountName, hostname, terminationGracePeriodSeconds,
                       activeDeadlineSeconds, enableServiceLinks, hostNetwork, initContainers, containers, volumes,
                       readinessGates, securityContext))

// ---- status

struct WaitingState {
  std::string reason;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(WaitingState, (), (reason, message))

struct RunningState {
  std::optional<Time> startedAt;
};
BOOST_DESCRIBE_STRUCT(RunningState, (), (startedAt))

struct TerminatedState {
  std::optional<std::int32_t> exitCode;  // always written, also when zero
  std::int32_t signal = 0;
  std::string reason;
  std::string message;
  std::optional<Time> startedAt;
  std::optional<Time> finishedAt;
  std::string containerID;
};
BOOST_DESCRIBE_STRUCT(TerminatedState, (), (exitCode, signal, reason, message, startedAt, finishedAt, containerID))

struct ContainerStateChoice {
  std::optional<WaitingState> waiting;
  std::optional<RunningState> running;
  std::optional<TerminatedState> terminated;
};
BOOST_DESCRIBE_STRUCT(ContainerStateChoice, (), (waiting, running, terminated))

struct ContainerStatusEntry {
  std::string name;
  ContainerStateChoice state;
  ContainerStateChoice lastState;
  std::optional<bool> ready;                  // these three are always written
  std::optional<std::int32_t> restartCount;
  std::optional<bool> started;
  std::string image;
  std::string imageID;
  std::string containerID;
};
BOOST_DESCRIBE_STRUCT(ContainerStatusEntry, (),
                      (name, state, lastState, ready, restartCount, image, imageID, containerID, started))

struct RunningPodCondition {
  std::string type;
  std::string status;
  std::optional<Time> lastProbeTime;
  std::optional<Time> lastTransitionTime;
  std::string reason;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(RunningPodCondition, (), (type, status, lastProbeTime, lastTransitionTime, reason, message))

struct PodAddress {
  std::string ip;
};
BOOST_DESCRIBE_STRUCT(PodAddress, (), (ip))

struct RunningPodStatus {
  std::string phase;
  std::vector<RunningPodCondition> conditions;
  std::string message;
  std::string reason;
  std::string hostIP;
  std::vector<PodAddress> hostIPs;
  std::string podIP;
  std::vector<PodAddress> podIPs;
  std::optional<Time> startTime;
  std::vector<ContainerStatusEntry> initContainerStatuses;
  std::vector<ContainerStatusEntry> containerStatuses;
  std::string qosClass;
};
BOOST_DESCRIBE_STRUCT(RunningPodStatus, (),
                      (phase, conditions, message, reason, hostIP, hostIPs, podIP, podIPs, startTime, initContainerStatuses,
                       containerStatuses, qosClass))

struct RunningPod {
  ObjectMeta metadata;
  // From metadata; zero: only finalizers keep the object.
  std::optional<std::int64_t> deletion_grace_seconds;
  RunningPodSpec spec;
  RunningPodStatus status;

  bool is_finished() const { return status.phase == "Succeeded" || status.phase == "Failed"; }
};

// Annotations that only kubectl reads are dropped.
RunningPod parse_running_pod(const json::Value& object);

// A quantity as text, whichever way it was written.
std::string quantity_text(const json::Value& value);

}  // namespace canaria::api
