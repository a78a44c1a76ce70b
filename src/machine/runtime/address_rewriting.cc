#include "machine/runtime/address_rewriting.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <linux/audit.h>
#include <linux/filter.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "machine/runtime/process_table.h"

namespace canaria::machine {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "the number of the bind system call is not known for this architecture"
#endif

#ifdef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
constexpr unsigned long kWaitKillable = SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
#else
constexpr unsigned long kWaitKillable = 1UL << 5;
#endif

std::vector<unsigned char> read_memory(pid_t thread, std::uint64_t address, std::size_t size) {
  std::vector<unsigned char> bytes(size);
  iovec here{bytes.data(), size};
  iovec there{reinterpret_cast<void*>(static_cast<std::uintptr_t>(address)), size};
  const ssize_t read = ::process_vm_readv(thread, &here, 1, &there, 1, 0);
  bytes.resize(read == static_cast<ssize_t>(size) ? size : 0);
  return bytes;
}

// The container's socket in this process.
OwnedDescriptor borrow_socket(pid_t thread, int number) {
  const OwnedDescriptor process(open_pidfd(process_of_thread(thread)));
  if (!process) return OwnedDescriptor();
  return OwnedDescriptor(static_cast<int>(::syscall(SYS_pidfd_getfd, process.get(), number, 0)));
}

int option(int socket, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  return ::getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
}

template <class Address>
std::optional<Address> as(const std::vector<unsigned char>& bytes) {
  Address address{};
  if (bytes.size() < sizeof address) return std::nullopt;
  std::memcpy(&address, bytes.data(), sizeof address);
  return address;
}

bool is_wildcard(const in6_addr& address) {
  const in6_addr mapped_any{{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0}}};
  return IN6_IS_ADDR_UNSPECIFIED(&address) || std::memcmp(&address, &mapped_any, sizeof address) == 0;
}

// Whether the socket is bound to exactly that: a signal may have made the program ask again for what was done already.
template <class Address>
bool is_bound_to(int socket, const Address& wanted) {
  Address actual{};
  socklen_t size = sizeof actual;
  return ::getsockname(socket, reinterpret_cast<sockaddr*>(&actual), &size) == 0 &&
         std::memcmp(&actual, &wanted, sizeof actual) == 0;
}

template <class Address>
int bind_to(int socket, const Address& address) {
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return 0;
  const int error = errno;
  return error == EINVAL && is_bound_to(socket, address) ? 0 : error;
}

}  // namespace

int install_bind_filter() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, kArchitecture, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  // Without a killable wait (Linux 5.19) every signal, and Go's runtime sends many, would repeat the bind.
  constexpr std::array<unsigned long, 2> kFlags{SECCOMP_FILTER_FLAG_NEW_LISTENER | kWaitKillable,
                                                SECCOMP_FILTER_FLAG_NEW_LISTENER};
  const auto install = [&filter](unsigned long flags) {
    return static_cast<int>(::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &filter));
  };
  int listener = -1;
  for (const unsigned long flags : kFlags) {
    listener = install(flags);
    if (listener < 0 && errno == EACCES) {  // not root: then programs may not become another user either
      if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -errno;
      listener = install(flags);
    }
    if (listener >= 0 || errno != EINVAL) break;
  }
  return listener >= 0 ? listener : -errno;
}

BindAnswer judge_bind(int domain, int type, bool is_ipv6_only, const std::vector<unsigned char>& address) {
  if (type != SOCK_STREAM && type != SOCK_DGRAM) return BindAnswer::kAsItIs;
  if (domain == AF_INET) {
    const auto wanted = as<sockaddr_in>(address);
    // Compat: Linux takes AF_UNSPEC for AF_INET when the address is the wildcard.
    if (!wanted || (wanted->sin_family != AF_INET && wanted->sin_family != AF_UNSPEC)) return BindAnswer::kAsItIs;
    const bool is_ours = wanted->sin_addr.s_addr == htonl(INADDR_ANY) && wanted->sin_port != 0;
    return is_ours ? BindAnswer::kPodAddress : BindAnswer::kAsItIs;
  }
  if (domain != AF_INET6) return BindAnswer::kAsItIs;
  const auto wanted = as<sockaddr_in6>(address);
  if (!wanted || wanted->sin6_family != AF_INET6 || !is_wildcard(wanted->sin6_addr) || wanted->sin6_port == 0)
    return BindAnswer::kAsItIs;
  return is_ipv6_only ? BindAnswer::kNowhere : BindAnswer::kPodAddress;
}

BindRewriter::BindRewriter(OwnedDescriptor listener, const std::string& pod_address) : listener_(std::move(listener)) {
  ::inet_pton(AF_INET, pod_address.c_str(), &pod_address_);
  seccomp_notif_sizes sizes{};
  if (::syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) sizes = {};
  request_.resize(std::max<std::size_t>(sizes.seccomp_notif, sizeof(seccomp_notif)));
  response_.resize(std::max<std::size_t>(sizes.seccomp_notif_resp, sizeof(seccomp_notif_resp)));
}

void BindRewriter::serve() {
  std::fill(request_.begin(), request_.end(), 0);
  if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_RECV, request_.data()) != 0) return;  // the program was killed meanwhile
  seccomp_notif request{};
  std::memcpy(&request, request_.data(), sizeof request);
  const Answer answered = answer(request);
  std::fill(response_.begin(), response_.end(), 0);
  seccomp_notif_resp response{};
  response.id = request.id;
  if (answered.is_ours) response.error = -answered.error;
  else response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  std::memcpy(response_.data(), &response, sizeof response);
  ::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_SEND, response_.data());
}

BindRewriter::Answer BindRewriter::answer(const seccomp_notif& request) const {
  // bind(socket, address, size)
  const auto thread = static_cast<pid_t>(request.pid);
  const std::uint64_t size = request.data.args[2];
  if (size < sizeof(sockaddr_in) || size > sizeof(sockaddr_storage)) return Answer();
  const auto address = read_memory(thread, request.data.args[1], static_cast<std::size_t>(size));
  if (address.empty()) return Answer();
  const OwnedDescriptor socket = borrow_socket(thread, static_cast<int>(request.data.args[0]));
  if (!socket) return Answer();
  // What was read is of the right process only if that process still waits.
  std::uint64_t id = request.id;
  if (::ioctl(listener_.get(), SECCOMP_IOCTL_NOTIF_ID_VALID, &id) != 0) return Answer();
  const int domain = option(socket.get(), SOL_SOCKET, SO_DOMAIN);
  const bool is_ipv6_only = domain == AF_INET6 && option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY) == 1;
  const BindAnswer judged = judge_bind(domain, option(socket.get(), SOL_SOCKET, SO_TYPE), is_ipv6_only, address);
  if (judged == BindAnswer::kAsItIs) return Answer();
  // The port is at the same place in both kinds of addresses.
  return bind_socket(socket.get(), domain, judged, as<sockaddr_in>(address)->sin_port);
}

BindRewriter::Answer BindRewriter::bind_socket(int socket, int domain, BindAnswer judged, std::uint16_t port) const {
  Answer result;
  result.is_ours = true;
  if (domain == AF_INET) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = port;
    address.sin_addr = pod_address_;
    result.error = bind_to(socket, address);
    return result;
  }
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  if (judged == BindAnswer::kNowhere) {
    address.sin6_addr = in6addr_loopback;
    result.error = bind_to(socket, address);
    return result;
  }
  address.sin6_port = port;
  address.sin6_addr.s6_addr[10] = 0xff;
  address.sin6_addr.s6_addr[11] = 0xff;
  std::memcpy(&address.sin6_addr.s6_addr[12], &pod_address_, sizeof pod_address_);
  result.error = bind_to(socket, address);
  return result;
}

}  // namespace canaria::machine
