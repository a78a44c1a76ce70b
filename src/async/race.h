// Two coroutines of which the first to end ends the other: an answer that streams and the client who may hang up meanwhile.
#pragma once

#include "async/task.h"

namespace canaria::async {

// Runs both; when one has ended, cancels the other, waits for it, and returns. Cancelling the caller cancels both. An
// exception other than the cancellation it caused itself goes on to the caller.
Task<void> race(Task<void> left, Task<void> right);

}  // namespace canaria::async
