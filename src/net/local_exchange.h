// One question and its whole answer over a Unix socket: how programs on this machine take orders.
#pragma once

#include <string>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria::net {

// Connects to the socket at `path`, sends the text and returns everything until the peer closes. Fails with kUnavailable when
// nobody listens there or the answer is longer than 64 MiB, with kTimeout after the limit.
Task<Result<std::string>> local_exchange(std::string path, std::string text, Millis limit);

}  // namespace canaria::net
