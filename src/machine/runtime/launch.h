// Turning a forked child into a container's program (or a command run inside a container).
//
// All texts are prepared before the fork, because between fork and exec only system calls are allowed: the parent may have
// other threads and the child has a copy of their locks.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "machine/runtime/container_files.h"

namespace canaria::machine {

// What the child tells its parent through the channel before it becomes the program.
struct LaunchMessage {
  enum class Kind : int { kFilter, kNoFilter, kFailed };  // kFilter carries the listener's descriptor
  enum class Stage : int { kMount, kDirectory, kGroup, kUser, kExec };
  Kind kind = Kind::kFailed;
  Stage stage = Stage::kExec;
  int error = 0;
  int mount = -1;  // of kMount: which one
};

struct Launch {
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<std::string> programs;     // where it may be; the first that can be executed is taken
  std::string working_directory;
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
  AddressRewriting rewriting = AddressRewriting::kOff;
  // To be mounted by the child; REQUIRES: the parent has one thread.
  std::vector<ContainerMount> mounts;
  std::string scratch;  // an empty folder for that
  // Of a container that runs, to be entered by the child; -1: none.
  int user_namespace = -1;
  int mount_namespace = -1;
  // Descriptors of the parent; -1: none.
  int input = -1;
  int output = -1;
  int error = -1;
  int control_group = -1;  // of cgroup.procs, open for writing
  int channel = -1;        // a socket that is closed by exec
};

// A command in the surroundings of a container. Fails with kInvalid, in the words kubectl users know, when there is no such
// program or directory, or when this user may not become the wanted one.
Result<Launch> plan_launch(const ContainerSpec& spec, const std::vector<std::string>& command);

// The text for what the child reported as failed.
std::string describe_failure(const Launch& launch, const LaunchMessage& message);

// Forks; the child is its own session, dies with its parent and becomes the program. With a channel it reports there and
// waits for one byte before it runs; otherwise it says on its standard error what failed and exits with 126.
// Returns the pid, or kUnavailable.
Result<pid_t> fork_launch(const Launch& launch);

}  // namespace canaria::machine
