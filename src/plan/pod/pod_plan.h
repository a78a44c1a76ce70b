// What the node does next for one pod: a list of actions in order, and when to look again. Semantics of the kubelet.
//
// plan_pod() is pure and total. A plan either acts on containers or writes: the status describes what has been done, so it
// is planned once nothing is left to do. The plan of an applied plan is empty. Only the pod's address is written first: a
// process must never run on an address that nobody would find again.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/core/event_type.h"
#include "base/result.h"
#include "plan/pod/pod_snapshot.h"
#include "plan/pod/volumes.h"

namespace canaria::plan {

// A container ready to be started: everything looked up and expanded.
struct ContainerLaunch {
  std::string name;
  std::int32_t attempt = 0;
  std::string image;
  std::vector<std::string> command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string working_directory;
  std::vector<LaunchMount> mounts;
  std::optional<std::int64_t> cpu_limit_millis;
  std::optional<std::int64_t> memory_limit_bytes;
  std::optional<std::int64_t> user;
  std::optional<std::int64_t> group;
};

// Makes the volume, or brings it up to date.
struct WriteVolume {
  VolumeContent content;
  std::string fingerprint;  // to be kept in VolumeFacts
};
// Why no container can start yet; to be kept in VolumeFacts and told in an Event.
struct TellVolumeTrouble {
  std::string message;
};
struct StartContainer {
  ContainerLaunch launch;
  std::int32_t restarts_in_a_row = 0;  // to be kept in ContainerFacts
};
// Notes that the container is being stopped; what that takes is planned from the note.
struct BeginStop {
  std::string container;
  Stopping stopping;
};
struct RunHook {
  enum class Kind { kPostStart, kPreStop };
  std::string container;
  Kind kind = Kind::kPostStart;
  Millis limit{0};  // of preStop: the rest of the grace period
};
struct SignalContainer {
  enum class Strength { kTerminate, kKill };
  std::string container;
  Strength strength = Strength::kTerminate;
};
struct RecordPodEvent {
  api::EventType type = api::EventType::kNormal;
  std::string reason;
  std::string message;
  std::string container;  // that it is about; empty: the pod
};
// Merge patch of the status subresource.
struct WritePodStatus {
  json::Value patch;
};
// Removes the object now, without a further grace period.
struct DeletePod {};

using PodAction = std::variant<StartContainer, BeginStop, RunHook, SignalContainer, RecordPodEvent, WritePodStatus, DeletePod,
                               WriteVolume, TellVolumeTrouble>;

struct PodPlan {
  std::vector<PodAction> actions;
  std::optional<Time> wake_at;
};

PodPlan plan_pod(const PodSnapshot& snapshot);

// One line for logs and tests: "start web #1", "event Normal Killing: Stopping container web".
std::string describe_pod_action(const PodAction& action);

}  // namespace canaria::plan
