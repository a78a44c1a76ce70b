// The door to what runs containers: processes of this machine (process_runtime.h) or podman (podman_runtime.h).
//
// A container is one run of one container of a pod: a restart is a new container with the next attempt number. Everything
// about a container is kept on disk by the runtime itself, so that after the death of this program the next one finds what
// still runs, and what has ended meanwhile with its exit code. Starting the same id twice is therefore harmless.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria::machine {

struct ContainerId {
  std::string pod_uid;
  std::string name;          // of the container in the pod; init containers too
  std::int32_t attempt = 0;  // 0 for the first run

  // "<pod_uid>/<name>/<attempt>"
  std::string text() const { return pod_uid + "/" + name + "/" + std::to_string(attempt); }
  auto operator<=>(const ContainerId&) const = default;
};

// A folder or file of this machine that the container sees at a path of its own.
struct ContainerMount {
  std::string source;  // absolute, without links
  std::string target;  // absolute, without a slash at its end; need not exist on the machine
  bool is_read_only = false;
};

struct ContainerSpec {
  ContainerSpec() = default;  // not an aggregate: g++ 12 mishandles those in co_await expressions
  ContainerId id;
  std::string namespace_;
  std::string pod_name;
  std::string image;
  std::vector<std::string> command;   // command and args, $(VAR) expanded; empty command fails in the process runtime
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string working_directory;      // empty: the runtime's choice
  std::string address;                // the pod's loopback address: what listens on 0.0.0.0 or :: listens there
  std::vector<ContainerMount> mounts;
  std::optional<std::int64_t> cpu_limit_millis;
  std::optional<std::int64_t> memory_limit_bytes;
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
};

enum class ContainerState {
  kRunning,
  kExited,
  kLost,  // it no longer runs and nobody saw it end (the machine was restarted)
};

struct ContainerStatus {
  ContainerStatus() = default;
  ContainerId id;
  ContainerState state = ContainerState::kRunning;
  std::string runtime_id;          // "process://12345", "podman://3f2a..."
  Time started_at;
  std::optional<Time> finished_at;
  int exit_code = 0;               // 128 + n when signal n ended it
  int signal = 0;
  std::string reason;              // "Completed", "Error", "OOMKilled", "ContainerCannotRun"
  std::string message;             // what went wrong, in words
};

struct ExecResult {
  int exit_code = 0;
  std::string output;  // standard output and error, cut at 10 KiB
};

class ContainerRuntime {
 public:
  virtual ~ContainerRuntime() = default;

  // Everything this runtime knows of, running or ended and not yet removed: what a new program takes over.
  virtual Task<Result<std::vector<ContainerStatus>>> list() = 0;
  // Starts it, or finds it started. Fails with kInvalid when it can never run (no command, no such program, no such
  // directory): the text is for the pod's status.
  virtual Task<Result<ContainerStatus>> start(ContainerSpec spec) = 0;
  // Returns when the container has ended; at once when it already has. Cancelling the wait leaves the container alone.
  virtual Task<Result<ContainerStatus>> wait(ContainerId id) = 0;
  // Sends a signal to the container's main process (SIGTERM), or to everything in it (SIGKILL).
  virtual Status signal(const ContainerId& id, int signal_number) = 0;
  // Runs a command in the container's environment (probes, hooks). kTimeout kills it.
  virtual Task<Result<ExecResult>> exec(ContainerId id, std::vector<std::string> command, Millis limit) = 0;
  // Forgets an ended container, its logs included. Unknown ids are fine.
  virtual Status remove(const ContainerId& id) = 0;
  // The log files, oldest first, in the CRI format: "<RFC 3339 nano> stdout F <line>".
  virtual std::vector<std::string> log_files(const ContainerId& id) const = 0;
};

}  // namespace canaria::machine
