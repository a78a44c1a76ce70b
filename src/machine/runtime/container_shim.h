// The supervisor of one container: a small process of its own, so that the container, its output and its exit code survive
// the death of the program that started it.
//
// It runs the container as its child, takes over orphans of it, writes its output to the log, rewrites the addresses it
// listens on, and records how it ended. It has one thread and a poll loop, no Asio and no network. The container does not
// outlive it: the kernel kills the main process with the shim, and the runtime kills the rest when it sees that.
#pragma once

#include <string>

namespace canaria::machine {

// Descriptors that a shim finds open.
inline constexpr int kShimReport = 3;  // a socket for one message: "running\n", "invalid\n<text>" or "unavailable\n<text>"
inline constexpr int kShimLock = 4;    // the lock file, locked with flock() since before the shim exists

// The life of a shim, in a process that is nothing else. Returns the container's exit code.
int run_shim(const std::string& folder);

}  // namespace canaria::machine
