// Whether somebody accepts TCP connections at an address: connects and hangs up.
#pragma once

#include <cstdint>
#include <string>

#include "async/task.h"
#include "base/result.h"
#include "base/time.h"

namespace canaria::net {

// Fails with kUnavailable and the system's reason ("dial tcp 127.0.0.1:80: connect: connection refused") or, after the
// limit, with kTimeout. The host is an IP address or "localhost"; names are not resolved.
Task<Status> tcp_connect(std::string host, std::uint16_t port, Millis limit);

}  // namespace canaria::net
