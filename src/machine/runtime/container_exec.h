// Runs one command in the surroundings of a container: its environment, working directory, user and control group. Used by
// probes and hooks. The command is a child of this program, not of the shim: it dies with us.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "async/task.h"
#include "machine/container_runtime.h"
#include "machine/runtime/container_files.h"

namespace canaria::machine {

// `main`: the container's process, whose view of the file system it shares. Fails with kInvalid when there is no such program,
// with kTimeout when the limit was reached: then everything the command has started is killed. A process the command leaves
// behind in the background goes on.
Task<Result<ExecResult>> run_in_container(LaunchRecord record, pid_t main, std::vector<std::string> command, Millis limit);

}  // namespace canaria::machine
