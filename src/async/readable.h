// Waits for a file descriptor of any kind to become readable: a pipe, a pidfd (its process has ended), an epoll set.
#pragma once

#include "async/task.h"

namespace canaria::async {

// Returns when the descriptor is readable or at its end; cancelling ends the wait. The descriptor stays the caller's, who
// keeps it open meanwhile. REQUIRES: nobody else waits for it; not a regular file.
Task<void> wait_readable(int descriptor);

}  // namespace canaria::async
