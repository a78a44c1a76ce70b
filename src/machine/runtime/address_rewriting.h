// Gives every pod its own loopback address although its programs know nothing of it: a program that listens on 0.0.0.0 or
// [::] listens on the pod's address instead, so that the same port can be used by every pod.
//
// The container's process installs a seccomp filter that hands each bind() to the shim, which looks at the address and, when
// it is the wildcard with a fixed port, does the bind itself on the container's socket. Works for static programs and for
// everything the container starts. What is not rewritten:
// - a bind to a particular address (127.0.0.1 included), to port 0, of other families and of raw sockets;
// - a socket for IPv6 only: the pod has no IPv6 address, so it is bound where nobody reaches it. Programs that listen on
//   both families with two sockets (asyncio, nginx) would otherwise bind the pod's address twice.
// One trace is left: a signal whose handler is set without SA_RESTART can end a bind() with EINTR while the shim is busy.
#pragma once

#include <cstdint>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <optional>
#include <string>
#include <vector>

#include "machine/runtime/descriptor.h"

namespace canaria::machine {

// In the child, before exec; only system calls. Returns the listener or a negative errno. Needs Linux 5.5.
int install_bind_filter();

// What shall become of a bind.
enum class BindAnswer {
  kAsItIs,      // the kernel does it as the program asked
  kPodAddress,  // the same port at the pod's address
  kNowhere,     // some port of ::1
};
// Pure: by what was asked for. `address` is the sockaddr as the program wrote it.
BindAnswer judge_bind(int domain, int type, bool is_ipv6_only, const std::vector<unsigned char>& address);

class BindRewriter {
 public:
  // REQUIRES: pod_address is an IPv4 address in text.
  BindRewriter(OwnedDescriptor listener, const std::string& pod_address);

  int listener() const { return listener_.get(); }
  // Answers one waiting bind, if there is one. REQUIRES: the listener is readable.
  void serve();

 private:
  struct Answer {
    bool is_ours = false;
    int error = 0;
  };
  Answer answer(const seccomp_notif& request) const;
  Answer bind_socket(int socket, int domain, BindAnswer judged, std::uint16_t port) const;

  OwnedDescriptor listener_;
  in_addr pod_address_{};
  // Of the sizes this kernel uses, which may be larger than those we were compiled with.
  std::vector<unsigned char> request_;
  std::vector<unsigned char> response_;
};

}  // namespace canaria::machine
