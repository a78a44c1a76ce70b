// Everything that planning the life of one pod reads, as plain values: its object, what its containers are doing, what
// probes and hooks have said, and the time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/core/running_pod.h"
#include "base/time.h"

namespace canaria::plan {

enum class RunState { kRunning, kExited, kLost };

// One run of a container, as the runtime knows it.
struct ContainerRun {
  std::int32_t attempt = 0;
  RunState state = RunState::kRunning;
  std::string runtime_id;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::int32_t exit_code = 0;
  std::int32_t signal = 0;
  std::string reason;
  std::string message;
};

enum class HookState { kNotRun, kRunning, kSucceeded, kFailed };

// A stop that is under way: preStop, SIGTERM, and SIGKILL at the deadline.
struct Stopping {
  Time term_from;  // not before: what sends requests here has to notice first
  Time deadline;
  std::optional<Time> term_sent_at;
  std::optional<Time> kill_sent_at;
};

struct StartFailure {
  Time at;
  std::int32_t failures = 1;  // in a row
  std::string message;
};

// A liveness or startup probe has failed often enough.
struct ProbeDefeat {
  std::string probe;  // "liveness", "startup"
  std::optional<std::int64_t> grace_seconds;
};

struct ContainerFacts {
  std::optional<ContainerRun> run;  // the latest
  std::optional<ContainerRun> run_before;
  std::optional<StartFailure> start_failure;  // of the run that should follow
  std::int32_t restarts_in_a_row = 0;         // what the back-off grows with
  // About the latest run:
  std::optional<Stopping> stopping;
  HookState post_start = HookState::kNotRun;
  HookState pre_stop = HookState::kNotRun;
  std::string hook_message;      // why a hook failed
  bool startup_passed = false;   // only asked where there is a startup probe
  bool readiness_passed = false; // only asked where there is a readiness probe
  std::optional<ProbeDefeat> defeat;
};

struct ServiceFacts {
  struct Port {
    std::string name;
    std::int32_t port = 0;
    std::string protocol;
  };
  std::string name;
  std::string address;  // spec.clusterIP
  std::vector<Port> ports;
};

// What container environments refer to, in the pod's namespace. Pointers are null for what does not exist.
struct ConfigLookup {
  std::function<const api::StringMap*(const std::string&)> config_map;
  std::function<const api::StringMap*(const std::string&)> secret;
  // The binaryData of a ConfigMap, decoded; only volumes show it.
  std::function<const api::StringMap*(const std::string&)> binary_config_map;
  std::function<std::vector<ServiceFacts>()> services;
};

struct PodTiming {
  Millis first_back_off{10'000};
  Millis longest_back_off{300'000};
  Millis back_off_reset{600'000};  // a run that lasted this long starts the back-off anew
  // Between the moment a serving pod is to be stopped and SIGTERM: endpoints and proxies take it out meanwhile.
  Millis drain_delay{1'000};
};

// What has become of the pod's volumes, by name.
struct VolumeFacts {
  std::map<std::string, std::string> written;          // fingerprint of what the volume holds
  std::map<std::string, StartFailure> write_failures;  // of the latest attempts
  std::string told_trouble;                            // the last one that was told in an Event
};

struct PodSnapshot {
  Time now;
  std::shared_ptr<const api::RunningPod> pod;
  std::string pod_address;
  std::string host_address;
  std::int64_t node_cpu_millis = 0;
  std::int64_t node_memory_bytes = 0;
  std::map<std::string, ContainerFacts> containers;  // by name, init containers too
  VolumeFacts volumes;
  ConfigLookup lookup;
  PodTiming timing;
  // The node is shutting down: everything ends by then, nothing starts.
  std::optional<Time> stop_all_by;
};

}  // namespace canaria::plan
