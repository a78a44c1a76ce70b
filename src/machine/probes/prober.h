// One question to a container: an HTTP request, a TCP connection or a command, for probes and lifecycle hooks.
//
// HTTP goes to the pod's address without proxies, certificates unchecked and connections closed at once, as the kubelet
// does it. Questions to grpc services are refused. How often and with what consequence one asks is in probe_rounds.h.
#pragma once

#include <string>
#include <vector>

#include "api/core/running_pod.h"
#include "machine/container_runtime.h"
#include "ports/http_client.h"

namespace canaria::machine {

struct ProbeTarget {
  ProbeTarget() = default;
  ContainerId id;
  std::string address;  // the pod's
  std::vector<api::ContainerPort> ports;
};

class Prober {
 public:
  Prober(HttpClient& http, ContainerRuntime& runtime);

  // Success when the container has answered as it should; the error's message is what an Event says after
  // "Readiness probe failed: ".
  Task<Status> ask(api::Probe probe, ProbeTarget target);
  Task<Status> run_hook(api::LifecycleHook hook, ProbeTarget target, Millis limit);

 private:
  Task<Status> ask_http(api::HttpGetAction action, ProbeTarget target, Millis limit);
  Task<Status> ask_tcp(api::TcpSocketAction action, ProbeTarget target, Millis limit);
  Task<Status> ask_command(api::ExecAction action, ProbeTarget target, Millis limit);

  HttpClient& http_;
  ContainerRuntime& runtime_;
  std::shared_ptr<const HttpPeer> peer_;
};

}  // namespace canaria::machine
