// The container's own view of the file system: the machine's, with volumes mounted in it. A private mount namespace, made by
// root or, for everybody else, within a user namespace in which the user is the same.
//
// A mount point that the machine does not have appears in a copy of its nearest existing folder: a small file system in memory
// in which every entry is the original, bound. Nothing is ever created on the machine itself. What a program puts directly
// into such a copy is gone with the container, and what appears there on the machine later is not seen.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "base/result.h"
#include "machine/container_runtime.h"
#include "machine/runtime/descriptor.h"

namespace canaria::machine {

struct MountFailure {
  int mount = -1;  // which one; -1: the namespace could not be made
  int error = 0;   // errno; 0: all is well
};

// For a forked child of a process with one thread, before it becomes the program. `scratch`: an empty folder of its own.
MountFailure make_mount_view(const std::vector<ContainerMount>& mounts, const std::string& scratch);

// The text of a failure, with what to do about it.
std::string describe_mount_failure(const std::vector<ContainerMount>& mounts, const MountFailure& failure);

// The view of a process that runs, to be entered by others; empty descriptors where it is our own.
struct MountView {
  OwnedDescriptor user;
  OwnedDescriptor mounts;
};
MountView open_mount_view(pid_t process);
// Only system calls. 0 or an errno; -1 as a descriptor: nothing to enter.
int enter_mount_view(int user, int mounts);

// Where a path of the container is on the machine.
std::string path_on_machine(const std::vector<ContainerMount>& mounts, const std::string& path);

}  // namespace canaria::machine
