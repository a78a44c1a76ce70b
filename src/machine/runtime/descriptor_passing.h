// Sends small messages with file descriptors between the processes of a container: a datagram-like socket keeps them whole.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "machine/runtime/descriptor.h"

namespace canaria::machine {

struct SocketPair {
  OwnedDescriptor own;
  OwnedDescriptor other;
};
// Closed at exec, and only that; empty descriptors when the system has none left (errno).
SocketPair make_socket_pair();

// Returns 0 or an errno. At most four descriptors. Only system calls: also used between fork and exec.
int send_message(int socket, std::string_view bytes, const int* descriptors, std::size_t count);

struct PassedMessage {
  std::string bytes;
  std::vector<OwnedDescriptor> descriptors;
  bool is_end = false;  // the other side is closed
};
// Blocks when there is nothing yet.
PassedMessage receive_message(int socket);

}  // namespace canaria::machine
